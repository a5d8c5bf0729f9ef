import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../icons";
import { language } from "../../language";
import type { Session } from "../../shapes";
import { theme, type Theme } from "../../theme";
import { linkTo, pagesFor, type Page } from "../route";
import { allowNotifications, permission } from "../store/attention";
import { connected } from "../store/live";
import { chooseLanguage, signOut } from "../store/session";
import { t, type Word } from "../words";
import { Brand } from "./brand";
import { helpShown } from "../store/help";
import { SearchField } from "./search";

/** Brand, search, pages, the state of the connection, and who is signed in. */
export function TopBar({ session, page }: { session: Session; page: Page }) {
  return (
    <header class="topbar">
      <a class="skip" href="#main" onClick={skip}>
        {t("skip_to_conversation")}
      </a>
      <a href={linkTo("conversations")} class="home" title={session.company}>
        <Brand />
      </a>
      <SearchField />
      <nav aria-label={t("pages")}>
        {pagesFor(session.agent.role).map((name) => (
          <a key={name} href={linkTo(name)} aria-current={page === name ? "page" : undefined}>
            {t(name)}
          </a>
        ))}
      </nav>
      <p class="connection" role="status">
        {connected.value === false && (
          <span class="badge soon" title={t("offline_hint")}>
            <Icon name="offline" />
            {t("offline")}
          </span>
        )}
      </p>
      <button class="plain icon-button help-button" aria-label={t("help")} onClick={() => (helpShown.value = true)}>
        <Icon name="help" />
      </button>
      <AccountMenu session={session} page={page} />
    </header>
  );
}

/** The address belongs to the routes, so the skip link moves the focus itself. */
function skip(event: Event): void {
  event.preventDefault();
  const target = document.querySelector<HTMLElement>("#conversation h2") ?? document.querySelector<HTMLElement>("main h1");
  target?.focus();
}

function AccountMenu({ session, page }: { session: Session; page: Page }) {
  const open = useSignal(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const away = (event: Event) => {
      const key = event instanceof KeyboardEvent;
      const leaves = key ? event.key === "Escape" : !box.current?.contains(event.target as Node);
      if (!open.peek() || !leaves) return;
      open.value = false;
      // Escape has done its work: it does not close the conversation too.
      if (key) event.preventDefault();
    };
    document.addEventListener("pointerdown", away);
    document.addEventListener("keydown", away, { capture: true });
    return () => {
      document.removeEventListener("pointerdown", away);
      document.removeEventListener("keydown", away, { capture: true });
    };
  }, []);
  const { agent } = session;
  const initials = agent.name.split(/\s+/).map((part) => part[0]).slice(0, 2).join("");
  return (
    <div class="account-menu" ref={box}>
      <button
        class="plain avatar"
        aria-expanded={open}
        title={agent.name}
        onClick={() => (open.value = !open.value)}
      >
        <span aria-hidden="true">{initials}</span>
        <span class="visually-hidden">{t("account_menu", { name: agent.name })}</span>
      </button>
      {open.value && (
        <div class="menu">
          <p class="menu-head">
            <strong>{agent.name}</strong>
            <small>{agent.email}</small>
          </p>
          <nav class="menu-pages" aria-label={t("pages")}>
            {pagesFor(agent.role).map((name) => (
              <a
                key={name}
                href={linkTo(name)}
                aria-current={page === name ? "page" : undefined}
                onClick={() => (open.value = false)}
              >
                {t(name)}
              </a>
            ))}
          </nav>
          <Choice
            legend={t("language")}
            value={language.value}
            options={[["de", "Deutsch"], ["en", "English"]]}
            choose={(value) => void chooseLanguage(value)}
          />
          <Choice
            legend={t("appearance")}
            value={theme.value}
            options={(["system", "light", "dark"] as Theme[]).map((name) => [name, t(`theme_${name}` as Word)])}
            choose={(value) => (theme.value = value)}
          />
          <NotificationChoice />
          <button class="plain menu-line" onClick={() => void signOut()}>
            {t("sign_out")}
          </button>
        </div>
      )}
    </div>
  );
}

function NotificationChoice() {
  if (permission.value === "impossible") return null;
  if (permission.value === "default") {
    return (
      <button class="plain menu-line" onClick={() => void allowNotifications()}>
        <Icon name="bell" />
        {t("notify_allow")}
      </button>
    );
  }
  return (
    <p class="menu-line muted">
      <Icon name="bell" />
      {t(permission.value === "granted" ? "notify_on" : "notify_blocked")}
    </p>
  );
}

interface ChoiceProps<Value extends string> {
  legend: string;
  value: Value;
  options: [Value, string][];
  choose: (value: Value) => void;
}

/** A few options side by side, one of them chosen. */
function Choice<Value extends string>({ legend, value, options, choose }: ChoiceProps<Value>) {
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      <div class="segments">
        {options.map(([option, label]) => (
          <button type="button" key={option} aria-pressed={option === value} onClick={() => choose(option)}>
            {label}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
