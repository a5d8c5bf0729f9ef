import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../../icons";
import type { Letter } from "../../outbox";
import { RichText } from "../../richtext";
import { clockTime, longDay, sameDay } from "../../time";
import type { Line } from "../line";
import { act, outbox } from "../lines";
import type { Done, PhoneMessage } from "../shapes";
import { refusal, t } from "../words";
import { Attached } from "./attached";
import { ShareContact } from "./sharecontact";

/** All that was said, the newest in sight. */
export function Bubbles({ line }: { line: Line }) {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const messages = line.messages.value;
  const keys = new Set(messages.map(({ key }) => key));
  const accepted = line.accepted.value;
  const waiting = outbox.letters.value.filter(({ thread, key }) => thread === line.id && !keys.has(key));
  const last = messages.at(-1);
  const toEnd = () => box.current?.scrollTo({ top: box.current.scrollHeight });

  useLayoutEffect(toEnd, [last?.id, accepted.length, waiting.length, line.typing.value]);
  useEffect(() => {
    const watcher = new ResizeObserver(toEnd);
    if (box.current) watcher.observe(box.current);
    if (content.current) watcher.observe(content.current);
    return () => watcher.disconnect();
  }, []);

  return (
    <div class="chat-scroller" ref={box} tabIndex={0} role="log" aria-label={t("messages")}>
      <div class="chat-lines" ref={content}>
        {!messages.length && !accepted.length && !waiting.length && <Hello line={line} />}
        {messages.map((message, index) => (
          <Entry
            key={message.id}
            line={line}
            message={message}
            previous={messages[index - 1]}
            latest={message === last && !waiting.length && !accepted.length}
          />
        ))}
        {accepted.map((letter) => (
          <Outgoing key={letter.key} letter={letter} mark="accepted" />
        ))}
        {waiting.map((letter) => (
          <Outgoing key={letter.key} letter={letter} mark="waiting_send" />
        ))}
        {line.typing.value && (
          <p class="phone-bubble theirs dots" aria-label={t("is_typing")} role="img">
            <i />
            <i />
            <i />
          </p>
        )}
      </div>
    </div>
  );
}

function Hello({ line }: { line: Line }) {
  if (line.state.value === "connecting") return null;
  return (
    <div class="hello">
      <strong>{t("hello_title", { company: line.title.value })}</strong>
      <p>{t("hello_hint")}</p>
    </div>
  );
}

interface EntryProps {
  line: Line;
  message: PhoneMessage;
  previous: PhoneMessage | undefined;
  /** The last thing said: only its choices are still open. */
  latest: boolean;
}

function Entry({ line, message, previous, latest }: EntryProps) {
  const mine = message.author === "installer";
  const named = !mine && previous?.author !== message.author;
  return (
    <>
      {(!previous || !sameDay(previous.at, message.at)) && <p class="phone-day">{longDay(message.at)}</p>}
      <article class={`phone-bubble ${mine ? "mine" : "theirs"}`}>
        {named && <strong class="from">{message.author === "bot" ? t("bot") : message.name}</strong>}
        {message.media.map((media) => (
          <Attached key={media.id} line={line} media={media} />
        ))}
        <Shared location={message.location} contact={message.contact} />
        {message.text && <RichText text={message.text} />}
        <footer>
          {message.edited_at && <span>{t("edited")}</span>}
          <time dateTime={message.at}>{clockTime(message.at)}</time>
          {mine && <Icon name="checks" label={t("arrived")} />}
        </footer>
      </article>
      {message.choices.length > 0 && (
        <ul class="quick-replies" aria-label={t("choices")}>
          {message.choices.map(({ value, label }) => (
            <li key={value}>
              <button disabled={!latest} onClick={() => void act(line, { tap: value, label })}>
                {label}
              </button>
            </li>
          ))}
        </ul>
      )}
      {message.rate && latest && (
        <button class="rate" onClick={() => void act(line, { tap: message.rate!.value, label: message.rate!.label })}>
          {message.rate.label}
        </button>
      )}
      {message.ask_contact && latest && <ShareContact line={line} own />}
    </>
  );
}

function Outgoing({ letter, mark }: { letter: Letter<Done>; mark: "accepted" | "waiting_send" }) {
  const { deed } = letter.body;
  return (
    <article class="phone-bubble mine outgoing">
      {letter.files.map((file) => (
        <span class="phone-file" key={file.name}>
          <Icon name={file.type.startsWith("audio/") ? "mic" : "file"} />
          {file.name}
        </span>
      ))}
      <Shared location={deed.location ? { ...deed.location, label: null } : null} contact={deed.contact ?? null} />
      <RichText text={deed.text ?? deed.label ?? ""} />
      <footer>
        <time dateTime={letter.writtenAt}>{clockTime(letter.writtenAt)}</time>
        {letter.problem === null && <Icon name={mark === "accepted" ? "check" : "clock"} label={t(mark)} />}
      </footer>
      {letter.problem !== null && (
        <div class="refused" role="alert">
          <p>{t("refused", { why: refusal(letter.problem) })}</p>
          <button class="chip" onClick={() => void outbox.again(letter)}>
            {t("again")}
          </button>
          <button class="chip" onClick={() => void outbox.remove(letter.key)}>
            {t("drop")}
          </button>
        </div>
      )}
    </article>
  );
}

function Shared({ location, contact }: Pick<PhoneMessage, "location" | "contact">) {
  return (
    <>
      {location && (
        <a
          class="phone-file"
          href={`https://www.openstreetmap.org/?mlat=${location.latitude}&mlon=${location.longitude}`}
          target="_blank"
          rel="noreferrer noopener"
        >
          <Icon name="pin" />
          {location.label ?? t("location")}
        </a>
      )}
      {contact && (
        <span class="phone-file">
          <Icon name="contact" />
          {[contact.name, contact.phone].filter(Boolean).join(", ")}
        </span>
      )}
    </>
  );
}
