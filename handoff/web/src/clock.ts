import { signal } from "@preact/signals";

/** How far the server's clock is ahead of this computer's, milliseconds. */
let ahead = 0;

/** The server's time now, milliseconds since 1970; moves every second. */
export const now = signal(Date.now());

const tick = () => {
  now.value = Date.now() + ahead;
};
setInterval(tick, 1000);
document.addEventListener("visibilitychange", tick);

/**
 * Learn the server's time from a response's Date header, so that deadlines are right on a computer
 * whose clock is not. The header has whole seconds; smaller differences are left alone.
 */
export function learnServerTime(date: string | null): void {
  const difference = date ? Date.parse(date) - Date.now() : Number.NaN;
  if (Number.isNaN(difference)) return;
  ahead = Math.abs(difference) < 5000 ? 0 : difference;
}
