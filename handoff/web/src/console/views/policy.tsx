import { useSignal } from "@preact/signals";
import { now } from "../../clock";
import { moment } from "../../time";
import { attempt } from "../store/actions";
import { say } from "../store/toasts";
import { readPolicy, savePolicy, tryPolicy, type Policy } from "../store/training";
import { t, type Word } from "../words";
import { Gate } from "./gate";
import { NotLoaded, useLoaded } from "./loaded";
import { percent } from "./share";

const names = ["missed_emergency", "needless_alarm", "missed_person", "needless_handoff", "give_up_after"] as const;

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
  const alarm = share(now_.needless_alarm, now_.missed_emergency);
  const person = share(now_.needless_handoff, now_.missed_person);

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
              min={name === "give_up_after" ? 1 : 0.1}
              max={name === "give_up_after" ? 5 : 1000}
              step={name === "give_up_after" ? 1 : "any"}
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
        {history.map((saved) => (
          <li key={saved.version}>
            <time dateTime={saved.at}>{moment(saved.at, now.peek())}</time>
            <span>{names.map((name) => saved.values[name]).join(" · ")}</span>
            <span class="muted">{saved.by}</span>
          </li>
        ))}
      </ol>
    </>
  );
}

function share(needless: number | undefined, missed: number | undefined): number | null {
  return needless && missed ? needless / (needless + missed) : null;
}
