import { Icon } from "../../icons";
import { language } from "../../language";
import { now } from "../../clock";
import type { Card } from "../../shapes";
import { clockTime, moment, sameDay, shortDay } from "../../time";
import { linkTo } from "../route";
import { hasDraft } from "../store/drafts";
import { isUnread, sectionOf } from "../store/queue";
import { session } from "../store/session";
import { happening, personName, subject, t } from "../words";
import { ChannelIcon } from "./channelicon";
import { Elapsed } from "./elapsed";
import { UrgencyBadge } from "./urgency";

/** One conversation in the queue: who, what, how urgent, since when. */
export function QueueCard({ card, open }: { card: Card; open: boolean }) {
  const mine = sectionOf(card, session.value?.agent.id) === "mine";
  const unread = mine && isUnread(card);
  const waits = card.turn === "WAITING" ? card.waiting_since : null;
  return (
    <li>
      <a
        class={`card urgency-${card.urgency}${unread ? " unread" : ""}`}
        href={linkTo("conversations", card.id)}
        aria-current={open ? "true" : undefined}
        data-id={card.id}
      >
        <span class="card-who">
          <ChannelIcon channel={card.channel} />
          <strong dir="auto">{personName(card.who)}</strong>
          <span class="card-company" dir="auto" title={card.who.company ?? undefined}>
            {card.who.company ?? t("unknown_company")}
          </span>
          <span class={`card-time${card.overdue ? " overdue" : ""}`}>
            {waits ? <Elapsed since={waits} /> : <When at={card.last_message_at} />}
          </span>
        </span>
        <span class="card-what" dir="auto">
          {card.turn === "WAITING" ? (subject(card) ?? preview(card)) : (preview(card) || subject(card))}
        </span>
        <Marks card={card} mine={mine} unread={unread} />
      </a>
    </li>
  );
}

function Marks({ card, mine, unread }: { card: Card; mine: boolean; unread: boolean }) {
  const waiting = card.turn === "WAITING";
  const reason = waiting ? card.reasons[0]?.text[language.value] : undefined;
  const draft = hasDraft(card.id);
  const colleague = card.turn === "AGENT" && !mine ? card.agent : null;
  const urgency = card.turn !== "CLOSED" && card.urgency > 0;
  if (!(urgency || card.overdue || unread || draft || reason || colleague || (waiting && card.due_at))) return null;
  return (
    <span class="card-marks">
      {urgency && <UrgencyBadge urgency={card.urgency} />}
      {card.overdue && waiting && (
        <span class="badge urgent-outline">
          <Icon name="clock" />
          {t("overdue")}
        </span>
      )}
      {unread && <span class="badge fresh">{t("needs_reply")}</span>}
      {draft && <span class="badge">{t("draft")}</span>}
      {reason && (
        <span class="card-reason" title={reason}>
          {reason}
        </span>
      )}
      {colleague && <span class="card-reason">{t("with_agent", { name: colleague.name })}</span>}
      {waiting && card.due_at && !card.overdue && (
        <span class="card-due" title={t("promised")}>
          <Icon name="flag" label={t("promised")} />
          {moment(card.due_at, now.peek())}
        </span>
      )}
    </span>
  );
}

function When({ at }: { at: string }) {
  return <>{sameDay(at, now.peek()) ? clockTime(at) : shortDay(at)}</>;
}

/** The last message in one line, with who wrote it unless it was the installer. */
function preview({ preview: last }: Card): string {
  if (!last) return "";
  if (last.author === "system") return happening(last.text, null, false);
  const kinds = ["image", "voice", "video", "audio", "document", "sticker", "location", "contact"] as const;
  const kind = kinds.find((known) => known === last.kind);
  const text = last.text || (kind ? t(kind) : "");
  if (last.author === "installer" || !text) return text;
  return `${t(last.author === "bot" ? "bot" : last.author === "note" ? "note" : "agent")}: ${text}`;
}
