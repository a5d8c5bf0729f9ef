import { ApiError, Unreachable } from "../../http";
import type { AgentName, Card, Message } from "../../shapes";
import { api } from "../api";
import { refusal, t } from "../words";
import { putCards } from "./queue";
import { putMessage, streamMark } from "./threads";
import { say } from "./toasts";

/** Ask for the turn. Somebody faster is named. True when it is ours. */
export const takeOver = (id: number) => act(id, "take");
/** Give the turn to the bot. */
export const giveToBot = (id: number) => act(id, "return");
/** Close the conversation. */
export const resolve = (id: number) => act(id, "resolve");

async function act(id: number, action: "take" | "return" | "resolve"): Promise<boolean> {
  return await attempt(async () => putCards([await api.post<Card>(`conversations/${id}/${action}`)]));
}

/** Queue a failed message again. */
export async function retry(message: Message): Promise<void> {
  const asked = streamMark();
  await attempt(async () => putMessage(await api.post<Message>(`messages/${message.id}/retry`), asked));
}

/** Do it, and say what went wrong. False when it did. */
export async function attempt(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    const newer = error instanceof ApiError ? error.detail.conversation_id : undefined;
    say(reasonOf(error), "bad", typeof newer === "number" ? newer : undefined);
    return false;
  }
}

/** What went wrong, for a person. Throws on what is no answer of the server: that is our own mistake. */
export function reasonOf(error: unknown): string {
  if (error instanceof Unreachable) return t("unreachable");
  if (!(error instanceof ApiError)) throw error;
  const agent = error.detail.agent as AgentName | undefined;
  if (error.code === "taken" && agent) return t("taken_by", { name: agent.name });
  return refusal(error);
}
