import { computed, signal } from "@preact/signals";
import { ApiError, request, Unreachable } from "../../http";
import { kept } from "../../kept";
import type { Channel } from "../../shapes";
import type { Person, Sender } from "../shapes";

/** Whom the newcomer can be; null until they are loaded. */
export const people = signal<readonly Person[] | null>(null);
export const peopleFailed = signal(false);

/** The chosen person's number, null for a stranger, and the channel. */
export const chosen = kept<{ person: number | null; channel: Channel }>("phone.sender", {
  person: null,
  channel: "whatsapp",
});

/** Rises when the newcomer wants to be another stranger. */
export const strangers = signal(0);

/** Who writes now; null until the people are loaded. */
export const sender = computed<Sender | null>(() => {
  if (!people.value) return null;
  const { person, channel } = chosen.value;
  return { channel, person: people.value.find(({ id }) => id === person) ?? null };
});

export async function loadPeople(): Promise<void> {
  peopleFailed.value = false;
  try {
    people.value = (await request<{ people: Person[] }>("GET", "/chat/people")).people;
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof Unreachable)) throw error;
    peopleFailed.value = true;
  }
}
