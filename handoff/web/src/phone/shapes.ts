import type { Channel, Choice, ContactCard, Language, Media, Place } from "../shapes";

/** The values of the phone's calls in docs/console-api.md. */
export interface Person {
  id: number;
  name: string;
  company: string | null;
  role: string;
  language: Language;
  phone: string;
  about: Record<Language, string>;
}

export interface PhoneSession {
  token: string;
  channel: Channel;
  title: string;
  language: Language;
}

export interface PhoneMessage {
  id: number;
  author: "installer" | "bot" | "agent";
  name: string | null;
  kind: string;
  text: string;
  at: string;
  edited_at: string | null;
  key: string | null;
  choices: Choice[];
  /** Says that this did not help. */
  rate: Choice | null;
  location: Place | null;
  contact: ContactCard | null;
  media: Media[];
  delivery_state: string | null;
  ask_contact: boolean;
}

export type Holder = "bot" | "waiting" | "agent";

/** Who writes, on which channel; `person` null is somebody nobody knows. */
export interface Sender {
  channel: Channel;
  person: Person | null;
}

/** What an installer does on the phone. Files go along with an empty or a written text. */
export interface Deed {
  text?: string;
  tap?: string;
  label?: string;
  location?: { latitude: number; longitude: number };
  contact?: ContactCard;
}

/** A deed and who did it. */
export interface Done {
  sender: Sender;
  deed: Deed;
}
