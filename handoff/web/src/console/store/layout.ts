import { signal } from "@preact/signals";

/** Wide enough for three columns; narrower, the company slides over the conversation. */
export const wide = matchMedia("(min-width: 1200px)");

/** Whether the company is shown beside the conversation. */
export const accountShown = signal(wide.matches);
wide.addEventListener("change", () => (accountShown.value = wide.matches));
