import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../../icons";
import { keep, readKept } from "../../kept";
import type { Line } from "../line";
import { act } from "../lines";
import { t } from "../words";
import { AttachMenu } from "./attachmenu";
import { Recorder } from "./recorder";

/** How often the company is told that somebody is typing, milliseconds. */
const typingEvery = 5000;

/** The field at the bottom: plus, text, and a button that sends or records. */
export function Writing({ line }: { line: Line }) {
  return <Field key={line.id} line={line} />;
}

function Field({ line }: { line: Line }) {
  const keptAs = `written.${line.id}`;
  const text = useSignal(readKept(keptAs, ""));
  const menu = useSignal(false);
  const recording = useSignal(false);
  const told = useRef(0);
  const field = useRef<HTMLTextAreaElement>(null);

  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [text.value, recording.value]);

  function write(value: string) {
    text.value = value;
    keep(keptAs, value || undefined);
    if (!value || Date.now() - told.current < typingEvery) return;
    told.current = Date.now();
    void line.tellTyping();
  }

  function send() {
    const words = text.peek().trim();
    if (!words) return;
    void act(line, { text: words });
    write("");
    field.current?.focus();
  }

  if (recording.value) return <Recorder line={line} done={() => (recording.value = false)} />;
  return (
    <div class="phone-writing">
      {menu.value && <AttachMenu line={line} done={() => (menu.value = false)} />}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <button
          type="button"
          class="round"
          aria-label={t("attach")}
          aria-expanded={menu}
          onClick={() => (menu.value = !menu.value)}
        >
          <Icon name={menu.value ? "close" : "plus"} />
        </button>
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          enterkeyhint="send"
          aria-label={t("message")}
          placeholder={t("message")}
          value={text}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        {text.value.trim() ? (
          <button class="round go" aria-label={t("send")}>
            <Icon name="send" />
          </button>
        ) : (
          <button type="button" class="round go" aria-label={t("record")} onClick={() => (recording.value = true)}>
            <Icon name="mic" />
          </button>
        )}
      </form>
    </div>
  );
}
