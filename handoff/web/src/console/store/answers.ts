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

/** Something the bot says, in every language. */
export interface Answer {
  key: string;
  about: Record<Language, string>;
  variables: string[];
  texts: Record<Language, Wording>;
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

export async function loadAnswers(): Promise<void> {
  answers.value = (await api.get<{ answers: Answer[] }>("answers")).answers;
}

const path = (key: string, language: Language) => `answers/${encodeURIComponent(key)}/${language}`;

/**
 * Save a wording that was changed from `version`. Throws ApiError: `changed`,
 * `unknown_variable`, `safety_line`, `lost_emergency`.
 */
export async function saveWording(key: string, language: Language, text: string, version: number): Promise<void> {
  await api.put(path(key, language), { text, version });
  await loadAnswers();
}

/** Answer the last conversations again in other words; no words are the wording from the start. */
export const tryWording = (key: string, language: Language, text: string) =>
  api.post<Effect>(`${path(key, language)}/replay`, { text });

/** Back to the wording from the start. */
export async function resetWording(key: string, language: Language): Promise<void> {
  await api.delete(path(key, language));
  await loadAnswers();
}

/** What the installer would see of it on a channel, message by message. */
export async function previewWording(
  key: string,
  language: Language,
  text: string,
  channel: string,
): Promise<string[]> {
  return (await api.post<{ parts: string[] }>(`${path(key, language)}/preview`, { text, channel })).parts;
}
