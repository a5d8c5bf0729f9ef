import { computed, signal } from "@preact/signals";
import { kept } from "../../kept";
import type { Card, Notice } from "../../shapes";
import { session } from "./session";

/** All conversations the console knows, by number. */
export const cards = signal<ReadonlyMap<number, Card>>(new Map());
export const notices = signal<readonly Notice[]>([]);
export const queueState = signal<"loading" | "ready" | "failed">("loading");

export type SectionName = "urgent" | "waiting" | "mine" | "with_bot" | "others" | "closed";

/** In the order an agent looks at them. */
export const sectionNames: SectionName[] = ["urgent", "waiting", "mine", "with_bot", "others", "closed"];

/** Take over newer states; an older version of a conversation never replaces a newer one. */
export function putCards(news: readonly Card[]): void {
  const known = new Map(cards.value);
  for (const card of news) {
    const present = known.get(card.id);
    if (!present || card.version >= present.version) known.set(card.id, card);
  }
  cards.value = known;
}

/** Which part of the queue a conversation stands in, for an agent. */
export function sectionOf(card: Card, agentId: number | undefined): SectionName {
  if (card.turn === "BOT") return "with_bot";
  if (card.turn === "CLOSED") return "closed";
  if (card.turn === "AGENT") return card.agent?.id === agentId ? "mine" : "others";
  return card.urgency === 2 ? "urgent" : "waiting";
}

/**
 * Those who wait: what is promised first comes first; of what is promised for the same moment, as at night
 * for the opening, the best service level, then the longest wait. The others: what moved last.
 */
function order(name: SectionName): (a: Card, b: Card) => number {
  if (name !== "urgent" && name !== "waiting") {
    return (a, b) => b.last_message_at.localeCompare(a.last_message_at);
  }
  const promise = (card: Card) => card.due_at ?? card.waiting_since ?? card.last_message_at;
  const best = (card: Card) => Number(card.reasons.some((reason) => reason.code === "top_tier"));
  return (a, b) =>
    Number(b.overdue) - Number(a.overdue) ||
    promise(a).localeCompare(promise(b)) ||
    best(b) - best(a) ||
    (a.waiting_since ?? "").localeCompare(b.waiting_since ?? "");
}

export const sections = computed(() => {
  const agentId = session.value?.agent.id;
  const parts = Object.fromEntries(sectionNames.map((name) => [name, [] as Card[]])) as Record<SectionName, Card[]>;
  for (const card of cards.value.values()) parts[sectionOf(card, agentId)].push(card);
  for (const name of sectionNames) parts[name].sort(order(name));
  return parts;
});

/** How many need somebody now: for the page's title. */
export const needed = computed(() => sections.value.urgent.length + sections.value.waiting.length);

/** Sections folded away. */
export const folded = kept<Partial<Record<SectionName, boolean>>>("folded", { others: true, closed: true });

/** When each of my conversations was last looked at, by number (ISO time of the newest message seen). */
const seen = kept<Record<number, string>>("seen", {});

/** Whether the installer wrote last in a conversation of mine, and I have not looked. */
export function isUnread(card: Card): boolean {
  return card.preview?.author === "installer" && (seen.value[card.id] ?? "") < card.last_message_at;
}

/** I am looking at it. Forgets conversations that have left the queue. */
export function markSeen(card: Card): void {
  if (seen.peek()[card.id] === card.last_message_at) return;
  const rest = Object.entries(seen.peek()).filter(([id]) => cards.peek().has(Number(id)));
  seen.value = { ...Object.fromEntries(rest), [card.id]: card.last_message_at };
}
