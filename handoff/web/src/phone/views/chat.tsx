import { useEffect } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { outbox } from "../lines";
import type { Line } from "../line";
import { t } from "../words";
import { Bubbles } from "./bubbles";
import { Writing } from "./writing";

/** The conversation as the installer sees it. `lead` stands before the company's name. */
export function Chat({ line, lead }: { line: Line; lead?: ComponentChildren }) {
  useEffect(() => {
    void line.follow(() => outbox.hurry());
    return () => line.hangUp();
  }, [line]);
  return (
    <section class={`chat on-${line.sender.channel}`} aria-label={line.title.value || t(line.sender.channel)}>
      <Head line={line} lead={lead} />
      <Bubbles line={line} />
      <Writing line={line} />
    </section>
  );
}

function Head({ line, lead }: { line: Line; lead: ComponentChildren }) {
  const title = line.title.value;
  return (
    <header class="chat-head">
      {lead}
      <span class="company-mark" aria-hidden="true">
        {title.slice(0, 1)}
      </span>
      <div>
        <h1>{title || "…"}</h1>
        <p role="status">{presence(line)}</p>
      </div>
    </header>
  );
}

function presence(line: Line): string {
  if (line.state.value !== "open") return t(line.state.value);
  if (line.typing.value) return t("is_typing");
  const { holder, agent } = line.holder.value;
  return t(`holder_${holder}`, { name: agent ?? "" });
}
