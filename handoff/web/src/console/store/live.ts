import { batch, computed, effect, signal } from "@preact/signals";
import { ApiError, Unreachable } from "../../http";
import type { Queue } from "../../shapes";
import { api } from "../api";
import { openId } from "../route";
import { Stream, type LiveEvent } from "../stream";
import { freshenAccount } from "./accounts";
import { announce } from "./attention";
import { cards, notices, putCards, queueState } from "./queue";
import { hurry } from "./sending";
import { session } from "./session";
import { streamTraining } from "./training";
import { forgetThreads, freshen, reloadThreads, streamMessage } from "./threads";

const stream = signal<Stream | null>(null);

/** False when the live stream is cut; null while nobody knows yet. */
export const connected = computed(() => stream.value?.connected.value ?? null);

/** Conversations whose installer is typing, until when (milliseconds). */
export const typing = signal<ReadonlyMap<number, number>>(new Map());

/** How long a "typing" counts, milliseconds. */
const typingLasts = 6000;

/** Load the queue, then follow the stream from there. Called at sign-in and whenever the stream says `reset`. */
export async function follow(): Promise<void> {
  stream.peek()?.close();
  stream.value = null;
  queueState.value = cards.peek().size ? "ready" : "loading";
  const agent = session.peek()?.agent.id;
  try {
    const queue = await api.get<Queue>("queue");
    if (session.peek()?.agent.id !== agent) return;
    batch(() => {
      const before = cards.peek();
      if (before.size) for (const card of queue.cards) announce(before.get(card.id), card);
      cards.value = new Map(queue.cards.map((card) => [card.id, card]));
      notices.value = queue.notices;
      queueState.value = "ready";
    });
    stream.value = new Stream(queue.head, receive);
    reloadThreads(openId.peek());
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof Unreachable)) throw error;
    if (!cards.peek().size) queueState.value = "failed";
    setTimeout(() => session.peek() && !stream.peek() && void follow(), 3000);
  }
}

function receive(event: LiveEvent): void {
  switch (event.name) {
    case "card":
      announce(cards.peek().get(event.data.id), event.data);
      return putCards([event.data]);
    case "message":
      return streamMessage(event.data);
    case "account":
      return void freshenAccount(event.data.id);
    case "notice":
      notices.value = event.data.notices;
      return;
    case "training":
      return streamTraining(event.data);
    case "typing":
      typing.value = new Map(typing.peek()).set(event.data.conversation_id, Date.now() + typingLasts);
      return;
    case "reset":
      return void follow();
  }
}

// The open conversation's company and history follow what happens to it.
effect(() => {
  const card = openId.value === null ? undefined : cards.value.get(openId.value);
  if (card) freshen(card);
});

// What waits for the network is sent as soon as the stream is back.
effect(() => {
  if (connected.value) hurry();
});

// A cut stream may also mean that the server has forgotten the session; its next answer tells.
effect(() => {
  if (connected.value === false) void api.get("session").catch(() => undefined);
});

let followed: number | null = null;
effect(() => {
  const agent = session.value?.agent.id ?? null;
  if (agent === followed) return;
  followed = agent;
  cards.value = new Map();
  notices.value = [];
  forgetThreads();
  if (agent !== null) return void follow();
  stream.peek()?.close();
  stream.value = null;
});
