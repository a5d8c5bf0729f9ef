import { now } from "../../clock";
import { language } from "../../language";
import type { Card, HistoryEntry } from "../../shapes";
import { moment } from "../../time";
import { coded, happening, t, type Word } from "../words";
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
  if (kind === "trust.changed") return trustLine(text, actor);
  if (kind === "identity.guessed") return t("system_fished");
  if (kind === "proof.failed") return t("system_proof_failed");
  if (kind === "turn.changed") return happening(text, actor === "system" ? null : actor, false);
  const codes: Record<string, string> = { "handoff.opened": "handed_off", "handoff.raised": "raised" };
  const what = happening(codes[kind] ?? kind.replace("handoff.", ""), actor, false);
  const known = new Map(card.reasons.map((reason) => [reason.code, reason.text[language.value]]));
  const reasons = text.split(", ").filter(Boolean).map((code) => known.get(code) ?? coded("intent_", code));
  return [what, reasons.join(", ")].filter(Boolean).join(": ");
}

/** "Trust: recognised (phone on file)", from "2 phone", after which an agent's reason may stand. */
function trustLine(text: string, actor: string): string {
  const [level, evidence, ...reason] = text.split(" ");
  const words = { level: t(`trust_${level}` as Word), why: reason.join(" ") || coded("evidence_", evidence ?? "") };
  return actor === "bot" || actor === "system" ? t("system_trust", words) : t("system_trust_by", { ...words, name: actor });
}
