import { signal } from "@preact/signals";
import type { Role } from "../../shapes";
import { api } from "../api";

/** Somebody who may sign in. */
export interface Agent {
  id: number;
  name: string;
  email: string;
  role: Role;
  active: boolean;
  created_at: string;
}

/** What may be changed; a password only when it is to be a new one. */
export type AgentChange = Partial<Pick<Agent, "name" | "role" | "active"> & { password: string }>;

/** Null until they are loaded. */
export const agents = signal<readonly Agent[] | null>(null);

export async function loadAgents(): Promise<void> {
  agents.value = (await api.get<{ agents: Agent[] }>("agents")).agents;
}

/** Let somebody in. Throws ApiError. */
export async function addAgent(email: string, change: AgentChange): Promise<void> {
  await api.post("agents", { ...change, email });
  await loadAgents();
}

/** Change what somebody may do. Throws ApiError: the last administrator stays one. */
export async function changeAgent(id: number, change: AgentChange): Promise<void> {
  await api.patch(`agents/${id}`, change);
  await loadAgents();
}
