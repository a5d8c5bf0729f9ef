import { Icon } from "../../icons";
import type { CrmLine } from "../../shapes";
import { sourceName, t, type Word } from "../words";
import { Part } from "./part";

/** What CRMs were told of this conversation, with the way there; or why they were not. */
export function CrmPart({ lines }: { lines: readonly CrmLine[] }) {
  if (!lines.length) return null;
  return (
    <Part title={t("crm")}>
      <ul class="crm">
        {lines.map((line) => (
          <li key={`${line.source} ${line.kind}`}>
            <span>{`${sourceName(line.source)} · ${t(`crm_${line.kind}`)}`}</span>
            <Where line={line} />
            {line.error && (
              <small class="problem">{line.url ? t("crm_as_note", { error: line.error }) : line.error}</small>
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Where({ line: { state, url, reference } }: { line: CrmLine }) {
  if (state !== "done") {
    return (
      <span class={state === "failed" ? "badge urgent" : "badge"}>
        <Icon name={state === "failed" ? "alert" : "clock"} />
        {t(`crm_${state}` as Word)}
      </span>
    );
  }
  if (!url) return <span>{reference}</span>;
  return (
    <a href={url} target="_blank" rel="noreferrer">
      {reference ?? url}
    </a>
  );
}
