import { signal } from "@preact/signals";
import type { Card, TrainingNow, Training, Urgency } from "../../shapes";
import { api } from "../api";

/** Shares are 0 to 1; null where there was nothing to measure. */
export interface Metrics {
  judged?: number;
  accuracy?: number | null;
  macro_f1?: number | null;
  sure?: number | null;
  emergencies_found?: number | null;
  false_alarms?: number | null;
  oos_auroc?: number | null;
}

export type Engine = "linear" | "rasa";

export interface Version {
  name: string;
  engine: Engine;
  examples: number;
  metrics: Metrics;
  by: string | null;
  created_at: string;
  live: boolean;
  usable: boolean;
}

interface Overview {
  live: string | null;
  rollback_to: string | null;
  untrained: boolean;
  versions: Version[];
  trainings: Training[];
  promotions: { version: string; kind: "start" | "promote" | "rollback"; lost: number; by: string | null; at: string }[];
}

export interface Cell {
  actual: string;
  predicted: string;
  count: number;
  texts: { text: string; place: string; confidence: number; sure: boolean }[];
}

/** What was measured of a version; nlu/report.py says what each part is. */
export interface Report {
  intents?: { intent: string; precision: number; recall: number; f1: number; support: number }[];
  confusion?: Cell[];
  calibration?: { from: number; to: number; confidence: number; accuracy: number; count: number }[];
  scope?: { threshold: number; points: { score: number; kept: number; rejected: number }[] } | null;
}

interface Decided {
  intent: string;
  action: string;
  urgency: Urgency;
  reasons: Card["reasons"];
}

export interface Flip {
  conversation_id: number;
  message_id: number;
  excerpt: string;
  old: Decided;
  new: Decided;
  blocks: boolean;
}

/** What a candidate would change in the last conversations. */
export interface Outcome {
  conversations: number;
  turns: number;
  flips: Flip[];
  blocked: boolean;
}

export interface Policy {
  version: number;
  values: Record<string, number>;
  delivered: Record<string, number>;
  alarm_from: number;
  person_from: number;
  history: { version: number; values: Record<string, number>; by: string | null; at: string }[];
}

export interface HandoffLine {
  name: string;
  handoffs: number;
  ended: number;
  needless: number;
  late: number;
  missed: number;
}

/** Null until it is loaded. */
export const overview = signal<Overview | null>(null);

export async function loadTraining(): Promise<void> {
  overview.value = await api.get<Overview>("training");
}

/** Take over what the stream tells: at once what is running, the rest when something has ended. */
export function streamTraining({ training, live }: TrainingNow): void {
  const known = overview.peek();
  if (!known) return;
  const others = known.trainings.filter(({ id }) => id !== training?.id);
  overview.value = { ...known, trainings: training ? [training, ...others] : others };
  const ended = training && training.state !== "waiting" && training.state !== "running";
  if (ended || live !== known.live) void loadTraining().catch(() => undefined);
}

export async function startTraining(): Promise<void> {
  await api.post("training");
  await loadTraining();
}

export async function cancelTraining({ id }: Training): Promise<void> {
  await api.post(`training/${id}/cancel`);
  await loadTraining();
}

const path = (name: string) => `training/versions/${encodeURIComponent(name)}`;

export const readReport = (name: string) => api.get<{ version: Version; report: Report }>(path(name));

/** Decide the last conversations again with a version. */
export const tryVersion = (name: string) => api.post<Outcome>(`${path(name)}/replay`);

/** Let a version answer. Throws ApiError `lost_emergency`, `unfit_version`. */
export async function promote(name: string): Promise<void> {
  await api.post(`${path(name)}/promote`);
  await loadTraining();
}

/** Let the version before answer again. Throws ApiError `lost_emergency`, unless it is wanted anyway. */
export async function rollBack(anyway: boolean): Promise<void> {
  overview.value = await api.post<Overview>("training/rollback", { anyway });
}

export const readPolicy = () => api.get<Policy>("training/policy");
export const tryPolicy = (values: Record<string, number>) => api.post<Outcome>("training/policy/replay", { values });
export const savePolicy = (values: Record<string, number>, version: number) =>
  api.put<Policy>("training/policy", { values, version });

export const readHandoffs = () =>
  api.get<{ days: number; by_intent: HandoffLine[]; by_tier: HandoffLine[] }>("training/handoffs");

/** Say what a message is about. */
export const correctIntent = (messageId: number, intent: string) =>
  api.put(`messages/${messageId}/intent`, { intent });
