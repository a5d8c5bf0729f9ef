import { signal } from "@preact/signals";

/** A line that says what just happened, and goes by itself. */
interface Toast {
  id: number;
  text: string;
  tone: "good" | "bad" | "urgent";
  /** The conversation it is about, if it should offer to open it. */
  conversation?: number;
}

export const toasts = signal<readonly Toast[]>([]);

/** How long a line stays, milliseconds; an urgent one stays until it is dismissed. */
const stay = 6000;
let last = 0;

export function say(text: string, tone: Toast["tone"], conversation?: number): void {
  const toast: Toast = { id: ++last, text, tone, ...(conversation === undefined ? {} : { conversation }) };
  const others = toasts.peek().filter((other) => conversation === undefined || other.conversation !== conversation);
  toasts.value = [...others, toast].slice(-4);
  if (tone !== "urgent") setTimeout(() => dismiss(toast.id), stay);
}

/** What was said about a conversation is settled. */
export function dismissAbout(conversation: number): void {
  toasts.value = toasts.peek().filter((toast) => toast.conversation !== conversation);
}

export function dismiss(id: number): void {
  toasts.value = toasts.peek().filter((toast) => toast.id !== id);
}
