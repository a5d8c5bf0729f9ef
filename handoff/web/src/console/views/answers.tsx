import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { language } from "../../language";
import { linkTo, route } from "../route";
import { attempt } from "../store/actions";
import { answers, loadAnswers, type Answer } from "../store/answers";
import { Icon } from "../../icons";
import { t } from "../words";
import { AnswerEditor } from "./answereditor";

/** What the bot says, to be changed without touching code. */
export function Answers() {
  const filter = useSignal("");
  const failed = useSignal(false);
  const load = async () => {
    failed.value = !(await attempt(loadAnswers));
  };
  useEffect(() => void load(), []);

  const all = answers.value;
  const shown = all?.filter((answer) => matches(answer, filter.value.trim().toLowerCase()));
  const open = all?.find(({ key }) => key === route.value.item);
  return (
    <main id="main" class={`admin answers${open ? " has-answer" : ""}`}>
      <div class="answer-list">
        <header class="admin-head">
          <h1 tabIndex={-1}>{t("answers")}</h1>
          <p class="muted">{t("answers_lead")}</p>
          <input
            type="search"
            aria-label={t("answers_filter")}
            placeholder={t("answers_filter")}
            value={filter}
            onInput={(event) => (filter.value = event.currentTarget.value)}
          />
        </header>
        {failed.value && !all && (
          <p class="none" role="alert">
            {t("load_failed")}{" "}
            <button class="button" onClick={() => void load()}>
              {t("try_again")}
            </button>
          </p>
        )}
        {!all && !failed.value && <p class="none">{t("loading")}</p>}
        {shown?.length === 0 && <p class="none">{t("answers_none")}</p>}
        <ul>
          {shown?.map((answer) => (
            <li key={answer.key}>
              <a href={linkTo("answers", answer.key)} aria-current={answer === open ? "true" : undefined}>
                <strong>{answer.key}</strong>
                {isChanged(answer) && <span class="badge">{t("changed_mark")}</span>}
                {isSilent(answer) && <span class="badge">{t("no_text")}</span>}
                <small>{answer.about[language.value]}</small>
              </a>
            </li>
          ))}
        </ul>
      </div>
      {open ? (
        <AnswerEditor key={open.key} answer={open} />
      ) : (
        <div class="empty">
          <Icon name="note" />
          <p>{t("answer_choose")}</p>
        </div>
      )}
    </main>
  );
}

function isChanged({ texts }: Answer): boolean {
  return Object.values(texts).some(({ text, original }) => text !== original);
}

/** An added intent that still goes to people. */
function isSilent({ texts }: Answer): boolean {
  return !texts.de.text && !texts.en.text;
}

function matches({ key, about, texts }: Answer, words: string): boolean {
  return [key, ...Object.values(about), ...Object.values(texts).map(({ text }) => text)].some((part) => part.toLowerCase().includes(words));
}
