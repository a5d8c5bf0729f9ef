import { signal, type Signal } from "@preact/signals";
import { keep, readKept } from "../../kept";
import { session } from "./session";

export type Mode = "reply" | "note";

/** What is being written in one conversation: a reply and a note side by side. */
export interface Draft {
  mode: Mode;
  reply: string;
  note: string;
}

const empty: Draft = { mode: "reply", reply: "", note: "" };
const drafts = new Map<string, Signal<Draft>>();
/** Files chosen but not sent; they live as long as the page. */
const chosen = new Map<number, Signal<readonly File[]>>();

const name = (id: number) => `draft.${session.peek()?.agent.id ?? 0}.${id}`;

/** The signed-in agent's draft in a conversation, as it was left. */
export function draftOf(id: number): Signal<Draft> {
  const key = name(id);
  let draft = drafts.get(key);
  if (!draft) drafts.set(key, (draft = signal({ ...empty, ...readKept<Partial<Draft>>(key, {}) })));
  return draft;
}

/** Change the draft and keep it; an empty one is forgotten. */
export function write(id: number, change: Partial<Draft>): void {
  const draft = draftOf(id);
  draft.value = { ...draft.peek(), ...change };
  const { reply, note } = draft.peek();
  keep(name(id), reply || note ? draft.peek() : undefined);
}

/** Whether something unsent is written in a conversation. */
export function hasDraft(id: number): boolean {
  const { reply, note } = draftOf(id).value;
  return Boolean(reply.trim() || note.trim());
}

/** The files chosen for the next reply. */
export function filesOf(id: number): Signal<readonly File[]> {
  let files = chosen.get(id);
  if (!files) chosen.set(id, (files = signal<readonly File[]>([])));
  return files;
}

addEventListener("beforeunload", (event) => {
  if ([...chosen.values()].some((files) => files.peek().length)) event.preventDefault();
});
