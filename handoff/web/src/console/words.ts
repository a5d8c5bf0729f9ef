import { translator } from "../language";
import type { Card, Who } from "../shapes";
import { admin as deAdmin } from "./words/de/admin";
import { codes as deCodes } from "./words/de/codes";
import { desk as deDesk } from "./words/de/desk";
import { admin as enAdmin } from "./words/en/admin";
import { codes as enCodes } from "./words/en/codes";
import { desk as enDesk } from "./words/en/desk";

const en = { ...enDesk, ...enAdmin, ...enCodes };
const de: Record<keyof typeof en, string> = { ...deDesk, ...deAdmin, ...deCodes };

export type Word = keyof typeof en;

/** The console's words in the chosen language. */
export const t = translator(en, de);

/** A code of the server in words, or as it is when there are none for it. */
export function coded(prefix: "intent_" | "as_" | "order_" | "system_" | "", code: string): string {
  const key = prefix + code;
  return key in en ? t(key as Word) : code;
}

/** What somebody is called in a line: "Kemal Yıldız, Yıldız Elektro". */
export function whoLine(who: Who): string {
  return [personName(who), who.company].filter(Boolean).join(", ");
}

/** The name, or the address when there is none. */
export function personName(who: Who): string {
  return who.name ?? (who.address || t("unknown_person"));
}

/** Roles in words: "Monteur, Einkauf". */
export function roleNames(roles: string[]): string {
  return roles.map((role) => coded("as_", role)).join(", ");
}

/** What the conversation is about: the brief, else the intent, else null. */
export function subject(card: Card): string | null {
  return card.brief ?? (card.intent ? coded("intent_", card.intent) : null);
}
