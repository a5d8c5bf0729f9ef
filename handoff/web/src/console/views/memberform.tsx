import { useSignal } from "@preact/signals";
import { changeMember, type AccountPage, type Member } from "../store/accounts";
import { say } from "../store/toasts";
import { coded, t } from "../words";
import { Form } from "./form";

const roles = ["fitter", "site manager", "purchasing", "accounting", "management"];

/** What somebody does at a company, and whether they still do. */
export function MemberForm({ page, member, done }: { page: AccountPage; member: Member; done: () => void }) {
  const chosen = useSignal<readonly string[]>(member.roles);
  const active = useSignal(member.active);

  async function save() {
    await changeMember(page.id, member.id, [...chosen.value], active.value);
    say(t("saved"), "good");
    done();
  }

  const toggle = (role: string, on: boolean) =>
    (chosen.value = on ? [...chosen.value, role] : chosen.value.filter((other) => other !== role));

  return (
    <Form word={t("save")} save={save}>
      <fieldset class="checks">
        <legend>{t("roles")}</legend>
        {roles.map((role) => (
          <label key={role} class="check">
            <input
              type="checkbox"
              checked={chosen.value.includes(role)}
              onChange={(event) => toggle(role, event.currentTarget.checked)}
            />
            {coded("as_", role)}
          </label>
        ))}
      </fieldset>
      <label class="check">
        <input type="checkbox" checked={active} onChange={(event) => (active.value = event.currentTarget.checked)} />
        {t("still_there")}
      </label>
    </Form>
  );
}
