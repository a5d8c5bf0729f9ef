import { useLayoutEffect, useRef } from "preact/hooks";
import { now } from "../../clock";
import { Unreachable, ApiError } from "../../http";
import { Icon } from "../../icons";
import type { Card } from "../../shapes";
import { duration, fileSize } from "../../time";
import { api } from "../api";
import { sendKeyName } from "../keys";
import { draftOf, filesOf, write, type Mode } from "../store/drafts";
import { addFiles, removeFile } from "../store/files";
import { send } from "../store/sending";
import { session } from "../store/session";
import { personName, t } from "../words";

/** How often the installer is told that somebody is writing, milliseconds. */
const typingEvery = 5000;
/** From when on the end of WhatsApp's window is worth a word, and a warning, milliseconds. */
const windowSoon = 4 * 3_600_000;
const windowVerySoon = 3_600_000;

/** The field, its files and the button. */
export function WritingField({ card, mode }: { card: Card; mode: Mode }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const told = useRef(0);
  const text = draftOf(card.id).value[mode];
  const reply = mode === "reply";
  const files = reply ? filesOf(card.id).value : [];
  const empty = !text.trim() && files.length === 0;

  // As high as what is written; the style sheet sets the limits.
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  }, [text]);

  function onInput(value: string) {
    write(card.id, { [mode]: value });
    if (!reply || !value || Date.now() - told.current < typingEvery) return;
    told.current = Date.now();
    api.post(`conversations/${card.id}/typing`).catch((error: unknown) => {
      if (!(error instanceof ApiError || error instanceof Unreachable)) throw error;
    });
  }

  function submit() {
    if (empty) return;
    void send({ as: mode, conversation: card.id, text: text.trim() }, files);
    write(card.id, { [mode]: "" });
    if (reply) filesOf(card.id).value = [];
    field.current?.focus();
  }

  return (
    <form
      class="writing"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {reply && card.blocked && (
        <p class="warning">
          <Icon name="alert" />
          {t("blocked", { channel: t(card.channel) })}
        </p>
      )}
      <textarea
        id="writing"
        ref={field}
        rows={2}
        dir="auto"
        aria-label={t(mode)}
        placeholder={reply ? t("reply_placeholder", { who: personName(card.who) }) : t("note_placeholder")}
        value={text}
        onInput={(event) => onInput(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
          event.preventDefault();
          submit();
        }}
        onPaste={(event) => {
          const pasted = [...(event.clipboardData?.files ?? [])];
          if (!reply || !pasted.length) return;
          event.preventDefault();
          addFiles(card, pasted);
        }}
      />
      {files.length > 0 && (
        <ul class="chosen-files">
          {files.map((file) => (
            <ChosenFile key={`${file.name} ${file.size} ${file.lastModified}`} card={card} file={file} />
          ))}
        </ul>
      )}
      <div class="writing-foot">
        {reply && (
          <label class="button icon-button attach" title={t("attach")}>
            <Icon name="attach" label={t("attach")} />
            <input
              type="file"
              multiple
              onChange={(event) => {
                addFiles(card, [...(event.currentTarget.files ?? [])]);
                event.currentTarget.value = "";
              }}
            />
          </label>
        )}
        <p class="hints">
          <Hints card={card} text={text} reply={reply} />
        </p>
        <button class={`button ${reply ? "primary" : "note-button"}`} disabled={empty}>
          {t(reply ? "send" : "save_note")}
        </button>
      </div>
    </form>
  );
}

function Hints({ card, text, reply }: { card: Card; text: string; reply: boolean }) {
  const limit = session.value?.limits[card.channel]?.text ?? Infinity;
  const parts = Math.ceil(text.trim().length / limit);
  const left = card.window_until ? Date.parse(card.window_until) - now.value : Infinity;
  return (
    <>
      {reply && left < windowSoon && (
        <span class={left < windowVerySoon ? "overdue" : ""}>{t("window_left", { time: duration(left) })}</span>
      )}
      {reply && parts > 1 && <span>{t("split_hint", { count: parts })}</span>}
      <span class="send-hint">{t("send_hint", { key: sendKeyName() })}</span>
    </>
  );
}

function ChosenFile({ card, file }: { card: Card; file: File }) {
  const image = useRef<HTMLImageElement>(null);
  const picture = file.type.startsWith("image/");
  useLayoutEffect(() => {
    if (!picture || !image.current) return;
    const url = URL.createObjectURL(file);
    image.current.src = url;
    return () => URL.revokeObjectURL(url);
  }, [file]);
  return (
    <li>
      {picture ? <img ref={image} alt="" /> : <Icon name="file" />}
      <span class="file-name" title={file.name}>
        {file.name}
      </span>
      <small>{fileSize(file.size)}</small>
      <button
        type="button"
        class="plain icon-button"
        aria-label={t("remove_file", { name: file.name })}
        onClick={() => removeFile(card, file)}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}
