import { now } from "../../clock";
import type { Training } from "../../shapes";
import { moment } from "../../time";
import { linkTo } from "../route";
import { sentence } from "../sentence";
import { attempt } from "../store/actions";
import { cancelTraining, loadTraining, overview, startTraining, type Version } from "../store/training";
import { t, type Word } from "../words";
import { NotLoaded, useLoaded } from "./loaded";
import { Rollback } from "./rollback";
import { percent } from "./share";

/** What answers, what is being trained, and every version with its figures. */
export function Models() {
  const { failed, again } = useLoaded(loadTraining);
  const found = overview.value;
  if (!found) return <NotLoaded failed={failed} again={again} />;
  const [training] = found.trainings;
  const running = training?.state === "waiting" || training?.state === "running";
  return (
    <>
      <section class="model-now">
        <div>
          <h2>{t("models_live")}</h2>
          <p class="model-name">{found.live ?? t("models_none")}</p>
          <p class="muted">{t("models_lead")}</p>
        </div>
        <div class="model-actions">
          <button class="button primary" disabled={running} onClick={() => void attempt(startTraining)}>
            {t("models_train")}
          </button>
          {found.rollback_to && (
            <Rollback key={found.rollback_to} version={found.rollback_to} />
          )}
        </div>
      </section>
      {found.untrained && !running && <p class="hint">{t("models_untrained")}</p>}
      {training && <TrainingLine training={training} />}
      <h2>{t("models_versions")}</h2>
      <Versions versions={found.versions} />
      {found.promotions.length > 0 && (
        <>
          <h2>{t("models_history")}</h2>
          <ol class="model-history">
            {found.promotions.map(({ version, kind, lost, by, at }) => (
              <li key={at}>
                <time dateTime={at}>{moment(at, now.peek())}</time>
                <span>{version}</span>
                <span class="muted">
                  {t(`kind_${kind}` as Word)}
                  {by && `, ${by}`}
                  {lost > 0 && `, ${t("models_lost", { count: lost })}`}
                </span>
              </li>
            ))}
          </ol>
        </>
      )}
    </>
  );
}

/** The newest training: how far it is, or how it ended. */
function TrainingLine({ training }: { training: Training }) {
  const { state, progress, problem, step, version } = training;
  const running = state === "waiting" || state === "running";
  const known = problem === "lost" || problem === "stopped";
  return (
    <section class={`training-line ${state}`} role="status">
      <p>
        <strong>{t(`training_state_${state}` as Word)}</strong>
        {state === "running" && step && <span class="muted">{t(`step_${step}` as Word)}</span>}
        {state === "done" && version && (
          <a class="link" href={linkTo("training", `models:${version}`)}>
            {version}
          </a>
        )}
        {problem && <span class="problem">{known ? t(`problem_${problem}` as Word) : sentence(problem)}</span>}
      </p>
      {running && (
        <>
          <progress max={100} value={state === "waiting" ? undefined : progress} aria-label={t("training_progress")} />
          <button class="button small" onClick={() => void attempt(() => cancelTraining(training))}>
            {t("models_cancel")}
          </button>
        </>
      )}
    </section>
  );
}

function Versions({ versions }: { versions: Version[] }) {
  if (!versions.length) return <p class="none">{t("models_none")}</p>;
  return (
    <div class="table-box" tabIndex={0} role="region" aria-label={t("models_versions")}>
      <table class="figures">
        <thead>
          <tr>
            <th>{t("models_version")}</th>
            <th>{t("models_engine")}</th>
            <th>{t("models_made")}</th>
            <th>{t("models_by")}</th>
            <th>{t("models_examples")}</th>
            <th>{t("models_accuracy")}</th>
            <th>{t("models_f1")}</th>
            <th>{t("models_alarms")}</th>
            <th>{t("models_false")}</th>
          </tr>
        </thead>
        <tbody>
          {versions.map(({ name, engine, metrics, live, usable, by, created_at, examples }) => (
            <tr key={name}>
              <td>
                <a class="link" href={linkTo("training", `models:${name}`)} aria-label={t("models_look", { version: name })}>
                  {name}
                </a>{" "}
                {live && <span class="badge fresh">{t("models_live")}</span>}
                {!usable && <span class="badge">{t("models_unfit")}</span>}
              </td>
              <td>{t(`engine_${engine}`)}</td>
              <td>{moment(created_at, now.peek())}</td>
              <td>{by ?? t("models_itself")}</td>
              <td>{examples}</td>
              <td>{percent(metrics.accuracy)}</td>
              <td>{percent(metrics.macro_f1)}</td>
              <td>{percent(metrics.emergencies_found)}</td>
              <td>{percent(metrics.false_alarms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
