import type { ComponentChildren } from "preact";
import type { Report } from "../store/training";
import { t } from "../words";
import { percent } from "./share";

const size = 240;
const edge = 32;
const place = (x: number, y: number) => `${edge + x * size},${edge / 2 + (1 - y) * size}`;

interface PlotProps {
  title: string;
  lead: string;
  below: string;
  beside: string;
  table: ComponentChildren;
  children: ComponentChildren;
}

/** Two axes from 0 to 100 %, a drawing between them, and the same figures as a table. */
function Plot({ title, lead, below, beside, table, children }: PlotProps) {
  return (
    <figure class="plot">
      <figcaption>
        <h2>{title}</h2>
        <p class="muted">{lead}</p>
      </figcaption>
      <svg viewBox={`0 0 ${size + edge * 1.5} ${size + edge * 1.6}`} aria-hidden="true">
        {[0, 0.25, 0.5, 0.75, 1].map((at) => (
          <g key={at}>
            <path class="grid" d={`M${place(0, at)}L${place(1, at)}M${place(at, 0)}L${place(at, 1)}`} />
            <text x={edge + at * size} y={size + edge} text-anchor="middle">
              {at * 100}
            </text>
            <text x={edge - 6} y={edge / 2 + (1 - at) * size + 4} text-anchor="end">
              {at * 100}
            </text>
          </g>
        ))}
        <text x={edge + size / 2} y={size + edge * 1.5} text-anchor="middle">
          {below}
        </text>
        {children}
      </svg>
      <p class="plot-key">{beside}</p>
      <details>
        <summary>{t("report_count")}</summary>
        <div class="table-box" tabIndex={0} role="region" aria-label={title}>
          {table}
        </div>
      </details>
    </figure>
  );
}

/** Confidence against the share of right answers. */
export function CalibrationCurve({ bins }: { bins: NonNullable<Report["calibration"]> }) {
  return (
    <Plot
      title={t("report_calibration")}
      lead={t("report_calibration_lead")}
      below={`${t("report_confidence")} %`}
      beside={`${t("report_share_right")} %`}
      table={
        <table class="figures">
          <thead>
            <tr>
              <th>{t("report_confidence")}</th>
              <th>{t("report_share_right")}</th>
              <th>{t("report_count")}</th>
            </tr>
          </thead>
          <tbody>
            {bins.map((bin) => (
              <tr key={bin.from}>
                <td>{percent(bin.confidence)}</td>
                <td>{percent(bin.accuracy)}</td>
                <td>{bin.count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      }
    >
      <path class="ideal" d={`M${place(0, 0)}L${place(1, 1)}`} />
      <polyline class="line" points={bins.map((bin) => place(bin.confidence, bin.accuracy)).join(" ")} />
      {bins.map((bin) => (
        <circle
          key={bin.from}
          class="dot"
          cx={edge + bin.confidence * size}
          cy={edge / 2 + (1 - bin.accuracy) * size}
          r={3}
        />
      ))}
    </Plot>
  );
}

/** What is kept and what is turned away as the threshold rises. */
export function ScopeCurve({ scope }: { scope: NonNullable<Report["scope"]> }) {
  const { points, threshold } = scope;
  return (
    <Plot
      title={t("report_scope")}
      lead={t("report_scope_lead")}
      below={`${t("report_threshold")} %`}
      beside={`— ${t("report_kept")} %   ┄ ${t("report_rejected")} %`}
      table={
        <table class="figures">
          <thead>
            <tr>
              <th>{t("report_threshold")}</th>
              <th>{t("report_kept")}</th>
              <th>{t("report_rejected")}</th>
            </tr>
          </thead>
          <tbody>
            {points.map((point) => (
              <tr key={point.score}>
                <td>{percent(point.score)}</td>
                <td>{percent(point.kept)}</td>
                <td>{percent(point.rejected)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      }
    >
      <polyline class="line" points={points.map((point) => place(point.score, point.kept)).join(" ")} />
      <polyline class="line other" points={points.map((point) => place(point.score, point.rejected)).join(" ")} />
      <path class="mark" d={`M${place(threshold, 0)}L${place(threshold, 1)}`} />
    </Plot>
  );
}
