import { signal } from "@preact/signals";
import { ApiError, Unreachable } from "../../http";
import type { AgentName, Language, Panel, Turn } from "../../shapes";
import { api } from "../api";

/** A company in a list. */
export interface Entry {
  id: number;
  name: string;
  customer_number: string;
  city: string | null;
  tier: string | null;
}

export interface Promised {
  conversation_id: number;
  who: string | null;
  turn: Turn;
  brief: string | null;
  agent: AgentName | null;
  until: string;
  overdue: boolean;
}

/** One question that colleagues were answered differently. */
export interface Differing {
  intent: string;
  subject: string;
  told: { conversation_id: number; message_id: number; who: string; author: "bot" | "agent"; text: string; at: string }[];
}

export interface MergeLine {
  id: number;
  number: string;
  name: string;
  at: string;
  by: string;
}

/** The record of a CRM behind a company; `differs` is what it says where somebody edited here. */
export interface CrmRecord {
  source: string;
  url: string;
  synced_at: string;
  differs: Record<string, string | null>;
  open_items: { reference: string; title: string; status: string; url: string | null }[];
  open_items_at: string | null;
}

/** Somebody a conversation brought up who is not on file. */
export interface Proposal {
  id: number;
  name: string | null;
  phone: string;
  evidence: "named_company" | "contact_card";
  conversation_id: number | null;
  at: string;
}

/** Somebody accepted, and how far they have come in a CRM. */
export interface ContactLine {
  id: number;
  name: string;
  source: string;
  state: "waiting" | "sending" | "done" | "failed";
  url: string | null;
  error: string | null;
  at: string;
}

/** The whole of a company. */
export interface AccountPage extends Panel {
  domains: string[];
  parent: { id: number; name: string } | null;
  children: { id: number; name: string }[];
  devices: { article: string; name: Record<Language, string> | null; quantity: number }[];
  promises: Promised[];
  differing: Differing[];
  merges: MergeLine[];
  records: CrmRecord[];
  proposals: Proposal[];
  contacts: ContactLine[];
}

export type Member = Panel["people"][number];

/** What is looked for, and what was found for it; null while it is being looked for. */
export const wanted = signal("");
export const entries = signal<{ for: string; accounts: Entry[] | "failed" } | null>(null);
/** The open company; null while it is loading, "gone" when there is none. */
export const shown = signal<AccountPage | "failed" | "gone" | null>(null);

/** Companies that fit the words; those who wrote last without any. */
export async function findAccounts(words: string): Promise<Entry[]> {
  return (await api.get<{ accounts: Entry[] }>(`accounts?q=${encodeURIComponent(words.trim())}`)).accounts;
}

/** Look for what is `wanted` now. */
export async function lookUp(): Promise<void> {
  const words = wanted.peek();
  let accounts: Entry[] | "failed";
  try {
    accounts = await findAccounts(words);
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof Unreachable)) throw error;
    accounts = "failed";
  }
  if (wanted.peek() === words) entries.value = { for: words, accounts };
}

/** Open a company. */
export async function openAccount(id: number): Promise<void> {
  if (current()?.id !== id) shown.value = null;
  try {
    const page = await api.get<AccountPage>(`accounts/${id}`);
    shown.value = page;
    // What is open in the CRM takes a moment longer: the page does not wait for it.
    if (page.records.length) await readRecords(id);
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof Unreachable)) throw error;
    shown.value = error instanceof ApiError && error.status === 404 ? "gone" : "failed";
  }
}

/** Follow what has become of the open company, whoever changed it. */
export async function freshenAccount(id: number): Promise<void> {
  if (current()?.id !== id) return;
  try {
    const page = await api.get<AccountPage>(`accounts/${id}`);
    if (current()?.id === id) shown.value = page;
  } catch (error) {
    // What was there stays; whatever else happens to the company brings it again.
    if (!(error instanceof ApiError || error instanceof Unreachable)) throw error;
  }
}

async function readRecords(id: number): Promise<void> {
  try {
    const { records } = await api.get<{ records: CrmRecord[] }>(`accounts/${id}/records`);
    const page = current();
    if (page?.id === id) shown.value = { ...page, records };
  } catch (error) {
    // What was read last is on the page already.
    if (!(error instanceof ApiError || error instanceof Unreachable)) throw error;
  }
}

const current = () => (typeof shown.peek() === "object" ? (shown.peek() as AccountPage | null) : null);

/** Show what a change has made of the company, here and in the list. All throw ApiError. */
async function changed(answer: Promise<AccountPage>): Promise<AccountPage> {
  const page = await answer;
  shown.value = page;
  await lookUp();
  return page;
}

export type AccountChange = Partial<Record<"name" | "city" | "tier" | "owner", string | null>>;

export const changeAccount = (id: number, change: AccountChange) =>
  changed(api.patch<AccountPage>(`accounts/${id}`, change));

export const changeMember = (id: number, person: number, roles: string[], active: boolean) =>
  changed(api.put<AccountPage>(`accounts/${id}/people/${person}`, { roles, active }));

export const mergeAccounts = (kept: number, gone: number) =>
  changed(api.post<AccountPage>(`accounts/${kept}/merge`, { gone }));

export const undoMerge = (merge: number) => changed(api.post<AccountPage>(`accounts/merges/${merge}/undo`));

export const acceptProposal = (id: number, name: string) =>
  changed(api.post<AccountPage>(`accounts/proposals/${id}/accept`, { name }));

export const declineProposal = (id: number) => changed(api.post<AccountPage>(`accounts/proposals/${id}/decline`));

export const splitAccount = (id: number, people: number[], customer_number: string, name: string) =>
  changed(api.post<AccountPage>(`accounts/${id}/split`, { people, customer_number, name }));
