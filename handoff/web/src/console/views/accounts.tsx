import { useEffect } from "preact/hooks";
import { Icon } from "../../icons";
import { linkTo, route } from "../route";
import { entries, lookUp, openAccount, shown, wanted, type Entry } from "../store/accounts";
import { t } from "../words";
import { AccountView } from "./accountview";

/** How long typing has to rest before the server is asked, milliseconds. */
const rest = 200;
let timer = 0;

function look(words: string): void {
  wanted.value = words;
  clearTimeout(timer);
  timer = window.setTimeout(() => void lookUp(), rest);
}

/** The companies: a list to search, and the whole of one beside it. */
export function Accounts() {
  const { item } = route.value;
  const id = item && /^\d{1,18}$/.test(item) ? Number(item) : null;
  useEffect(() => void lookUp(), []);
  useEffect(() => {
    if (id !== null) void openAccount(id);
  }, [id]);
  return (
    <main id="main" class={`admin answers${id !== null ? " has-answer" : ""}`}>
      <h1 tabIndex={-1} class="visually-hidden">
        {t("accounts")}
      </h1>
      <div class="answer-list">
        <header class="admin-head">
          <h2>{t("accounts")}</h2>
          <p class="muted">{t("accounts_lead")}</p>
          <input
            type="search"
            aria-label={t("accounts_search")}
            placeholder={t("accounts_search")}
            value={wanted}
            maxLength={200}
            onInput={(event) => look(event.currentTarget.value)}
          />
        </header>
        <Found open={id} />
      </div>
      {id === null ? (
        <div class="empty">
          <Icon name="building" />
          <p>{t("account_choose")}</p>
        </div>
      ) : (
        <Opened id={id} />
      )}
    </main>
  );
}

function Found({ open }: { open: number | null }) {
  const found = entries.value;
  if (!found) return <p class="none">{t("loading")}</p>;
  if (found.accounts === "failed") {
    return (
      <p class="none" role="alert">
        {t("load_failed")}{" "}
        <button class="button" onClick={() => void lookUp()}>
          {t("try_again")}
        </button>
      </p>
    );
  }
  const asked = found.for.trim();
  if (!found.accounts.length) {
    return (
      <p class="none" role="status">
        {asked ? t("accounts_none", { q: asked }) : t("accounts_nobody")}
      </p>
    );
  }
  return (
    <>
      <h3 class="list-head">{t(asked ? "accounts_found" : "accounts_latest")}</h3>
      <ul>
        {found.accounts.map((entry) => (
          <li key={entry.id}>
            <a href={linkTo("accounts", entry.id)} aria-current={entry.id === open ? "true" : undefined}>
              <EntryLine entry={entry} />
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

/** A company in a line or two. */
export function EntryLine({ entry }: { entry: Entry }) {
  return (
    <>
      <strong dir="auto">{entry.name}</strong>
      {entry.tier && <span class="badge">{entry.tier}</span>}
      <small>{[entry.customer_number, entry.city].filter(Boolean).join(" · ")}</small>
    </>
  );
}

function Opened({ id }: { id: number }) {
  const page = shown.value;
  if (page === "failed" || page === "gone") {
    return (
      <div class="empty" role="alert">
        <Icon name="alert" />
        <p>{t("load_failed")}</p>
        {page === "failed" && (
          <button class="button" onClick={() => void openAccount(id)}>
            {t("try_again")}
          </button>
        )}
      </div>
    );
  }
  if (!page || page.id !== id) return <p class="none">{t("loading")}</p>;
  return <AccountView key={page.id} page={page} />;
}
