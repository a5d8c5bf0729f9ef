import { effect, signal, untracked } from "@preact/signals";
import { now } from "../../clock";
import type { Card } from "../../shapes";
import { go } from "../route";
import { subject, t, whoLine } from "../words";
import { needed, sectionOf, sections } from "./queue";
import { session } from "./session";
import { dismissAbout, say } from "./toasts";

/** The latest arrival, for screen readers. */
export const announcement = signal("");

/** What the browser allows: it cannot be asked again after "denied". */
export const permission = signal<NotificationPermission | "impossible">(
  "Notification" in window ? Notification.permission : "impossible",
);

export async function allowNotifications(): Promise<void> {
  permission.value = await Notification.requestPermission();
}

/**
 * Say that somebody has started to wait: softly, or with a banner and a notification when it is urgent.
 * The banner goes when somebody has taken the conversation.
 */
export function announce(before: Card | undefined, card: Card): void {
  const agent = session.peek()?.agent.id;
  const section = sectionOf(card, agent);
  if (before && (before.version >= card.version || sectionOf(before, agent) === section)) return;
  if (before && sectionOf(before, agent) === "urgent") dismissAbout(card.id);
  const who = whoLine(card.who);
  if (section === "waiting") announcement.value = t("new_waiting", { who });
  if (section === "urgent") alarm(card, "urgent_arrived");
}

function alarm(card: Card, word: "urgent_arrived" | "urgent_still_waits"): void {
  const who = whoLine(card.who);
  const about = subject(card) ?? "";
  const title = t(word, { who });
  announcement.value = `${title} ${about}`;
  say([title, about].filter(Boolean).join(" – "), "urgent", card.id);
  if (permission.peek() === "granted" && !document.hasFocus()) notify(card, title, about);
}

function notify(card: Card, title: string, about: string): void {
  // The tag lets several tabs show one notification; some phones can only notify from a service worker.
  try {
    const shown = new Notification(title, { body: about, tag: `bauruf.${card.id}`, renotify: true } as NotificationOptions);
    shown.onclick = () => {
      window.focus();
      go("conversations", card.id);
      shown.close();
    };
  } catch {
    permission.value = "impossible";
  }
}

/** How often an emergency that nobody has accepted in time is said again, milliseconds. */
const again = 5 * 60_000;
const reminders = new Map<number, number>();

effect(() => {
  for (const card of sections.value.urgent) {
    if (!card.due_at) continue;
    const late = Math.floor((now.value - Date.parse(card.due_at)) / again) + 1;
    if (late <= (reminders.get(card.id) ?? 0)) continue;
    reminders.set(card.id, late);
    untracked(() => alarm(card, "urgent_still_waits"));
  }
});

effect(() => {
  document.title = `${needed.value ? `(${needed.value}) ` : ""}Bauruf`;
});
