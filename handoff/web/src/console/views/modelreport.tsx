import { useSignal } from "@preact/signals";
import { Icon } from "../../icons";
import { linkTo } from "../route";
import { attempt } from "../store/actions";
import { say } from "../store/toasts";
import { promote, readReport, tryVersion, type Cell, type Report, type Version } from "../store/training";
import { coded, t } from "../words";
import { CalibrationCurve, ScopeCurve } from "./curves";
import { Dialog } from "./dialog";
import { Gate } from "./gate";
import { NotLoaded, useLoaded } from "./loaded";
import { Matrix } from "./matrix";
import { percent } from "./share";

/** One version: its figures, what it confuses, and the gate before it answers. */
export function ModelReport({ name }: { name: string }) {
  const found = useSignal<{ version: Version; report: Report } | null>(null);
  const cell = useSignal<Cell | null>(null);
  const load = async () => {
    found.value = await readReport(name);
  };
  const { failed, again } = useLoaded(load);
  if (!found.value) return <NotLoaded failed={failed} again={again} />;
  const { version, report } = found.value;

  async function letAnswer(): Promise<void> {
    await promote(name);
    say(t("gate_promoted", { version: name }), "good");
    await load();
  }

  return (
    <>
      <header class="model-head">
        <a class="button" href={linkTo("training", "models")}>
          <Icon name="back" />
          {t("models_back")}
        </a>
        <h2>{name}</h2>
        {version.live && <span class="badge fresh">{t("models_live")}</span>}
      </header>
      <p class="muted">{t(version.engine === "rasa" ? "report_lead_rasa" : "report_lead")}</p>
      <Figures version={version} />
      <Gate
        title={t("gate")}
        lead={t("gate_lead")}
        attempt={() => tryVersion(name)}
        action={version.live ? null : { word: t("gate_promote"), run: () => attempt(letAnswer) }}
        closed={version.live ? t("gate_is_live") : null}
      />
      {!report.confusion?.length && <p class="hint">{t("models_unmeasured")}</p>}
      {report.confusion && report.confusion.length > 0 && (
        <section>
          <h2>{t("report_matrix")}</h2>
          <p class="muted">{t("report_matrix_lead")}</p>
          <Matrix cells={report.confusion} open={(chosen) => (cell.value = chosen)} />
        </section>
      )}
      <div class="curves">
        {report.calibration && <CalibrationCurve bins={report.calibration} />}
        {report.scope && <ScopeCurve scope={report.scope} />}
      </div>
      {report.intents && <Intents intents={report.intents} />}
      <Dialog
        open={cell.value !== null}
        title={cell.value ? cellTitle(cell.value) : ""}
        onClose={() => (cell.value = null)}
      >
        {cell.value && <Confused cell={cell.value} />}
      </Dialog>
    </>
  );
}

function cellTitle({ actual, predicted }: Cell): string {
  return t("report_texts", { actual: coded("intent_", actual), predicted: coded("intent_", predicted) });
}

function Confused({ cell }: { cell: Cell }) {
  return (
    <>
      {cell.texts.length < cell.count && (
        <p class="muted">{t("report_texts_more", { shown: cell.texts.length, count: cell.count })}</p>
      )}
      <ul class="confused">
        {cell.texts.map(({ text, place, confidence }) => (
          <li key={place + text}>
            <span dir="auto">{text}</span>
            <small class="muted">
              {percent(confidence, 0)} · {place}
            </small>
          </li>
        ))}
      </ul>
    </>
  );
}

function Figures({ version: { metrics, examples } }: { version: Version }) {
  const lines: [string, string][] = [
    [t("models_examples"), String(examples)],
    [t("models_accuracy"), percent(metrics.accuracy)],
    [t("models_f1"), percent(metrics.macro_f1)],
    [t("models_alarms"), percent(metrics.emergencies_found)],
    [t("models_false"), percent(metrics.false_alarms)],
    [t("models_sure"), percent(metrics.sure)],
    [t("models_auroc"), percent(metrics.oos_auroc)],
  ];
  return (
    <dl class="figure-row">
      {lines.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Intents({ intents }: { intents: NonNullable<Report["intents"]> }) {
  return (
    <section>
      <h2>{t("report_intents")}</h2>
      <div class="table-box" tabIndex={0} role="region" aria-label={t("report_intents")}>
        <table class="figures">
          <thead>
            <tr>
              <th>{t("intent_label")}</th>
              <th>{t("report_precision")}</th>
              <th>{t("report_recall")}</th>
              <th>F1</th>
              <th>{t("report_support")}</th>
            </tr>
          </thead>
          <tbody>
            {intents.map(({ intent, precision, recall, f1, support }) => (
              <tr key={intent}>
                <th scope="row">{coded("intent_", intent)}</th>
                <td>{percent(precision)}</td>
                <td>{percent(recall)}</td>
                <td>{percent(f1)}</td>
                <td>{support}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
