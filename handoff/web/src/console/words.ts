import { translator } from "../language";
import type { Author, Card, Who } from "../shapes";
import { de } from "./words/de";
import { en } from "./words/en";

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

/** Who wrote, for a line that has no room for colours. */
export function authorWord(author: Author): string {
  if (author === "bot") return t("bot");
  if (author === "note") return t("note");
  return author === "agent" ? t("agent") : "";
}
