import type { Card } from "../../shapes";
import { api } from "../api";
import { putCards } from "./queue";

/** How far whoever writes is trusted: the level, what proves it until when, what it unlocks. */
export interface Trust {
  level: number;
  evidence: string;
  until: string | null;
  unlocks: string[];
  highest: number;
}

export interface Invited {
  link: string;
  expires_at: string;
}

/** What is known about the trust in a conversation. */
export const readTrust = (conversation: number) => api.get<Trust>(`conversations/${conversation}/trust`);

/** Raise or lower it; `person` says who of the company it is, where that was not known. */
export async function changeTrust(conversation: number, level: number, reason: string, person: number | null) {
  const change = { level, reason, person_id: person };
  putCards([await api.put<Card>(`conversations/${conversation}/trust`, change)]);
}

/** A one-time link to the Telegram bot for somebody of a company. */
export const invite = (account: number, person: number | null) =>
  api.post<Invited>(`accounts/${account}/invitations`, { person_id: person });
