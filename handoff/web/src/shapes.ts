/** The values of docs/console-api.md, as the server sends them. Times are ISO 8601, UTC. */

export type Language = "de" | "en";
export type Channel = "whatsapp" | "telegram" | "webchat";
export type Turn = "BOT" | "WAITING" | "AGENT" | "CLOSED";
export type Urgency = 0 | 1 | 2;
export type Role = "agent" | "admin";

export interface AgentName {
  id: number;
  name: string;
}

/** What a channel carries; sizes in bytes, null for no limit. */
export interface Limits {
  text: number;
  image_bytes: number | null;
  file_bytes: number | null;
}

export interface Session {
  agent: AgentName & { email: string; role: Role; language: Language };
  csrf: string;
  company: string;
  demo: boolean;
  limits: Partial<Record<Channel, Limits>>;
}

export interface Who {
  name: string | null;
  company: string | null;
  customer_number: string | null;
  city: string | null;
  tier: string | null;
  roles: string[];
  trust: number;
  address: string;
}

/** One conversation as the queue shows it. The newer `version` wins. */
export interface Card {
  id: number;
  channel: Channel;
  turn: Turn;
  epoch: number;
  version: number;
  urgency: Urgency;
  reasons: { code: string; text: Record<Language, string> }[];
  intent: string | null;
  brief: string | null;
  language: Language;
  who: Who;
  agent: AgentName | null;
  waiting_since: string | null;
  due_at: string | null;
  overdue: boolean;
  last_message_at: string;
  /** Until when free text may be sent; null for no limit. */
  window_until: string | null;
  preview: { author: Author; kind: string; text: string } | null;
  blocked: boolean;
}

export type Author = "installer" | "bot" | "agent" | "note" | "system";
export type DeliveryState = "queued" | "sending" | "sent" | "delivered" | "read" | "failed" | "dropped";

export interface Media {
  id: number;
  kind: string;
  mime: string | null;
  filename: string | null;
  size: number | null;
  state: "waiting" | "stored" | "failed";
  problem?: string | null;
  url: string;
}

export interface Place {
  latitude: number;
  longitude: number;
  label: string | null;
}

export interface ContactCard {
  name: string;
  phone: string | null;
  own: boolean;
}

export interface Choice {
  value: string;
  label: string;
}

export interface Message {
  id: number;
  conversation_id: number;
  author: Author;
  agent: AgentName | null;
  kind: string;
  text: string;
  at: string;
  edited_at: string | null;
  key: string | null;
  choices: Choice[];
  location: Place | null;
  contact: ContactCard | null;
  problem: string | null;
  media: Media[];
  delivery: { state: DeliveryState; error: string | null; code: string | null; resent: boolean } | null;
  understanding: {
    intent: string;
    confidence: number;
    sure: boolean;
    urgency: Urgency;
    /** What an agent says it is instead. */
    corrected: string | null;
  } | null;
}

export interface Panel {
  id: number;
  name: string;
  customer_number: string;
  city: string | null;
  tier: string | null;
  owner: string | null;
  phones: string[];
  synced_at: string;
  source: string;
  people: { id: number; name: string; roles: string[]; active: boolean; phone: string | null }[];
  orders: {
    number: string;
    status: string;
    ordered_on: string;
    promised_on: string | null;
    lines: { article: string; quantity: number }[];
  }[];
  conversations: {
    id: number;
    name: string | null;
    channel: Channel;
    turn: Turn;
    intent: string | null;
    last_message_at: string;
  }[];
}

export interface Template {
  sid: string;
  name: string;
  language: string;
  text: string;
  variables: string[];
}

export interface HistoryEntry {
  at: string;
  kind: string;
  actor: string;
  text: string;
}

/** What a CRM was told of a conversation. An error beside an address: a note instead of a ticket. */
export interface CrmLine {
  source: string;
  kind: "ticket" | "transcript";
  state: "waiting" | "sending" | "done" | "failed";
  reference: string | null;
  url: string | null;
  error: string | null;
  at: string;
}

export interface Conversation {
  card: Card;
  account: Panel | null;
  messages: Message[];
  has_earlier: boolean;
  templates: Template[];
  events: HistoryEntry[];
  crm: CrmLine[];
}

export interface Notice {
  key: string;
  text: string;
  since: string;
}

export interface Queue {
  head: string;
  cards: Card[];
  notices: Notice[];
}

/** One training, from the wish to its end. */
export interface Training {
  id: number;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  step: string;
  progress: number;
  problem: string | null;
  version: string | null;
  by: string | null;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
}

/** The newest training, and the version that answers. */
export interface TrainingNow {
  training: Training | null;
  live: string | null;
}
