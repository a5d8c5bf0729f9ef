import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { now } from "../../clock";
import { Icon } from "../../icons";
import type { Card, Message } from "../../shapes";
import { longDay, sameDay } from "../../time";
import { typing } from "../store/live";
import { unsentOf } from "../store/sending";
import { loadEarlier, loadThread, threadOf, type Thread } from "../store/threads";
import { personName, t } from "../words";
import { Bubble } from "./bubble";
import { UnsentBubble } from "./unsentbubble";

/** Closer to the end than this counts as being there, pixels. */
const near = 60;
/** Nearer to the beginning than this loads what was before, pixels. */
const early = 300;

/** All that was said. Stays at the end while the reader is there; else says that there is more. */
export function Messages({ card, thread }: { card: Card; thread: Thread }) {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const atEnd = useSignal(true);
  const readUpTo = useSignal(0);
  const lastTop = useRef(0);
  const { messages } = thread;
  const first = messages[0]?.id;
  const last = messages.at(-1)?.id ?? 0;
  const unsent = unsentOf(card.id).filter(({ key }) => !messages.some((message) => message.key === key));

  const toEnd = () => box.current?.scrollTo({ top: box.current.scrollHeight });

  // Pictures that load late and a growing writing field must not push the end out of sight.
  useEffect(() => {
    const watcher = new ResizeObserver(() => atEnd.peek() && toEnd());
    if (box.current) watcher.observe(box.current);
    if (content.current) watcher.observe(content.current);
    return () => watcher.disconnect();
  }, [thread.state]);

  useLayoutEffect(() => {
    if (atEnd.peek()) {
      toEnd();
      readUpTo.value = last;
    }
  }, [last, thread.state]);

  // What I have just written is shown, wherever I was reading.
  useLayoutEffect(() => {
    if (unsent.length) toEnd();
  }, [unsent.length]);

  // Keep the line being read in its place when earlier messages are put above it.
  const before = useRef({ height: 0, first });
  useLayoutEffect(() => {
    const scroller = box.current;
    if (!scroller) return;
    if (before.current.first !== undefined && first !== before.current.first && !atEnd.peek()) {
      scroller.scrollTop += scroller.scrollHeight - before.current.height;
    }
    before.current = { height: scroller.scrollHeight, first };
  });

  const onScroll = () => {
    const scroller = box.current;
    if (!scroller) return;
    const there = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < near;
    // A picture that loads moves the end away before this event comes; only who scrolls up leaves it.
    if (there || scroller.scrollTop < lastTop.current) atEnd.value = there;
    lastTop.current = scroller.scrollTop;
    if (atEnd.peek()) readUpTo.value = last;
    if (scroller.scrollTop < early) void loadEarlier(threadOf(thread.id));
  };
  const fresh = messages.filter((message) => message.id > readUpTo.value).length;

  return (
    <div class="messages">
      <div class="scroller" ref={box} onScroll={onScroll} tabIndex={0} role="log" aria-label={t("messages")}>
        <div class="thread" ref={content}>
          <Top thread={thread} />
          {messages.map((message, index) => (
            <Entry key={message.id} message={message} previous={messages[index - 1]} card={card} />
          ))}
          {unsent.map((letter) => (
            <UnsentBubble key={letter.key} letter={letter} />
          ))}
          <Typing card={card} />
        </div>
      </div>
      {!atEnd.value && fresh > 0 && (
        <button class="button pill" onClick={toEnd}>
          <Icon name="down" />
          {fresh === 1 ? t("new_messages_one") : t("new_messages_many", { count: fresh })}
        </button>
      )}
    </div>
  );
}

function Top({ thread }: { thread: Thread }) {
  if (thread.state === "loading") {
    return (
      <div class="skeletons" role="status" aria-label={t("loading")}>
        <div class="skeleton bubble-skeleton" />
        <div class="skeleton bubble-skeleton right" />
        <div class="skeleton bubble-skeleton" />
      </div>
    );
  }
  if (thread.state === "failed" || thread.earlier === "failed") {
    const again = thread.state === "failed" ? loadThread : loadEarlier;
    return (
      <p class="system" role="alert">
        {t("load_failed")}{" "}
        <button class="button" onClick={() => void again(threadOf(thread.id))}>
          {t("try_again")}
        </button>
      </p>
    );
  }
  if (thread.hasEarlier) return <p class="system">{t("earlier_loading")}</p>;
  return <p class="system">{t(thread.messages.length ? "beginning" : "no_messages")}</p>;
}

interface EntryProps {
  message: Message;
  previous: Message | undefined;
  card: Card;
}

function Entry({ message, previous, card }: EntryProps) {
  const newDay = !previous || !sameDay(previous.at, message.at);
  const newCase = previous && previous.conversation_id !== message.conversation_id;
  const earlier = message.conversation_id !== card.id && (!previous || newCase);
  const follows =
    previous && !newDay && !newCase && previous.author === message.author && previous.agent?.id === message.agent?.id;
  return (
    <>
      {(earlier || newCase) && (
        <p class="case-line">
          <span>{earlier ? t("earlier_conversation") : t("beginning")}</span>
        </p>
      )}
      {newDay && (
        <p class="day">
          <span>{longDay(message.at)}</span>
        </p>
      )}
      <Bubble message={message} card={card} follows={Boolean(follows)} />
    </>
  );
}

function Typing({ card }: { card: Card }) {
  const typed = useComputed(() => (typing.value.get(card.id) ?? 0) > Math.max(now.value, Date.now()));
  if (!typed.value) return null;
  return (
    <p class="typing" role="status">
      <i />
      <i />
      <i />
      {t("typing", { who: personName(card.who) })}
    </p>
  );
}
