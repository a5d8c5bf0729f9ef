import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Card } from "../../shapes";
import { linkTo } from "../route";
import { addFiles } from "../store/files";
import { markSeen } from "../store/queue";
import { loadThread, threadOf, type Thread } from "../store/threads";
import { personName, t } from "../words";
import { Composer } from "./composer";
import { ConversationHead } from "./conversationhead";
import { Messages } from "./messages";

/** One conversation: who and what, all that was said, and the field to write in. */
export function Conversation({ card, thread }: { card: Card | undefined; thread: Thread }) {
  const over = useSignal(false);
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    section.current?.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
  }, [Boolean(card)]);
  useEffect(() => {
    if (card && !document.hidden) markSeen(card);
  }, [card?.last_message_at]);

  if (!card || thread.state === "missing") return <Unloaded thread={thread} />;
  return (
    <section
      class="conversation"
      id="conversation"
      aria-label={personName(card.who)}
      ref={section}
      onDragOver={(event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={(event) => {
        if (!section.current?.contains(event.relatedTarget as Node | null)) over.value = false;
      }}
      onDrop={(event) => {
        over.value = false;
        if (!event.dataTransfer?.files.length) return;
        event.preventDefault();
        addFiles(card, [...event.dataTransfer.files]);
      }}
    >
      <ConversationHead card={card} />
      <Messages card={card} thread={thread} />
      <Composer card={card} thread={thread} />
      {over.value && <div class="drop-here">{t("drop_files")}</div>}
    </section>
  );
}

function Unloaded({ thread }: { thread: Thread }) {
  const text = { loading: "loading", ready: "loading", failed: "load_failed", missing: "not_found" } as const;
  return (
    <section class="conversation nothing" id="conversation" aria-label={t(text[thread.state])}>
      <div class="empty" role="status">
        <h2 tabIndex={-1}>{t(text[thread.state])}</h2>
        {thread.state === "failed" && (
          <button class="button" onClick={() => void loadThread(threadOf(thread.id))}>
            {t("try_again")}
          </button>
        )}
        <a href={linkTo("conversations")}>{t("back")}</a>
      </div>
    </section>
  );
}
