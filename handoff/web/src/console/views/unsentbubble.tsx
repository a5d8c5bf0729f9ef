import { Icon } from "../../icons";
import { RichText } from "../../richtext";
import { clockTime } from "../../time";
import { draftOf, write } from "../store/drafts";
import { connected } from "../store/live";
import { discard, sendAgain, type Unsent } from "../store/sending";
import { refusal, t } from "../words";

/** What I have written and the server has not confirmed: shown at once, kept until it is there. */
export function UnsentBubble({ letter }: { letter: Unsent }) {
  const { key, body, files, problem, writtenAt } = letter;
  const note = body.as === "note";
  const name = note ? t("note_by", { name: t("you") }) : t("you");

  const edit = async () => {
    const field = note ? "note" : "reply";
    const written = draftOf(body.conversation).peek()[field];
    write(body.conversation, { mode: field, [field]: [written, body.text].filter(Boolean).join("\n") });
    await discard(key);
  };

  return (
    <article class={`bubble unsent by-${note ? "note" : "agent"}`} aria-label={name}>
      <header>
        {note && <Icon name="lock" />}
        <span>{name}</span>
      </header>
      <div class="bubble-body">
        {files.map((file) => (
          <p class="file-line" key={file.name}>
            <Icon name="file" />
            {file.name}
          </p>
        ))}
        <RichText text={body.text} />
        <footer>
          <time dateTime={writtenAt}>{clockTime(writtenAt)}</time>
        </footer>
      </div>
      {problem === null ? (
        <p class="delivery queued">
          <Icon name="clock" />
          <span>{t(connected.value === false ? "waits_for_network" : "queued")}</span>
        </p>
      ) : (
        <p class="delivery failed" role="alert">
          <Icon name="alert" />
          <span>{t("could_not_send", { why: refusal(problem) })}</span>
          <button class="button small" onClick={() => void sendAgain(letter)}>
            {t("retry")}
          </button>
          {body.as !== "template" && (
            <button class="button small" onClick={() => void edit()}>
              {t("edit_again")}
            </button>
          )}
          <button class="button small" onClick={() => void discard(key)}>
            {t("discard")}
          </button>
        </p>
      )}
    </article>
  );
}
