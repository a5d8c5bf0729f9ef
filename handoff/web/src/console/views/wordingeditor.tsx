import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { now } from "../../clock";
import { ApiError } from "../../http";
import { keep, readKept } from "../../kept";
import type { Channel } from "../../shapes";
import { moment } from "../../time";
import { attempt } from "../store/actions";
import {
  isIdle,
  loadAnswers,
  previewWording,
  resetWording,
  saveWording,
  tryWording,
  type Answer,
  type Effect,
  type Form,
} from "../store/answers";
import { say } from "../store/toasts";
import { refusal, t } from "../words";
import { WordingEffect } from "./wordingeffect";

const channels: Channel[] = ["whatsapp", "telegram", "webchat"];

/** One wording: write, see what it would change, say it from now on, or go back to the original. */
export function WordingEditor({ answer, form }: { answer: Answer; form: Form }) {
  const wording = answer.texts[form];
  const keptAs = `wording.${answer.key}.${form}`;
  /** What is written but not saved, and from which version. */
  const draft = useSignal(readKept<{ text: string; version: number } | null>(keptAs, null));
  const parts = useSignal<{ channel: Channel; texts: string[] } | null>(null);
  const conflict = useSignal(false);
  const busy = useSignal(false);
  /** What is about to be done, and what that would change. */
  const planned = useSignal<{ text: string; effect: Effect; run: () => Promise<void> } | null>(null);
  const problem = useSignal("");
  const field = useRef<HTMLTextAreaElement>(null);
  const text = draft.value?.text ?? wording.text;
  const changed = text !== wording.text;

  function edit(value: string) {
    draft.value = value === wording.text ? null : { text: value, version: draft.peek()?.version ?? wording.version };
    keep(keptAs, draft.peek() ?? undefined);
    problem.value = "";
    planned.value = null;
  }

  function forget() {
    draft.value = null;
    keep(keptAs, undefined);
    conflict.value = false;
    problem.value = "";
    planned.value = null;
  }

  /** Show what this wording would change, before it is said. No words are the original. */
  async function plan(wanted: string, run: () => Promise<void>) {
    busy.value = true;
    planned.value = null;
    await attempt(async () => {
      try {
        planned.value = { text: wanted, effect: await tryWording(answer.key, form, wanted), run };
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 422) throw error;
        problem.value = refusal(error);
      }
    });
    busy.value = false;
  }

  async function save(version: number) {
    await attempt(async () => {
      try {
        await saveWording(answer.key, form, text, version);
        forget();
        say(t("saved"), "good");
      } catch (error) {
        if (!(error instanceof ApiError) || (error.status !== 409 && error.status !== 422)) throw error;
        planned.value = null;
        if (error.code !== "changed") problem.value = refusal(error);
        else {
          await loadAnswers();
          conflict.value = true;
        }
      }
    });
  }

  async function reset() {
    await attempt(async () => {
      await resetWording(answer.key, form);
      forget();
      say(t("reset_done"), "good");
    });
  }

  async function preview(channel: Channel) {
    await attempt(async () => {
      parts.value = { channel, texts: await previewWording(answer.key, form, text, channel) };
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
      lang={form === "en" ? "en" : "de"}
      onSubmit={(event) => {
        event.preventDefault();
        const version = draft.peek()?.version ?? wording.version;
        void plan(text, () => save(version));
      }}
    >
      <h2>
        {t(`lang_${form}`)} {changed && <span class="badge soon">{t("unsaved")}</span>}
        {isIdle(answer, form) && <span class="badge">{t("form_idle")}</span>}
      </h2>
      <textarea
        ref={field}
        rows={7}
        aria-label={`${answer.key}, ${t(`lang_${form}`)}`}
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
        <button class="button primary" disabled={!changed || busy.value}>
          {busy.value ? t("gate_running") : t("save")}
        </button>
        <button
          type="button"
          class="button"
          disabled={wording.text === wording.original || busy.value}
          onClick={() => void plan("", reset)}
        >
          {t(wording.original ? "reset_original" : "reset_people")}
        </button>
        <small class="muted">
          {wording.edited_by && wording.edited_at
            ? t("edited_by", { name: wording.edited_by, when: moment(wording.edited_at, now.peek()) })
            : t(wording.original ? "original_text" : "no_text")}
        </small>
      </div>
      {planned.value && (
        <WordingEffect
          effect={planned.value.effect}
          again={() => void plan(planned.peek()!.text, planned.peek()!.run)}
          confirm={() => void planned.peek()!.run()}
          cancel={() => {
            planned.value = null;
            field.current?.focus();
          }}
        />
      )}
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
