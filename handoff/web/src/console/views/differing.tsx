import { now } from "../../clock";
import { moment } from "../../time";
import { linkTo } from "../route";
import type { Differing } from "../store/accounts";
import { coded, t } from "../words";
import { Part } from "./part";

/** Questions that colleagues were answered differently: whoever writes next should know. */
export function DifferingPart({ differing }: { differing: readonly Differing[] }) {
  if (!differing.length) return null;
  return (
    <Part title={t("differing")}>
      <p class="muted">{t("differing_lead")}</p>
      <ul class="differing">
        {differing.map(({ intent, subject, told }) => (
          <li key={`${intent} ${subject}`}>
            <strong>{`${coded("intent_", intent)} · ${subject}`}</strong>
            <ul>
              {told.map((answer) => (
                <li key={answer.message_id}>
                  <blockquote dir="auto">{answer.text}</blockquote>
                  <small>
                    <a href={linkTo("conversations", answer.conversation_id)}>{answer.who}</a>
                    {` · ${t(answer.author === "bot" ? "told_by_bot" : "told_by_agent")} · ${moment(answer.at, now.peek())}`}
                  </small>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </Part>
  );
}
