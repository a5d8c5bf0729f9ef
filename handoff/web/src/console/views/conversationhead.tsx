import type { ComponentChildren } from "preact";
import { now } from "../../clock";
import { Icon, type IconName } from "../../icons";
import { language } from "../../language";
import type { Card } from "../../shapes";
import { duration, moment } from "../../time";
import { linkTo } from "../route";
import { accountShown } from "../store/layout";
import { giveToBot, resolve, takeOver } from "../store/actions";
import { session } from "../store/session";
import { personName, roleNames, subject, t, type Word } from "../words";
import { ChannelIcon } from "./channelicon";
import { Elapsed } from "./elapsed";
import { UrgencyBadge } from "./urgency";

/** What an agent has to know before the first word: who, what, why, since when, until when. */
export function ConversationHead({ card }: { card: Card }) {
  const { who } = card;
  const trust = Math.max(0, Math.min(4, who.trust));
  return (
    <header class={`conversation-head urgency-${card.turn === "CLOSED" ? 0 : card.urgency}`}>
      <div class="head-line">
        <a class="back icon-button" href={linkTo("conversations")} aria-label={t("back")}>
          <Icon name="back" />
        </a>
        <div class="head-who">
          <h2 tabIndex={-1} dir="auto">
            <ChannelIcon channel={card.channel} />
            <span title={personName(who)}>{personName(who)}</span>
          </h2>
          <p>
            {who.roles.length > 0 && <span class="head-role">{roleNames(who.roles)}</span>}
            <span class="head-company" dir="auto" title={who.company ?? undefined}>
              {who.company ?? t("unknown_company")}
            </span>
            <span class={`trust trust-${trust}`} title={t(`trust_${trust}_hint` as Word)}>
              {t(`trust_${trust}` as Word)}
            </span>
          </p>
        </div>
        <Actions card={card} />
      </div>
      <dl class="facts">
        <Fact title={t("wants")} wide>
          <UrgencyBadge urgency={card.turn === "CLOSED" ? 0 : card.urgency} />
          <span dir="auto" title={subject(card) ?? undefined}>
            {subject(card) ?? t("no_intent")}
          </span>
        </Fact>
        <Fact title={t("handed_over")} wide>
          {card.reasons.length ? card.reasons.map(({ text }) => text[language.value]).join(" · ") : t("not_handed_over")}
        </Fact>
        <Waiting card={card} />
        <Promise card={card} />
      </dl>
    </header>
  );
}

function Fact({ title, wide, children }: { title: string; wide?: boolean; children: ComponentChildren }) {
  return (
    <div class={wide ? "fact wide" : "fact"}>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Waiting({ card }: { card: Card }) {
  if (card.turn === "WAITING" && card.waiting_since) {
    return (
      <Fact title={t("waits")}>
        <strong>
          <Elapsed since={card.waiting_since} />
        </strong>
      </Fact>
    );
  }
  const holder = card.turn === "BOT" ? t("bot_talks") : card.turn === "AGENT" ? card.agent?.name : null;
  return <Fact title={t("waited")}>{holder ?? t("nobody_waits")}</Fact>;
}

function Promise({ card }: { card: Card }) {
  if (card.turn !== "WAITING" || !card.due_at) return <Fact title={t("promised")}>{t("no_promise")}</Fact>;
  const left = Date.parse(card.due_at) - now.value;
  const words = left > 0 ? t("promised_in", { time: duration(left) }) : t("promised_past", { time: duration(-left) });
  return (
    <Fact title={t("promised")}>
      <strong>{moment(card.due_at, now.value)}</strong>{" "}
      <span class={left > 0 ? "muted" : "overdue"}>{words}</span>
    </Fact>
  );
}

function Actions({ card }: { card: Card }) {
  const agent = session.value?.agent;
  const held = card.turn === "AGENT" && (card.agent?.id === agent?.id || agent?.role === "admin");
  return (
    <div class="actions">
      {card.turn !== "AGENT" && (
        <Action word={card.turn === "CLOSED" ? "reopen" : "take_over"} shortcut="t" act={takeOver} card={card} primary />
      )}
      {(held || card.turn === "WAITING") && (
        <Action word="to_bot" icon="bot" shortcut="b" act={giveToBot} card={card} />
      )}
      {(held || card.turn === "WAITING") && (
        <Action word="resolve" icon="check" shortcut="e" act={resolve} card={card} />
      )}
      <button
        class="plain icon-button"
        aria-pressed={accountShown}
        aria-label={t(accountShown.value ? "hide_account" : "show_account")}
        onClick={() => (accountShown.value = !accountShown.value)}
      >
        <Icon name="building" />
      </button>
    </div>
  );
}

interface ActionProps {
  word: Word;
  icon?: IconName;
  shortcut: string;
  act: (id: number) => Promise<boolean>;
  card: Card;
  primary?: boolean;
}

function Action({ word, icon, shortcut, act, card, primary }: ActionProps) {
  return (
    <button class={primary ? "button primary" : "button"} onClick={() => void act(card.id)} aria-keyshortcuts={shortcut}>
      {icon && <Icon name={icon} />}
      <span>{t(word)}</span>
      <kbd>{shortcut}</kbd>
    </button>
  );
}
