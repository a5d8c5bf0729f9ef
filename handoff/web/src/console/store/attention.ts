import { effect, signal } from "@preact/signals";
import type { Card } from "../../shapes";
import { go } from "../route";
import { subject, t, whoLine } from "../words";
import { needed, sectionOf } from "./queue";
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
  if (section !== "urgent") return;
  const about = subject(card) ?? "";
  announcement.value = `${t("urgent_arrived", { who })} ${about}`;
  say([t("urgent_arrived", { who }), about].filter(Boolean).join(" – "), "urgent", card.id);
  if (permission.peek() === "granted" && !document.hasFocus()) notify(card, who, about);
}

function notify(card: Card, who: string, about: string): void {
  // The tag lets several tabs show one notification; some phones can only notify from a service worker.
  try {
    const shown = new Notification(t("urgent_arrived", { who }), { body: about, tag: `bauruf.${card.id}` });
    shown.onclick = () => {
      window.focus();
      go("conversations", card.id);
      shown.close();
    };
  } catch {
    permission.value = "impossible";
  }
}

effect(() => {
  document.title = `${needed.value ? `(${needed.value}) ` : ""}Bauruf`;
});
