import { effect } from "@preact/signals";
import { kept } from "./kept";

export type Theme = "system" | "light" | "dark";

/** Light, dark, or what the computer is set to. The colours themselves follow `color-scheme`. */
export const theme = kept<Theme>("theme", "system");

effect(() => {
  document.documentElement.style.colorScheme = theme.value === "system" ? "light dark" : theme.value;
});
