import { signal } from "@preact/signals";
import { ApiError, Unreachable } from "../../http";
import { Icon } from "../../icons";
import type { Card } from "../../shapes";
import { api } from "../api";
import { go, route } from "../route";
import { t } from "../words";

/** What is looked for; empty when the queue is shown. */
export const query = signal("");
/** What was found; null while it is being looked for. */
export const found = signal<{ for: string; cards: Card[] | "failed" } | null>(null);

/** How long typing has to rest before the server is asked, milliseconds. */
const rest = 200;
let timer = 0;

export function clearSearch(): void {
  query.value = "";
  found.value = null;
  clearTimeout(timer);
}

function look(words: string): void {
  query.value = words;
  clearTimeout(timer);
  if (!words.trim()) return clearSearch();
  if (route.peek().page !== "conversations") go("conversations");
  timer = window.setTimeout(() => void ask(words), rest);
}

async function ask(words: string): Promise<void> {
  let cards: Card[] | "failed";
  try {
    cards = (await api.get<{ cards: Card[] }>(`search?q=${encodeURIComponent(words.trim())}`)).cards;
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof Unreachable)) throw error;
    cards = "failed";
  }
  if (query.peek() === words) found.value = { for: words, cards };
}

/** The search field; what it finds takes the place of the queue. */
export function SearchField() {
  return (
    <search class="search">
      <Icon name="search" />
      <input
        id="search"
        type="search"
        aria-label={t("search")}
        placeholder={t("search_hint")}
        value={query}
        onInput={(event) => look(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          clearSearch();
          event.currentTarget.blur();
        }}
      />
      <kbd>/</kbd>
    </search>
  );
}
