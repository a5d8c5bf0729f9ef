import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { now } from "../../clock";
import { ApiError } from "../../http";
import { keep, readKept } from "../../kept";
import type { Channel, Language } from "../../shapes";
import { moment } from "../../time";
import { attempt } from "../store/actions";
import { loadAnswers, previewWording, resetWording, saveWording, type Answer } from "../store/answers";
import { say } from "../store/toasts";
import { refusal, t } from "../words";

const channels: Channel[] = ["whatsapp", "telegram", "webchat"];

/** One wording: write, see what the installer will see, save, or go back to the original. */
export function WordingEditor({ answer, language }: { answer: Answer; language: Language }) {
  const wording = answer.texts[language];
  const keptAs = `wording.${answer.key}.${language}`;
  /** What is written but not saved, and from which version. */
  const draft = useSignal(readKept<{ text: string; version: number } | null>(keptAs, null));
  const parts = useSignal<{ channel: Channel; texts: string[] } | null>(null);
  const conflict = useSignal(false);
  const problem = useSignal("");
  const field = useRef<HTMLTextAreaElement>(null);
  const text = draft.value?.text ?? wording.text;
  const changed = text !== wording.text;

  function edit(value: string) {
    draft.value = value === wording.text ? null : { text: value, version: draft.peek()?.version ?? wording.version };
    keep(keptAs, draft.peek() ?? undefined);
    problem.value = "";
  }

  function forget() {
    draft.value = null;
    keep(keptAs, undefined);
    conflict.value = false;
    problem.value = "";
  }

  async function save(version: number) {
    await attempt(async () => {
      try {
        await saveWording(answer.key, language, text, version);
        forget();
        say(t("saved"), "good");
      } catch (error) {
        if (!(error instanceof ApiError) || (error.status !== 409 && error.status !== 422)) throw error;
        if (error.status === 422) problem.value = refusal(error);
        else {
          await loadAnswers();
          conflict.value = true;
        }
      }
    });
  }

  async function reset() {
    await attempt(async () => {
      await resetWording(answer.key, language);
      forget();
      say(t("reset_done"), "good");
    });
  }

  async function preview(channel: Channel) {
    await attempt(async () => {
      parts.value = { channel, texts: await previewWording(answer.key, language, text, channel) };
    });
  }

  function insert(variable: string) {
    field.current?.focus();
    field.current?.setRangeText(`{${variable}}`, field.current.selectionStart, field.current.selectionEnd, "end");
    edit(field.current?.value ?? text);
  }

  return (
    <form
      class="wording"
      lang={language}
      onSubmit={(event) => {
        event.preventDefault();
        void save(draft.peek()?.version ?? wording.version);
      }}
    >
      <h2>
        {t(`lang_${language}`)} {changed && <span class="badge soon">{t("unsaved")}</span>}
      </h2>
      <textarea
        ref={field}
        rows={7}
        aria-label={`${answer.key}, ${t(`lang_${language}`)}`}
        aria-invalid={problem.value !== ""}
        value={text}
        onInput={(event) => edit(event.currentTarget.value)}
      />
      <p class="problem" role="alert">
        {problem}
      </p>
      {answer.variables.length > 0 && (
        <p class="variables">
          {t("variables")}:
          {answer.variables.map((name) => (
            <button
              type="button"
              class="chip"
              key={name}
              aria-label={t("insert_variable", { name })}
              onClick={() => insert(name)}
            >
              {`{${name}}`}
            </button>
          ))}
        </p>
      )}
      {conflict.value && (
        <div class="conflict" role="alert">
          <p>{t("answer_conflict")}</p>
          <blockquote>{wording.text}</blockquote>
          <button type="button" class="button" onClick={forget}>
            {t("take_theirs")}
          </button>
          <button type="button" class="button" onClick={() => void save(wording.version)}>
            {t("keep_mine")}
          </button>
        </div>
      )}
      <div class="wording-actions">
        <button class="button primary" disabled={!changed}>
          {t("save")}
        </button>
        <button type="button" class="button" disabled={wording.text === wording.original} onClick={() => void reset()}>
          {t("reset_original")}
        </button>
        <small class="muted">
          {wording.edited_by && wording.edited_at
            ? t("edited_by", { name: wording.edited_by, when: moment(wording.edited_at, now.peek()) })
            : t("original_text")}
        </small>
      </div>
      <div class="preview">
        <p>
          {t("preview")}
          {channels.map((channel) => (
            <button
              type="button"
              class="chip"
              key={channel}
              aria-pressed={parts.value?.channel === channel}
              onClick={() => void preview(channel)}
            >
              {t(channel)}
            </button>
          ))}
        </p>
        {parts.value?.texts.map((part, index) => (
          <p class="preview-part" key={index}>
            {part}
          </p>
        ))}
      </div>
    </form>
  );
}
