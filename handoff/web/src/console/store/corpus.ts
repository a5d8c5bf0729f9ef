import { signal } from "@preact/signals";
import type { Urgency } from "../../shapes";
import { api } from "../api";

export interface Intent {
  name: string;
  source: "shipped" | "console";
  examples: number;
  removed: boolean;
}

export type Source = "shipped" | "console" | "review" | "import";
export type Spoken = "de" | "en" | "mul";

/** One text of the corpus. */
export interface Entry {
  key: string;
  text: string;
  intent: string;
  language: Spoken;
  source: Source;
  was: string | null;
  removed: boolean;
  urgency: Urgency | null;
  complex: boolean | null;
  by: string | null;
  at: string | null;
}

export interface Contradiction {
  first: Entry;
  second: Entry;
  similarity: number;
}

interface Incoming {
  text: string;
  intent: string;
  place: string;
  other: Entry;
  similarity: number;
}

/** What a file changes, or would change. */
export interface Import {
  added: number;
  moved: number;
  same: number;
  moves: Incoming[];
  near: Incoming[];
  applied: boolean;
}

/** Null until they are loaded. */
export const intents = signal<readonly Intent[] | null>(null);

export async function loadIntents(): Promise<void> {
  intents.value = (await api.get<{ intents: Intent[] }>("corpus/intents")).intents;
}

export interface Filter {
  intent: string;
  words: string;
  source: string;
}

export async function findExamples(
  { intent, words, source }: Filter,
  after: number,
): Promise<{ entries: Entry[]; total: number }> {
  const query = new URLSearchParams({ q: words, after: String(after) });
  if (intent) query.set("intent", intent);
  if (source) query.set("source", source);
  return await api.get(`corpus/examples?${query}`);
}

/** A text as it shall stand in the corpus. */
export interface Draft {
  text: string;
  intent: string;
  language: Spoken;
  urgency: Urgency | null;
  complex: boolean | null;
}

/** Save a new text, or the one whose `key` is given. Throws ApiError `same_text`. */
export async function saveExample(draft: Draft, key: string | null): Promise<void> {
  if (key === null) await api.post("corpus/examples", draft);
  else await api.put(`corpus/examples/${key}`, draft);
  await loadIntents();
}

export async function removeExample({ key }: Entry): Promise<void> {
  await api.delete(`corpus/examples/${key}`);
  await loadIntents();
}

export async function restoreExample({ key }: Entry): Promise<void> {
  await api.post(`corpus/examples/${key}/restore`);
  await loadIntents();
}

export async function addIntent(name: string): Promise<void> {
  await api.post("corpus/intents", { name });
  await loadIntents();
}

/** Throws ApiError `same_intent`, `bad_intent`. */
export async function renameIntent(name: string, to: string): Promise<void> {
  await api.put(`corpus/intents/${encodeURIComponent(name)}`, { name: to });
  await loadIntents();
}

export async function removeIntent(name: string): Promise<void> {
  await api.delete(`corpus/intents/${encodeURIComponent(name)}`);
  await loadIntents();
}

export async function findContradictions(): Promise<Contradiction[]> {
  return (await api.get<{ contradictions: Contradiction[] }>("corpus/contradictions")).contradictions;
}

/** Show what a file would change; with `apply`, change it. Throws ApiError `bad_corpus`, `two_intents`. */
export async function importFile(file: File, language: Spoken, apply: boolean): Promise<Import> {
  const form = new FormData();
  form.set("file", file);
  form.set("language", language);
  form.set("apply", apply ? "yes" : "no");
  const done = await api.postForm<Import>("corpus/import", form);
  if (apply) await loadIntents();
  return done;
}
