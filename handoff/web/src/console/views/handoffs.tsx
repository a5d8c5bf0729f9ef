import { useSignal } from "@preact/signals";
import { readHandoffs, type HandoffLine } from "../store/training";
import { coded, t } from "../words";
import { NotLoaded, useLoaded } from "./loaded";
import { percent } from "./share";

/** How well the bot hands over, by intent and by service level. */
export function Handoffs() {
  const found = useSignal<Awaited<ReturnType<typeof readHandoffs>> | null>(null);
  const { failed, again } = useLoaded(async () => {
    found.value = await readHandoffs();
  });
  if (!found.value) return <NotLoaded failed={failed} again={again} />;
  const { days, by_intent, by_tier } = found.value;
  return (
    <>
      <p class="muted">{t("handoffs_lead", { days })}</p>
      {by_intent.length === 0 ? (
        <p class="none">{t("handoffs_none")}</p>
      ) : (
        <>
          <Lines title={t("handoffs_intent")} lines={by_intent} name={(line) => coded("intent_", line.name) || "–"} />
          <Lines title={t("handoffs_tier")} lines={by_tier} name={(line) => line.name || t("handoffs_tier_none")} />
        </>
      )}
      <p class="muted">{t("handoffs_explained")}</p>
    </>
  );
}

interface LinesProps {
  title: string;
  lines: HandoffLine[];
  name: (line: HandoffLine) => string;
}

function Lines({ title, lines, name }: LinesProps) {
  return (
    <section>
      <h2>{title}</h2>
      <div class="table-box" tabIndex={0} role="region" aria-label={title}>
        <table class="figures">
          <thead>
            <tr>
              <th>{title}</th>
              <th>{t("handoffs_all")}</th>
              <th>{t("handoffs_needless")}</th>
              <th>{t("handoffs_late")}</th>
              <th>{t("handoffs_missed")}</th>
              <th>{t("handoffs_precision")}</th>
              <th>{t("handoffs_recall")}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.name}>
                <th scope="row">{name(line)}</th>
                <td>{line.handoffs}</td>
                <td>{line.needless}</td>
                <td>{line.late}</td>
                <td>{line.missed}</td>
                <td>{percent(line.ended ? 1 - line.needless / line.ended : null, 0)}</td>
                <td>{percent(recall(line), 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function recall({ handoffs, late, missed }: HandoffLine): number | null {
  return handoffs + missed ? (handoffs - late) / (handoffs + missed) : null;
}
