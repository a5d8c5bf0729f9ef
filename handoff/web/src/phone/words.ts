import type { Refusal } from "../http";
import { translator } from "../language";
import { de } from "./words/de";
import { en } from "./words/en";

export type Word = keyof typeof en;

/** The phone's words in the chosen language. */
export const t = translator(en, de);

/** A role in words, or as it is when there are none for it. */
export function roleName(role: string): string {
  const key = `as_${role.replaceAll(" ", "_")}`;
  return key in en ? t(key as Word) : role;
}

/** What the server refused, in the language of the page; in the server's words when the page has none. */
export function refusal({ code, message, detail }: Refusal): string {
  const key = `error_${code}`;
  return key in en ? t(key as Word, { file: String(detail.file) }) : message;
}
