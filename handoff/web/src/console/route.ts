import { computed, signal } from "@preact/signals";
import type { Role } from "../shapes";

export type Page = "conversations" | "accounts" | "answers" | "training" | "team" | "quarantine";

export interface Route {
  page: Page;
  /** What is open on the page: a conversation's number, an answer's key. */
  item: string | null;
}

const pages: Page[] = ["conversations", "accounts", "answers", "training", "team", "quarantine"];
const hash = signal(location.hash);

addEventListener("hashchange", () => {
  hash.value = location.hash;
});

/** What everybody at the desk may open; the rest is for admins. */
const everybodys: readonly Page[] = ["conversations", "accounts"];

/** The pages somebody may open, in the order of the menu. */
export function pagesFor(role: Role): readonly Page[] {
  return role === "admin" ? pages : everybodys;
}

/** Where the console is, read from the address: `#/conversations/12`. */
export const route = computed<Route>(() => {
  const [page, item] = hash.value.replace(/^#\//, "").split("/");
  return {
    page: pages.find((known) => known === page) ?? "conversations",
    item: item ? decodeURIComponent(item) : null,
  };
});

/** The open conversation's number, or null. */
export const openId = computed<number | null>(() => {
  const { page, item } = route.value;
  return page === "conversations" && item && /^\d+$/.test(item) ? Number(item) : null;
});

/** The address of a page, for links. */
export function linkTo(page: Page, item?: number | string): string {
  return `#/${page}${item === undefined ? "" : `/${encodeURIComponent(item)}`}`;
}

/** Go there; the browser's back button comes back. */
export function go(page: Page, item?: number | string): void {
  location.hash = linkTo(page, item);
}
