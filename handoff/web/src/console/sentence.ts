import { language } from "../language";
import { sentences } from "./words/de/sentences";

const patterns = Object.entries(sentences)
  .filter(([english]) => /\{\d\}/.test(english))
  .map(([english, german]) => ({ pattern: pattern(english), german }));

/** A sentence of the server in the reader's language; as it is when there is no translation. */
export function sentence(english: string): string {
  return language.value === "de" ? german(english) : english;
}

function german(english: string): string {
  const whole = sentences[english];
  if (whole !== undefined) return whole;
  for (const { pattern, german: words } of patterns) {
    const found = pattern.exec(english);
    if (found) return words.replace(/\{(\d)\}/g, (_, place: string) => german(found[Number(place) + 1] ?? ""));
  }
  return english;
}

/** The placeholders of our sentences stand in the order of their numbers. */
function pattern(english: string): RegExp {
  const fixed = english.split(/\{\d\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${fixed.join("(.+?)")}$`);
}
