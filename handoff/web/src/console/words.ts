import type { Refusal } from "../http";
import { translator } from "../language";
import type { Card, Who } from "../shapes";
import { fileSize } from "../time";
import { accounts as deAccounts } from "./words/de/accounts";
import { admin as deAdmin } from "./words/de/admin";
import { codes as deCodes } from "./words/de/codes";
import { desk as deDesk } from "./words/de/desk";
import { errors as deErrors } from "./words/de/errors";
import { training as deTraining } from "./words/de/training";
import { trust as deTrust } from "./words/de/trust";
import { accounts as enAccounts } from "./words/en/accounts";
import { admin as enAdmin } from "./words/en/admin";
import { codes as enCodes } from "./words/en/codes";
import { desk as enDesk } from "./words/en/desk";
import { errors as enErrors } from "./words/en/errors";
import { training as enTraining } from "./words/en/training";
import { trust as enTrust } from "./words/en/trust";

const en = { ...enDesk, ...enAccounts, ...enAdmin, ...enCodes, ...enErrors, ...enTraining, ...enTrust };
const de: Record<keyof typeof en, string> = {
  ...deDesk,
  ...deAccounts,
  ...deAdmin,
  ...deCodes,
  ...deErrors,
  ...deTraining,
  ...deTrust,
};

export type Word = keyof typeof en;

/** The console's words in the chosen language. */
export const t = translator(en, de);

/** A code of the server in words, or as it is when there are none for it. */
export function coded(prefix: "intent_" | "as_" | "order_" | "evidence_" | "unlocks_" | "", code: string): string {
  const key = prefix + code.replaceAll(" ", "_");
  return key in en ? t(key as Word) : code;
}

/** A source of companies as people call it. */
export function sourceName(source: string): string {
  const names: Record<string, string> = { hubspot: "HubSpot", salesforce: "Salesforce", csv: "CSV", console: "Bauruf" };
  return names[source] ?? source;
}

/** What somebody is called in a line: "Kemal Yıldız, Yıldız Elektro". */
export function whoLine(who: Who): string {
  return [personName(who), who.company].filter(Boolean).join(", ");
}

/** The name, or the phone when there is none. A channel's own id tells nobody anything. */
export function personName(who: Who): string {
  return who.name ?? (who.address.startsWith("+") ? who.address : t("unknown_person"));
}

/** Roles in words: "Monteur, Einkauf". */
export function roleNames(roles: string[]): string {
  return roles.map((role) => coded("as_", role)).join(", ");
}

/** What the conversation is about: the intent and the facts, as far as they are known; else null. */
export function subject({ intent, brief }: Card): string | null {
  return [intent && coded("intent_", intent), brief].filter(Boolean).join(" · ") || null;
}

/** What the server refused, in the language of the page; in the server's words when the page has none. */
export function refusal({ code, message, detail }: Refusal): string {
  const key = `error_${code}`;
  if (!(key in en)) return message;
  const values = { ...(detail as Record<string, string | number>) };
  if (typeof values.limit === "number") values.limit = fileSize(values.limit);
  if (typeof values.intent === "string") values.intent = coded("intent_", values.intent);
  return t(key as Word, values);
}

/** What happened to the turn, in a line: "Anna Keller took over". `ours` when the reader did it. */
export function happening(code: string, name: string | null, ours: boolean): string {
  if (ours && `you_${code}` in en) return t(`you_${code}` as Word);
  if (code === "resolved" && name === null) return t("system_resolved_alone");
  const key = `system_${code}`;
  return key in en ? t(key as Word, { name: name ?? t("agent") }) : code;
}
