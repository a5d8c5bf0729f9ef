import { effect } from "@preact/signals";
import { kept } from "./kept";
import type { Language } from "./shapes";

/** The language of the page: chosen here, or by the browser at the first visit. */
export const language = kept<Language>("language", navigator.language.startsWith("en") ? "en" : "de");

effect(() => {
  document.documentElement.lang = language.value;
});

type Values = Record<string, string | number>;

/** Put values into the `{name}` places of a wording. */
function fill(wording: string, values: Values): string {
  return wording.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/**
 * The words of a page. The English dictionary defines the keys; the German one must have them all,
 * which the compiler checks. The returned function follows the chosen language.
 */
export function translator<Words extends Record<string, string>>(
  en: Words,
  de: Record<keyof Words, string>,
): (key: keyof Words, values?: Values) => string {
  return (key, values = {}) => fill((language.value === "de" ? de : en)[key] ?? String(key), values);
}
