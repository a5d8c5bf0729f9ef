import { giveToBot, resolve, takeOver } from "./store/actions";
import { draftOf, write, type Mode } from "./store/drafts";
import { helpShown } from "./store/help";
import { accountShown, wide } from "./store/layout";
import { go, openId, route } from "./route";

/** "⌘" on a Mac, else "Ctrl" (on German keyboards "Strg"). */
export function sendKeyName(): string {
  if (/Mac|iPhone|iPad/.test(navigator.userAgent)) return "⌘";
  return document.documentElement.lang === "de" ? "Strg" : "Ctrl";
}

/** Follow the keys of the help page, wherever the focus is, except while something is typed. */
export function listenToKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if (document.querySelector("dialog[open]")) return;
    if (target.matches("input, textarea, select")) {
      if (event.key === "Escape") document.querySelector<HTMLElement>("#conversation h2")?.focus();
      return;
    }
    if (press(event.key)) event.preventDefault();
  });
}

/** What is typed while the turn is being asked for: meant for the reply, and no command. Null when nothing is asked. */
let early: string | null = null;

/** True when the key meant something. */
function press(key: string): boolean {
  if (early !== null) {
    if (key.length === 1) early += key;
    return true;
  }
  if (key === "?") return (helpShown.value = true);
  if (route.peek().page !== "conversations") return false;
  const card = document.activeElement?.closest<HTMLElement>(".card");
  const id = openId.peek() ?? (card ? Number(card.dataset.id) : null);
  switch (key) {
    case "j":
      return move(1);
    case "k":
      return move(-1);
    case "/":
      document.querySelector<HTMLInputElement>("#search")?.focus();
      return true;
    case "Escape":
      if (accountShown.peek() && !wide.matches) accountShown.value = false;
      else if (openId.peek() === null) return false;
      else go("conversations");
      return true;
  }
  if (id === null) return false;
  switch (key) {
    case "t":
      void take(id);
      return true;
    case "r":
      return startWriting(id, "reply");
    case "n":
      return startWriting(id, "note");
    case "b":
      void giveToBot(id);
      return true;
    case "e":
      void resolve(id);
      return true;
  }
  return false;
}

/** Take over; what is typed before the answer is there goes into the reply, whoever got the turn. */
async function take(id: number): Promise<void> {
  if (openId.peek() === null) go("conversations", id);
  early = "";
  const taken = await takeOver(id).finally(() => setTimeout(keepEarly, 0, id));
  if (taken) focusWriting();
}

/** In a task of its own, which comes before the one that moves the focus. */
function keepEarly(id: number): void {
  if (early) write(id, { mode: "reply", reply: draftOf(id).peek().reply + early });
  early = null;
}

function move(by: 1 | -1): boolean {
  const cards = [...document.querySelectorAll<HTMLElement>(".queue .card")];
  const focused = cards.findIndex((card) => card === document.activeElement);
  const from = focused >= 0 ? focused : cards.findIndex((card) => card.ariaCurrent === "true");
  const next = cards[from < 0 ? 0 : Math.max(0, Math.min(cards.length - 1, from + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return next !== undefined;
}

function startWriting(id: number, mode: Mode): boolean {
  write(id, { mode });
  focusWriting();
  return true;
}

/** The field is there once the change has been drawn, which is before the next task. */
function focusWriting(): void {
  setTimeout(() => document.querySelector<HTMLElement>("#writing")?.focus());
}
