import { useSignal } from "@preact/signals";
import { now } from "../../clock";
import { moment } from "../../time";
import { attempt } from "../store/actions";
import { say } from "../store/toasts";
import { readPolicy, savePolicy, tryPolicy, type Policy } from "../store/training";
import { t, type Word } from "../words";
import { Gate } from "./gate";
import { NotLoaded, useLoaded } from "./loaded";
import { percent, plain } from "./share";

/** What each value may be: an <input>'s bounds. */
const bounds = {
  missed_emergency: { min: 0.1, max: 1000, step: "any" },
  most_false_alarms: { min: 0.001, max: 1, step: "any" },
  missed_handoff: { min: 0.1, max: 1000, step: "any" },
  missed_hurry: { min: 0.1, max: 1000, step: "any" },
  missed_question: { min: 0.1, max: 1000, step: "any" },
  give_up_after: { min: 1, max: 5, step: 1 },
  give_up_after_top_tier: { min: 1, max: 5, step: 1 },
  many_questions: { min: 2, max: 9, step: 1 },
} as const;
const names = Object.keys(bounds) as (keyof typeof bounds)[];

/** The cost table: changed only after its effect on past conversations was shown. */
export function PolicyTable() {
  const policy = useSignal<Policy | null>(null);
  const values = useSignal<Record<string, number>>({});
  const take = (read: Policy) => {
    policy.value = read;
    values.value = read.values;
  };
  const { failed, again } = useLoaded(async () => take(await readPolicy()));
  if (!policy.value) return <NotLoaded failed={failed} again={again} />;
  const { version, delivered, history } = policy.value;
  const now_ = values.value;
  const alarm = worthIt(now_.missed_emergency);
  const person = worthIt(now_.missed_handoff);

  async function save(): Promise<void> {
    take(await savePolicy(values.peek(), version));
    say(t("policy_saved"), "good");
  }

  return (
    <>
      <p class="muted">{t("policy_lead")}</p>
      <form class="policy" onSubmit={(event) => event.preventDefault()}>
        {names.map((name) => (
          <label key={name}>
            {t(`policy_${name}` as Word)}
            <input
              type="number"
              {...bounds[name]}
              value={now_[name]}
              onInput={(event) => (values.value = { ...values.peek(), [name]: event.currentTarget.valueAsNumber })}
            />
          </label>
        ))}
        <p>{t("policy_alarm_from", { percent: percent(alarm) })}</p>
        <p>{t("policy_person_from", { percent: percent(person) })}</p>
        <button type="button" class="button" onClick={() => (values.value = delivered)}>
          {t("policy_delivered")}
        </button>
      </form>
      <Gate
        key={JSON.stringify(now_)}
        title={t("gate")}
        lead={t("gate_lead")}
        word={t("policy_try")}
        attempt={() => tryPolicy(now_)}
        action={{ word: t("policy_save"), run: () => attempt(save) }}
        closed={null}
      />
      <h2>{t("policy_history")}</h2>
      {history.length === 0 && <p class="none">{t("policy_nobody")}</p>}
      <ol class="model-history">
        {history.map((saved, at) => (
          <li key={saved.version}>
            <time dateTime={saved.at}>{moment(saved.at, now.peek())}</time>
            <span>{changes(saved.values, history[at + 1]?.values, delivered).join(" · ")}</span>
            <span class="muted">{saved.by}</span>
          </li>
        ))}
      </ol>
    </>
  );
}

/** What was changed from one version to the next: "name: 2 → 3". What a version leaves out is as delivered. */
function changes(
  after: Record<string, number>,
  before: Record<string, number> | undefined,
  delivered: Record<string, number>,
): string[] {
  const told = names.map((name) => ({
    name,
    old: before?.[name] ?? delivered[name] ?? 0,
    new: after[name] ?? delivered[name] ?? 0,
  }));
  return told
    .filter((value) => value.old !== value.new)
    .map((value) => `${t(`policy_${value.name}` as Word)}: ${plain(value.old)} → ${plain(value.new)}`);
}

/** The probability from which acting pays: acting in vain costs 1. */
function worthIt(cost: number | undefined): number | null {
  return cost ? 1 / (1 + cost) : null;
}
