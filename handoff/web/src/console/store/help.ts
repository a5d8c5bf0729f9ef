import { signal } from "@preact/signals";

/** Whether the keyboard help is shown. */
export const helpShown = signal(false);
