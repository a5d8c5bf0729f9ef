import { translator } from "../language";
import { de } from "./words/de";
import { en } from "./words/en";

export type Word = keyof typeof en;

/** The phone's words in the chosen language. */
export const t = translator(en, de);

/** A role in words, or as it is when there are none for it. */
export function roleName(role: string): string {
  const key = `as_${role}`;
  return key in en ? t(key as Word) : role;
}
