import { Icon } from "../../icons";
import { language } from "../../language";
import { linkTo } from "../route";
import { formsOf, type Answer } from "../store/answers";
import { t } from "../words";
import { WordingEditor } from "./wordingeditor";

/** One answer, its wordings side by side. */
export function AnswerEditor({ answer }: { answer: Answer }) {
  return (
    <section class="answer-editor" aria-label={answer.key}>
      <header class="admin-head">
        <h1 tabIndex={-1}>
          <a class="back icon-button" href={linkTo("answers")} aria-label={t("answers")}>
            <Icon name="back" />
          </a>
          {answer.key}
        </h1>
        <p class="muted">{answer.about[language.value]}</p>
      </header>
      <div class="wordings">
        {formsOf(answer).map((form) => (
          <WordingEditor key={form} answer={answer} form={form} />
        ))}
      </div>
    </section>
  );
}
