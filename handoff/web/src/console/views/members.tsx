import { useSignal } from "@preact/signals";
import type { Member } from "../store/accounts";
import { roleNames, t } from "../words";
import { Phone } from "./account";
import { Part } from "./part";

/** As many as fit without scrolling past everything else. */
const few = 12;

/** The people of a company, those who have left at the end. */
export function Members({ people, edit }: { people: readonly Member[]; edit: (member: Member) => void }) {
  const all = useSignal(false);
  const sorted = [...people].sort((a, b) => Number(b.active) - Number(a.active));
  const listed = all.value ? sorted : sorted.slice(0, few);
  return (
    <Part title={t("people")}>
      <ul class="people">
        {listed.map((member) => (
          <li key={member.id} class={member.active ? "" : "left"}>
            <span class="person-line">
              <strong dir="auto">{member.name}</strong>
              <button class="button small" aria-label={t("edit_person", { name: member.name })} onClick={() => edit(member)}>
                {t("edit")}
              </button>
            </span>
            <small>{member.active ? roleNames(member.roles) : t("left_company")}</small>
            {member.phone && member.active && <Phone phone={member.phone} />}
          </li>
        ))}
      </ul>
      {listed.length < people.length && (
        <button class="button small" onClick={() => (all.value = true)}>
          {t("show_everybody", { count: people.length })}
        </button>
      )}
    </Part>
  );
}
