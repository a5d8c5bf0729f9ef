import { Icon } from "../../icons";
import { RichText } from "../../richtext";
import type { Card, Message } from "../../shapes";
import { clockTime, fullTime } from "../../time";
import { sentence } from "../sentence";
import { session } from "../store/session";
import { coded, happening, personName, t } from "../words";
import { ContactView } from "./contactview";
import { CorrectButton } from "./correct";
import { DeliveryView } from "./deliveryview";
import { MediaView } from "./mediaview";
import { PlaceView } from "./placeview";

interface BubbleProps {
  message: Message;
  card: Card;
  /** Whether the line above is by the same author. */
  follows: boolean;
}

/** One line of the conversation. Place, colour, edge and drawing tell who wrote it. */
export function Bubble({ message, card, follows }: BubbleProps) {
  if (message.author === "system") return <SystemLine message={message} />;
  const { author } = message;
  return (
    <article class={`bubble by-${author}${follows ? " follows" : ""}`} aria-label={authorName(message, card)}>
      {!follows && (
        <header>
          {author === "bot" && <Icon name="bot" />}
          {author === "note" && <Icon name="lock" />}
          <span dir="auto">{authorName(message, card)}</span>
        </header>
      )}
      <div class="bubble-body">
        {message.media.map((media) => (
          <MediaView key={media.id} media={media} />
        ))}
        {message.location && <PlaceView place={message.location} />}
        {message.contact && <ContactView contact={message.contact} />}
        {message.text && <RichText text={message.text} />}
        {message.problem && (
          <p class="bubble-problem">
            <Icon name="alert" />
            {sentence(message.problem)}
          </p>
        )}
        {message.kind === "unsupported" && !message.problem && <p class="bubble-problem">{t("unsupported")}</p>}
        {message.choices.length > 0 && (
          <ul class="choices" aria-label={t("choices")}>
            {message.choices.map(({ value, label }) => (
              <li key={value}>{label}</li>
            ))}
          </ul>
        )}
        <Foot message={message} />
      </div>
      <DeliveryView message={message} />
    </article>
  );
}

function Foot({ message }: { message: Message }) {
  const { understanding, kind, edited_at } = message;
  return (
    <footer>
      {understanding && message.text && message.author === "installer" && (
        <span class={understanding.sure ? "understood" : "understood unsure"}>
          {understanding.corrected
            ? t("corrected_as", { intent: coded("intent_", understanding.corrected) })
            : t(understanding.sure ? "understood_as" : "not_understood", {
                intent: coded("intent_", understanding.intent),
              })}
        </span>
      )}
      {understanding && message.text && message.author === "installer" && (
        <CorrectButton messageId={message.id} word={t("correct_intent")} />
      )}
      {kind === "tap" && <span>{t("tapped")}</span>}
      {edited_at && <span title={fullTime(edited_at)}>{t("edited")}</span>}
      <time dateTime={message.at} title={fullTime(message.at)}>
        {clockTime(message.at)}
      </time>
    </footer>
  );
}

/** Who wrote, in words. */
function authorName({ author, agent }: Message, card: Card): string {
  const mine = agent?.id === session.value?.agent.id;
  const name = mine ? t("you") : (agent?.name ?? t("agent"));
  if (author === "installer") return personName(card.who);
  if (author === "bot") return t("bot");
  return author === "note" ? t("note_by", { name }) : name;
}

function SystemLine({ message }: { message: Message }) {
  const { text, agent } = message;
  return (
    <p class="system">
      {happening(text, agent?.name ?? null, agent?.id === session.value?.agent.id)}
      <time dateTime={message.at} title={fullTime(message.at)}>
        {clockTime(message.at)}
      </time>
    </p>
  );
}
