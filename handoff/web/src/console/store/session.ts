import { signal } from "@preact/signals";
import { ApiError, Unreachable } from "../../http";
import { language } from "../../language";
import type { Language, Session } from "../../shapes";
import { api, useSession } from "../api";

/** Who is signed in: undefined until the server has said, null for nobody. */
export const session = signal<Session | null | undefined>(undefined);

/** True while the first question to the server gets no answer. */
export const serverAway = signal(false);

/** What was chosen before signing in; it is stronger than what the agent used last. */
let wished: Language | null = null;

function enter(found: Session): void {
  useSession(found.csrf, leave);
  language.value = found.agent.language;
  serverAway.value = false;
  session.value = found;
}

function leave(): void {
  useSession("", () => undefined);
  session.value = null;
}

/** Ask the server who is signed in, until it answers. */
export async function resume(): Promise<void> {
  try {
    enter(await api.get<Session>("session"));
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return leave();
    if (!(error instanceof ApiError || error instanceof Unreachable)) throw error;
    serverAway.value = true;
    setTimeout(() => void resume(), 2000);
  }
}

/** Sign in. Throws ApiError (wrong_login, throttled) and Unreachable. */
export async function signIn(email: string, password: string): Promise<void> {
  enter(await api.post<Session>("session", { email, password }));
  if (wished) await chooseLanguage(wished);
}

/** Sign out here, and on the server if it answers. */
export async function signOut(): Promise<void> {
  await api.delete("session").catch(() => undefined);
  leave();
}

/** Use a language now and at the next sign-in. */
export async function chooseLanguage(chosen: Language): Promise<void> {
  language.value = chosen;
  wished = session.peek() ? null : chosen;
  if (!session.peek()) return;
  session.value = await api.patch<Session>("session", { language: chosen }).catch(() => session.peek() ?? null);
}
