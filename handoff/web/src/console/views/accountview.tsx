import { useSignal } from "@preact/signals";
import { now } from "../../clock";
import { Icon } from "../../icons";
import { language } from "../../language";
import { moment } from "../../time";
import { linkTo } from "../route";
import type { AccountPage, Member, Promised } from "../store/accounts";
import { sourceName, t } from "../words";
import { Conversations, Detail, Orders, Phone } from "./account";
import { AccountForm } from "./accountform";
import { Dialog } from "./dialog";
import { DifferingPart } from "./differing";
import { MergeForm } from "./mergeform";
import { Merges } from "./merges";
import { MemberForm } from "./memberform";
import { Members } from "./members";
import { Part } from "./part";
import { Contacts } from "./contacts";
import { Proposals } from "./proposals";
import { Records } from "./records";
import { SplitForm } from "./splitform";

/** What is being changed; a member when it is somebody's roles. */
type Changing = "account" | "merge" | "split" | Member | null;

/** The whole of a company. */
export function AccountView({ page }: { page: AccountPage }) {
  const changing = useSignal<Changing>(null);
  const done = () => (changing.value = null);
  return (
    <section class="account-page" aria-label={page.name}>
      <header class="account-page-head">
        <h2 tabIndex={-1} dir="auto">
          <a class="back icon-button" href={linkTo("accounts")} aria-label={t("accounts")}>
            <Icon name="back" />
          </a>
          {page.name}
        </h2>
        <div class="account-actions">
          <button class="button" onClick={() => (changing.value = "account")}>
            {t("edit")}
          </button>
          <button class="button" onClick={() => (changing.value = "merge")}>
            {t("merge")}
          </button>
          <button class="button" disabled={page.people.length < 2} onClick={() => (changing.value = "split")}>
            {t("split")}
          </button>
        </div>
      </header>
      <div class="account-columns">
        <div>
          <Facts page={page} />
          <Members people={page.people} edit={(member) => (changing.value = member)} />
          <Proposals proposals={page.proposals} />
          <Contacts contacts={page.contacts} />
          <Merges page={page} />
        </div>
        <div>
          <Promises promises={page.promises} />
          <DifferingPart differing={page.differing} />
          <Conversations title={t("conversations")} conversations={page.conversations} />
        </div>
        <div>
          <Records records={page.records} />
          <Orders orders={page.orders} />
          <Devices page={page} />
        </div>
      </div>
      <Form page={page} changing={changing.value} done={done} />
    </section>
  );
}

function Form({ page, changing, done }: { page: AccountPage; changing: Changing; done: () => void }) {
  if (changing === null) return null;
  if (changing === "account") {
    return (
      <Dialog open title={t("edit_account")} onClose={done}>
        <AccountForm page={page} done={done} />
      </Dialog>
    );
  }
  if (changing === "merge") {
    return (
      <Dialog open title={t("merge_title", { name: page.name })} onClose={done}>
        <MergeForm page={page} done={done} />
      </Dialog>
    );
  }
  if (changing === "split") {
    return (
      <Dialog open title={t("split_title")} onClose={done}>
        <SplitForm page={page} done={done} />
      </Dialog>
    );
  }
  return (
    <Dialog open title={t("edit_person", { name: changing.name })} onClose={done}>
      <MemberForm page={page} member={changing} done={done} />
    </Dialog>
  );
}

function Facts({ page }: { page: AccountPage }) {
  return (
    <Part title={t("company")}>
      <dl class="details">
        <Detail title={t("customer_number")}>{page.customer_number}</Detail>
        <Detail title={t("city")}>{page.city}</Detail>
        <Detail title={t("tier")}>{page.tier}</Detail>
        <Detail title={t("owner")}>{page.owner}</Detail>
        <Detail title={t("phones")}>
          {page.phones.length > 0 && page.phones.map((phone) => <Phone key={phone} phone={phone} />)}
        </Detail>
        <Detail title={t("domains")}>{page.domains.join(", ")}</Detail>
        <Detail title={t("part_of")}>
          {page.parent && <a href={linkTo("accounts", page.parent.id)}>{page.parent.name}</a>}
        </Detail>
        <Detail title={t("has_parts")}>
          {page.children.length > 0 &&
            page.children.map((child) => (
              <a key={child.id} href={linkTo("accounts", child.id)}>
                {child.name}
              </a>
            ))}
        </Detail>
      </dl>
      <p class="synced-line">{t("synced", { source: sourceName(page.source), when: moment(page.synced_at, now.peek()) })}</p>
    </Part>
  );
}

function Promises({ promises }: { promises: readonly Promised[] }) {
  if (!promises.length) return null;
  return (
    <Part title={t("promises")}>
      <ul class="promises">
        {promises.map((promise) => (
          <li key={promise.conversation_id}>
            <a href={linkTo("conversations", promise.conversation_id)}>
              <span dir="auto">{promise.brief || (promise.who ?? t("unknown_person"))}</span>
            </a>
            <span class={promise.overdue ? "badge urgent" : "badge"}>
              <Icon name={promise.overdue ? "alert" : "clock"} />
              {t(promiseWord(promise), { when: moment(promise.until, now.peek()) })}
            </span>
            <small>
              {promise.brief && promise.who && `${promise.who} · `}
              {promise.agent ? t("held_by", { name: promise.agent.name }) : promise.turn === "WAITING" && t("held_by_nobody")}
            </small>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function promiseWord({ turn, overdue }: Promised) {
  if (turn === "WAITING") return overdue ? "promise_late" : "promise_open";
  return overdue ? "promise_broken" : "promise_open";
}

function Devices({ page }: { page: AccountPage }) {
  if (!page.devices.length) return null;
  return (
    <Part title={t("devices")}>
      <ul class="devices">
        {page.devices.map(({ article, name, quantity }) => (
          <li key={article}>
            <strong>
              {quantity} × {article}
            </strong>
            {name && <small>{name[language.value]}</small>}
          </li>
        ))}
      </ul>
    </Part>
  );
}
