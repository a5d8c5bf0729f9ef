import type { ComponentChildren } from "preact";
import { now } from "../../clock";
import { Icon } from "../../icons";
import type { Card, Panel } from "../../shapes";
import { moment, shortDate } from "../../time";
import { linkTo } from "../route";
import { accountShown } from "../store/layout";
import type { Thread } from "../store/threads";
import { coded, roleNames, sourceName, t, type Word } from "../words";
import { ChannelIcon } from "./channelicon";
import { CrmPart } from "./crmpart";
import { History } from "./history";
import { Part } from "./part";
import { TrustPart } from "./trust";

/** The company that is writing: its people, orders and other conversations; and what happened here. */
export function Account({ card, thread }: { card: Card; thread: Thread }) {
  const { account } = thread;
  return (
    <section class="account" aria-label={t("company")}>
      <header class="account-head">
        <h2 dir="auto" title={account ? t("open_account") : undefined}>
          {account ? <a href={linkTo("accounts", account.id)}>{account.name}</a> : t("company_unknown")}
        </h2>
        <button class="plain icon-button" aria-label={t("hide_account")} onClick={() => (accountShown.value = false)}>
          <Icon name="close" />
        </button>
      </header>
      {account ? <Company panel={account} card={card} /> : <Unknown card={card} loading={thread.state === "loading"} />}
      <CrmPart lines={thread.crm} />
      <History card={card} events={thread.events} />
    </section>
  );
}

function Unknown({ card, loading }: { card: Card; loading: boolean }) {
  if (loading) {
    return (
      <div class="skeletons" role="status" aria-label={t("loading")}>
        <div class="skeleton">
          <i />
          <i />
          <i />
        </div>
      </div>
    );
  }
  return (
    <>
      <p class="muted account-unknown">{t("company_unknown_hint")}</p>
      <dl class="details">
        <Detail title={t("address")}>{card.who.address}</Detail>
      </dl>
    </>
  );
}

function Company({ panel, card }: { panel: Panel; card: Card }) {
  return (
    <>
      <dl class="details">
        <Detail title={t("customer_number")}>{panel.customer_number}</Detail>
        <Detail title={t("city")}>{panel.city}</Detail>
        <Detail title={t("tier")}>{panel.tier}</Detail>
        <Detail title={t("owner")}>{panel.owner}</Detail>
        <Detail title={t("phones")}>
          {panel.phones.length > 0 && panel.phones.map((phone) => <Phone key={phone} phone={phone} />)}
        </Detail>
      </dl>
      <TrustPart card={card} panel={panel} />
      <Part title={t("people")}>
        <ul class="people">
          {panel.people.map((person) => (
            <li key={person.id} class={person.active ? "" : "left"}>
              <span>
                <strong dir="auto">{person.name}</strong>
                {person.name === card.who.name && <span class="badge">{t("this_person")}</span>}
              </span>
              <small>{person.active ? roleNames(person.roles) : t("left_company")}</small>
              {person.phone && person.active && <Phone phone={person.phone} />}
            </li>
          ))}
        </ul>
      </Part>
      <Orders orders={panel.orders} />
      <Conversations title={t("colleagues_write")} conversations={panel.conversations} />
      <p class="synced">{t("synced", { source: sourceName(panel.source), when: moment(panel.synced_at, now.peek()) })}</p>
    </>
  );
}

/** The orders of a company, the newest first. */
export function Orders({ orders }: { orders: Panel["orders"] }) {
  return (
    <Part title={t("orders")}>
      {orders.length === 0 ? (
        <p class="muted">{t("no_orders")}</p>
      ) : (
        <ul class="orders">
          {orders.map((order) => (
            <li key={order.number}>
              <span class="order-line">
                <strong>{order.number}</strong>
                <span class={`badge order-${order.status}`}>{coded("order_", order.status)}</span>
              </span>
              <small>{order.lines.map(({ article, quantity }) => `${quantity} × ${article}`).join(", ")}</small>
              <small>
                {shortDate(order.ordered_on)}
                {order.promised_on && ` · ${t("order_promised", { date: shortDate(order.promised_on) })}`}
              </small>
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

/** What others of the company write, or have written. */
export function Conversations({ title, conversations }: { title: string; conversations: Panel["conversations"] }) {
  if (!conversations.length) return null;
  return (
    <Part title={title}>
      <ul class="other-conversations">
        {conversations.map((other) => (
          <li key={other.id}>
            <a href={linkTo("conversations", other.id)}>
              <ChannelIcon channel={other.channel} />
              <span dir="auto">{other.name ?? t("unknown_person")}</span>
              <small>
                {[other.intent && coded("intent_", other.intent), turnWord(other.turn)].filter(Boolean).join(" · ")}
              </small>
              <time dateTime={other.last_message_at}>{moment(other.last_message_at, now.peek())}</time>
            </a>
          </li>
        ))}
      </ul>
    </Part>
  );
}

/** One line of what is known; nothing when it is not. */
export function Detail({ title, children }: { title: string; children: ComponentChildren }) {
  if (!children) return null;
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A number to be called with a tap. */
export function Phone({ phone }: { phone: string }) {
  return (
    <a class="phone-link" href={`tel:${phone.replace(/[^+\d]/g, "")}`}>
      {phone}
    </a>
  );
}

/** Who holds a conversation, in a word. */
export function turnWord(turn: Card["turn"]): string {
  const words: Record<Card["turn"], Word> = { BOT: "with_bot", WAITING: "waiting", AGENT: "agent", CLOSED: "closed" };
  return t(words[turn]);
}
