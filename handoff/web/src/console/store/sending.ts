import { effect, signal } from "@preact/signals";
import { Outbox, type Letter } from "../../outbox";
import type { Message } from "../../shapes";
import { api } from "../api";
import { session } from "./session";
import { putMessage, streamMark } from "./threads";

/** What an agent writes: a reply, a note, or an approved WhatsApp template. */
export interface Written {
  as: "reply" | "note" | "template";
  conversation: number;
  text: string;
  template?: { sid: string; variables: Record<string, string> };
}

export type Unsent = Letter<Written>;

/** The signed-in agent's letters on their way; null when nobody is signed in. */
const outbox = signal<Outbox<Written> | null>(null);

/** One outbox per agent: what one has written is never sent in another's name. */
let owner: number | null = null;
effect(() => {
  const agent = session.value?.agent.id ?? null;
  if (agent === owner) return outbox.peek()?.hurry();
  owner = agent;
  outbox.value = agent === null ? null : new Outbox(`replies.${agent}`, deliver);
  void outbox.peek()?.open();
});

async function deliver({ key, body, files }: Unsent): Promise<void> {
  const asked = streamMark();
  const path = `conversations/${body.conversation}`;
  let message: Message;
  if (body.as === "note") {
    message = await api.post(`${path}/note`, { text: body.text, key });
  } else if (body.as === "template") {
    message = await api.post(`${path}/reply`, { key, template: body.template });
  } else {
    const form = new FormData();
    form.set("text", body.text);
    form.set("key", key);
    for (const file of files) form.append("files", file, file.name);
    message = await api.postForm(`${path}/reply`, form);
  }
  putMessage(message, asked);
}

/** The unsent letters of a conversation, oldest first. */
export function unsentOf(conversation: number): Unsent[] {
  return (outbox.value?.letters.value ?? []).filter(({ body }) => body.conversation === conversation);
}

/** Send; it is on its way at once, and the promise resolves when the browser keeps it over a reload. */
export async function send(written: Written, files: readonly File[] = []): Promise<void> {
  await outbox.peek()?.post(String(written.conversation), written, [...files]);
}

export const sendAgain = (unsent: Unsent) => outbox.peek()?.again(unsent);
export const discard = (key: string) => outbox.peek()?.remove(key);
/** The connection is back. */
export const hurry = () => outbox.peek()?.hurry();
