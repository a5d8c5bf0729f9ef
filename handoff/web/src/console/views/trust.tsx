import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { now } from "../../clock";
import type { Card, Panel } from "../../shapes";
import { moment } from "../../time";
import { attempt } from "../store/actions";
import { say } from "../store/toasts";
import { changeTrust, invite, readTrust, type Invited, type Trust } from "../store/trust";
import { coded, t, type Word } from "../words";
import { Dialog } from "./dialog";
import { Form } from "./form";
import { Part } from "./part";

/** How far whoever writes is trusted, with ways to change that and to invite somebody of the company. */
export function TrustPart({ card, panel }: { card: Card; panel: Panel }) {
  const open = useSignal<"level" | "invitation" | null>(null);
  const close = () => (open.value = null);
  return (
    <Part title={t("trust")}>
      <p>{t(`trust_${card.who.trust}_hint` as Word)}</p>
      <div class="trust-actions">
        <button class="button" onClick={() => (open.value = "level")}>
          {t("trust_change")}
        </button>
        <button class="button" onClick={() => (open.value = "invitation")}>
          {t("invite")}
        </button>
      </div>
      <Dialog open={open.value === "level"} title={t("trust_change")} onClose={close}>
        <LevelForm card={card} panel={panel} done={close} />
      </Dialog>
      <Dialog open={open.value === "invitation"} title={t("invite")} onClose={close}>
        <InvitationForm panel={panel} />
      </Dialog>
    </Part>
  );
}

function LevelForm({ card, panel, done }: { card: Card; panel: Panel; done: () => void }) {
  const level = useSignal(String(card.who.trust));
  const person = useSignal("");
  const reason = useSignal("");
  const known = useSignal<Trust | null>(null);
  useEffect(() => {
    void attempt(async () => {
      known.value = await readTrust(card.id);
    });
  }, [card.id]);
  const member = panel.people.find(({ id }) => String(id) === person.value);
  const highest = member ? highestOf(member.roles) : (known.value?.highest ?? 0);

  async function save() {
    await changeTrust(card.id, Number(level.value), reason.value, person.value ? Number(person.value) : null);
    say(t("saved"), "good");
    done();
  }

  return (
    <Form word={t("save")} save={save}>
      {known.value ? <Standing trust={known.value} /> : <p class="muted">{t("loading")}</p>}
      <label>
        {t("trust_level")}
        <select value={level} onChange={(event) => (level.value = event.currentTarget.value)}>
          {[0, 1, 2, 3, 4].map((step) => (
            <option key={step} value={String(step)} disabled={step > highest}>
              {`${step} · ${t(`trust_${step}` as Word)}`}
            </option>
          ))}
        </select>
      </label>
      <Person panel={panel} none={card.who.name ?? t("unknown_person")} chosen={person} />
      <label>
        {t("trust_reason")}
        <input
          required
          maxLength={300}
          value={reason}
          onInput={(event) => (reason.value = event.currentTarget.value)}
        />
      </label>
    </Form>
  );
}

/** How far a member of the company can be trusted: to the end only with a role that decides. */
function highestOf(roles: string[]): number {
  return roles.includes("management") || roles.includes("purchasing") ? 4 : 3;
}

/** What proves the level now, and what it unlocks. */
function Standing({ trust }: { trust: Trust }) {
  const until = trust.until ? ` (${t("trust_until", { when: moment(trust.until, now.peek()) })})` : "";
  return (
    <div class="muted">
      <p>{`${coded("evidence_", trust.evidence)}${until}`}</p>
      <p>{t("trust_unlocks", { what: trust.unlocks.map((what) => coded("unlocks_", what)).join(", ") })}</p>
    </div>
  );
}

function InvitationForm({ panel }: { panel: Panel }) {
  const person = useSignal("");
  const made = useSignal<Invited | null>(null);

  async function make() {
    made.value = await invite(panel.id, person.value ? Number(person.value) : null);
  }

  return (
    <Form word={t("invite_make")} save={make}>
      <p class="muted">{t("invite_hint")}</p>
      <Person panel={panel} none={t("somebody_new")} chosen={person} />
      {made.value && (
        <label>
          {t("invite_link", { when: moment(made.value.expires_at, now.peek()) })}
          <input readOnly value={made.value.link} onFocus={(event) => event.currentTarget.select()} />
        </label>
      )}
    </Form>
  );
}

function Person({ panel, none, chosen }: { panel: Panel; none: string; chosen: { value: string } }) {
  return (
    <label>
      {t("person")}
      <select value={chosen.value} onChange={(event) => (chosen.value = event.currentTarget.value)}>
        <option value="">{none}</option>
        {panel.people
          .filter((member) => member.active)
          .map((member) => (
            <option key={member.id} value={String(member.id)}>
              {member.name}
            </option>
          ))}
      </select>
    </label>
  );
}
