import { Icon } from "../../icons";
import type { Card } from "../../shapes";
import { now } from "../../clock";
import { takeOver } from "../store/actions";
import { draftOf, write, type Mode } from "../store/drafts";
import { sectionOf } from "../store/queue";
import { session } from "../store/session";
import type { Thread } from "../store/threads";
import { t, type Word } from "../words";
import { TemplateForm } from "./templateform";
import { WritingField } from "./writingfield";

/** Where an agent writes: a reply to the installer, or a note that only colleagues see. */
export function Composer({ card, thread }: { card: Card; thread: Thread }) {
  const { mode } = draftOf(card.id).value;
  const mine = sectionOf(card, session.value?.agent.id) === "mine";
  const windowClosed = card.window_until !== null && Date.parse(card.window_until) <= now.value;
  return (
    <section class={`composer ${mode}`} aria-label={t("composer")}>
      <div class="modes">
        {(["reply", "note"] as Mode[]).map((name) => (
          <button key={name} class="plain mode" aria-pressed={mode === name} onClick={() => write(card.id, { mode: name })}>
            <Icon name={name === "note" ? "lock" : "reply"} />
            {t(name)}
          </button>
        ))}
      </div>
      {mode === "note" ? (
        <WritingField key="note" card={card} mode="note" />
      ) : !mine ? (
        <Locked card={card} />
      ) : windowClosed ? (
        <TemplateForm card={card} templates={thread.templates} />
      ) : (
        <WritingField key="reply" card={card} mode="reply" />
      )}
    </section>
  );
}

/** Somebody else has the turn: who, and how to get it. */
function Locked({ card }: { card: Card }) {
  const { reply } = draftOf(card.id).value;
  const why: Record<Card["turn"], Word> = {
    BOT: "bot_holds",
    WAITING: "nobody_holds",
    AGENT: "other_holds",
    CLOSED: "closed_holds",
  };
  const closed = card.turn === "CLOSED";
  const free = card.turn !== "AGENT";
  return (
    <div class="locked">
      <p>
        {t(why[card.turn], { name: card.agent?.name ?? t("agent") })} {t(closed ? "reopen_to_reply" : free ? "take_to_reply" : "note_still")}
        {reply.trim() && (
          <span class="kept-draft">
            {t("kept_draft")} <q dir="auto">{reply}</q>
          </span>
        )}
      </p>
      {free && (
        <button id="writing" class="button primary" onClick={() => void takeOver(card.id)}>
          {t(closed ? "reopen" : "take_over")}
          <kbd>t</kbd>
        </button>
      )}
    </div>
  );
}
