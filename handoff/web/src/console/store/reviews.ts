import { computed, signal } from "@preact/signals";
import type { Urgency } from "../../shapes";
import { api } from "../api";
import { attempt } from "./actions";

export type Why = "unsure" | "corrected" | "handed_back" | "not_helpful" | "sampled";

/** Nearly same messages that wait for one label. */
export interface Group {
  ids: number[];
  conversations: number[];
  text: string;
  others: string[];
  why: Why[];
  language: "de" | "en";
  suggestions: { intent: string; confidence: number }[];
  said: string | null;
  urgency: Urgency;
  at: string;
}

interface Inbox {
  groups: Group[];
  open: number;
  done: number;
}

/** Null until it is loaded. */
export const inbox = signal<Inbox | null>(null);

/** What was decided in this sitting, the newest last, to be taken back one by one. */
export const decided = signal<readonly Group[]>([]);

/** The first message of the group that is being looked at; null for the first group. */
const lookedAt = signal<number | null>(null);

export const current = computed<Group | null>(() => {
  const groups = inbox.value?.groups ?? [];
  return groups.find(({ ids }) => ids[0] === lookedAt.value) ?? groups[0] ?? null;
});

/** With fewer groups than this left, the next ones are fetched. */
const few = 5;

export async function loadReviews(): Promise<void> {
  const loaded = await api.get<Inbox>("reviews");
  // What is being saved at this moment is still open for the server.
  const gone = new Set(decided.peek().flatMap(({ ids }) => ids));
  inbox.value = { ...loaded, groups: loaded.groups.filter(({ ids }) => !ids.some((id) => gone.has(id))) };
}

export function look(group: Group): void {
  lookedAt.value = group.ids[0] ?? null;
}

/** Go to the next or the previous group. */
export function step(by: 1 | -1): void {
  const groups = inbox.peek()?.groups ?? [];
  const place = groups.findIndex((group) => group === current.peek());
  const next = groups[place + by];
  if (next) look(next);
}

/** What somebody says about a group; null where nothing is said. */
export interface Label {
  intent: string;
  urgency: Urgency | null;
  complex: boolean | null;
}

/** Label a group and go on at once; it comes back if the server refuses. */
export const label = (group: Group, said: Label) =>
  finish(group, () => api.post("reviews/label", { ids: group.ids, ...said }));

/** Nothing is to be learned from a group. */
export const dismiss = (group: Group) => finish(group, () => api.post("reviews/dismiss", { ids: group.ids }));

async function finish(group: Group, save: () => Promise<unknown>): Promise<void> {
  const shown = inbox.peek();
  if (!shown) return;
  // The inbox may have been loaded again since the group was shown.
  const place = shown.groups.findIndex(({ ids }) => ids[0] === group.ids[0]);
  const groups = shown.groups.filter((_, other) => other !== place);
  lookedAt.value = (groups[place] ?? groups[place - 1])?.ids[0] ?? null;
  inbox.value = { groups, open: shown.open - group.ids.length, done: shown.done + group.ids.length };
  decided.value = [...decided.peek(), group];
  if (!(await inOrder(save))) {
    decided.value = decided.peek().filter((other) => other !== group);
    return void attempt(loadReviews);
  }
  if (groups.length < few && inbox.peek()!.open > groups.length) await attempt(loadReviews);
}

/** What is under way; the server gets decisions in the order in which they were made. */
let before: Promise<unknown> = Promise.resolve();

function inOrder(work: () => Promise<unknown>): Promise<boolean> {
  const done = before.then(() => attempt(async () => void (await work())));
  before = done;
  return done;
}

/** Take the last decision back and look at that group again. */
export async function undo(): Promise<void> {
  const group = decided.peek().at(-1);
  if (!group) return;
  decided.value = decided.peek().slice(0, -1);
  await inOrder(async () => {
    await api.post("reviews/undo", { ids: group.ids });
    await loadReviews();
  });
  lookedAt.value = group.ids[0] ?? null;
}
