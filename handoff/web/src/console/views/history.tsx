import { now } from "../../clock";
import { language } from "../../language";
import type { Card, HistoryEntry } from "../../shapes";
import { moment } from "../../time";
import { coded, happening, t } from "../words";
import { Part } from "./part";

/** Who took the conversation, handed it over and closed it, and when. */
export function History({ card, events }: { card: Card; events: readonly HistoryEntry[] }) {
  if (!events.length) return null;
  return (
    <Part title={t("history")}>
      <ol class="history">
        {events.map((event) => (
          <li key={`${event.at} ${event.kind}`}>
            <time dateTime={event.at}>{moment(event.at, now.peek())}</time>
            <span dir="auto">{historyLine(event, card)}</span>
          </li>
        ))}
      </ol>
    </Part>
  );
}

/** A line of the audit trail in words; its `text` holds the codes of the change or of the reasons. */
function historyLine({ kind, actor, text }: HistoryEntry, card: Card): string {
  if (kind === "turn.changed") return happening(text, actor === "system" ? null : actor, false);
  const codes: Record<string, string> = { "handoff.opened": "handed_off", "handoff.raised": "raised" };
  const what = happening(codes[kind] ?? kind.replace("handoff.", ""), actor, false);
  const known = new Map(card.reasons.map((reason) => [reason.code, reason.text[language.value]]));
  const reasons = text.split(", ").filter(Boolean).map((code) => known.get(code) ?? coded("intent_", code));
  return [what, reasons.join(", ")].filter(Boolean).join(": ");
}
