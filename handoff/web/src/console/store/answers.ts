import { signal } from "@preact/signals";
import type { Language } from "../../shapes";
import { api } from "../api";
import type { Flip } from "./training";

/** One wording: what is said now and what was there from the start. */
export interface Wording {
  text: string;
  original: string;
  version: number;
  edited_by: string | null;
  edited_at: string | null;
}

/** What a wording is kept under: its language, or German with du. */
export type Form = Language | "de_du";

/** Something the bot says, in every form. */
export interface Answer {
  key: string;
  about: Record<Language, string>;
  variables: string[];
  texts: Record<Form, Wording>;
}

/** What a wording would change in the last conversations: how many would hear it, replies before and after. */
export interface Effect {
  conversations: number;
  turns: number;
  said_in: number;
  changed: number;
  readings: { conversation_id: number; message_id: number; excerpt: string; old: string; new: string }[];
  flips: Flip[];
  missing: string[];
  blocked: boolean;
}

/** Null until they are loaded. */
export const answers = signal<readonly Answer[] | null>(null);

/** How German addresses people; null until the answers are loaded. */
export const address = signal<"sie" | "du" | null>(null);

export async function loadAnswers(): Promise<void> {
  const read = await api.get<{ address: "sie" | "du"; answers: Answer[] }>("answers");
  address.value = read.address;
  answers.value = read.answers;
}

/**
 * The forms an answer is worded in. German with du is one of them where it differs, and where
 * the German of the start has been reworded.
 */
export function formsOf({ texts }: Answer): Form[] {
  const { de, de_du } = texts;
  return de_du.text !== de.text || de.text !== de.original ? ["de", "de_du", "en"] : ["de", "en"];
}

/** Whether this form is what nobody hears, because German addresses people the other way. */
export function isIdle(answer: Answer, form: Form): boolean {
  return formsOf(answer).includes("de_du") && form === (address.value === "du" ? "de" : "de_du");
}

const path = (key: string, form: Form) => `answers/${encodeURIComponent(key)}/${form}`;

/**
 * Save a wording that was changed from `version`. Throws ApiError: `changed`,
 * `unknown_variable`, `safety_line`, `lost_emergency`.
 */
export async function saveWording(key: string, form: Form, text: string, version: number): Promise<void> {
  await api.put(path(key, form), { text, version });
  await loadAnswers();
}

/** Answer the last conversations again in other words; no words are the wording from the start. */
export const tryWording = (key: string, form: Form, text: string) =>
  api.post<Effect>(`${path(key, form)}/replay`, { text });

/** Back to the wording from the start. */
export async function resetWording(key: string, form: Form): Promise<void> {
  await api.delete(path(key, form));
  await loadAnswers();
}

/** What the installer would see of it on a channel, message by message. */
export async function previewWording(
  key: string,
  form: Form,
  text: string,
  channel: string,
): Promise<string[]> {
  return (await api.post<{ parts: string[] }>(`${path(key, form)}/preview`, { text, channel })).parts;
}
