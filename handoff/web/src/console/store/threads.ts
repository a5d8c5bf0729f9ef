import { batch, signal, type Signal } from "@preact/signals";
import { ApiError, Unreachable } from "../../http";
import type { Card, Conversation, CrmLine, HistoryEntry, Message, Panel, Template } from "../../shapes";
import { api } from "../api";
import { putCards } from "./queue";

/** What is loaded of one conversation. */
export interface Thread {
  id: number;
  state: "loading" | "ready" | "failed" | "missing";
  /** The turn and the company the rest was loaded for. */
  loadedFor: string;
  account: Panel | null;
  messages: readonly Message[];
  hasEarlier: boolean;
  earlier: "idle" | "loading" | "failed";
  templates: readonly Template[];
  events: readonly HistoryEntry[];
  crm: readonly CrmLine[];
}

/** How many conversations stay loaded, the latest opened ones. */
const keepLoaded = 30;
const threads = new Map<number, Signal<Thread>>();
/** Messages the stream has brought, with a running number: an answer that was asked for before is older. */
const streamed = new Map<number, number>();
let streamedCount = 0;

const empty = (id: number): Thread => ({
  id,
  state: "loading",
  loadedFor: "",
  account: null,
  messages: [],
  hasEarlier: false,
  earlier: "idle",
  templates: [],
  events: [],
  crm: [],
});

/** A conversation's thread; loads it when it is not loaded yet. */
export function threadOf(id: number): Signal<Thread> {
  const known = threads.get(id);
  if (known) return known;
  const thread = signal(empty(id));
  threads.set(id, thread);
  for (const oldest of [...threads.keys()].slice(0, -keepLoaded)) threads.delete(oldest);
  void loadThread(thread);
  return thread;
}

/** The company and the history belong to a turn and an account; when those have changed, load again. */
export function freshen(card: Card): void {
  const thread = threads.get(card.id);
  if (thread?.peek().state === "ready" && thread.peek().loadedFor !== basis(card)) void loadThread(thread);
}

const basis = ({ epoch, who }: Card) => `${epoch} ${who.customer_number ?? ""}`;

/** Load, or load again what is shown. */
export async function loadThread(thread: Signal<Thread>): Promise<void> {
  const { id } = thread.peek();
  const asked = streamedCount;
  try {
    const found = await api.get<Conversation>(`conversations/${id}`);
    const { card, account, templates, events, crm } = found;
    const shown = thread.peek();
    const first = found.messages[0]?.id;
    const older = first !== undefined && shown.messages.some((message) => message.id < first);
    batch(() => {
      thread.value = {
        ...shown,
        state: "ready",
        loadedFor: basis(card),
        account,
        templates,
        events,
        crm,
        messages: merge(shown.messages, found.messages, asked),
        hasEarlier: older ? shown.hasEarlier : found.has_earlier,
      };
      putCards([card]);
    });
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof Unreachable)) throw error;
    const missing = error instanceof ApiError && error.status === 404;
    if (thread.peek().state !== "ready") thread.value = { ...thread.peek(), state: missing ? "missing" : "failed" };
  }
}

/** Fetch the page before the oldest message. */
export async function loadEarlier(thread: Signal<Thread>): Promise<void> {
  const { id, messages, hasEarlier, earlier } = thread.peek();
  const oldest = messages[0];
  if (!oldest || !hasEarlier || earlier === "loading") return;
  thread.value = { ...thread.peek(), earlier: "loading" };
  const asked = streamedCount;
  try {
    const page = await api.get<{ messages: Message[]; has_earlier: boolean }>(
      `conversations/${id}/messages?before=${oldest.id}`,
    );
    const shown = thread.peek();
    thread.value = {
      ...shown,
      earlier: "idle",
      hasEarlier: page.has_earlier,
      messages: merge(shown.messages, page.messages, asked),
    };
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof Unreachable)) throw error;
    thread.value = { ...thread.peek(), earlier: "failed" };
  }
}

/** A message from the stream: always the newest state. */
export function streamMessage(message: Message): void {
  streamed.set(message.id, ++streamedCount);
  putMessage(message, streamedCount);
}

/** Where the stream stands, to be noted before a question whose answer brings messages. */
export const streamMark = (): number => streamedCount;

/** A message from an answer that was asked for at `asked`. */
export function putMessage(message: Message, asked: number): void {
  const thread = threads.get(message.conversation_id);
  if (!thread) return;
  thread.value = { ...thread.peek(), messages: merge(thread.peek().messages, [message], asked) };
}

/** Forget everything but what is shown, and load that again. */
export function reloadThreads(shown: number | null): void {
  for (const [id, thread] of threads) {
    if (id === shown) void loadThread(thread);
    else threads.delete(id);
  }
}

/** Nobody is signed in any more. */
export function forgetThreads(): void {
  threads.clear();
  streamed.clear();
}

function merge(known: readonly Message[], news: readonly Message[], asked: number): readonly Message[] {
  const all = new Map(known.map((message) => [message.id, message]));
  for (const message of news) {
    if (all.has(message.id) && (streamed.get(message.id) ?? 0) > asked) continue;
    all.set(message.id, message);
  }
  return [...all.values()].sort((a, b) => a.id - b.id);
}
