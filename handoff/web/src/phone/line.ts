import { batch, signal } from "@preact/signals";
import { ApiError, request, Unreachable } from "../http";
import { keep, readKept } from "../kept";
import { language } from "../language";
import type { Letter } from "../outbox";
import { readEvents, type StreamEvent } from "./events";
import type { Done, Holder, PhoneMessage, PhoneSession, Sender } from "./shapes";

interface Loaded {
  head: string;
  messages: PhoneMessage[];
  holder: Holder;
  agent: string | null;
}

/** How long "is writing" is shown after the last sign of it, milliseconds. */
const typingLasts = 6000;

/** The line between one sender and the company: what was said, who answers, and the way to say more. */
export class Line {
  readonly messages = signal<readonly PhoneMessage[]>([]);
  /** What the server has taken and not yet sent back. */
  readonly accepted = signal<readonly Letter<Done>[]>([]);
  readonly holder = signal<{ holder: Holder; agent: string | null }>({ holder: "bot", agent: null });
  readonly typing = signal(false);
  readonly state = signal<"connecting" | "open" | "offline">("connecting");
  readonly title = signal("");
  private session: Promise<PhoneSession> | null = null;
  private stop = new AbortController();
  private typingEnds = 0;

  constructor(
    readonly id: string,
    readonly sender: Sender,
  ) {}

  /** Load what was said and follow what is being said, until `hangUp`. */
  async follow(onOpen: () => void): Promise<void> {
    this.stop = new AbortController();
    const { signal: stop } = this.stop;
    for (let tries = 0; !stop.aborted; tries++) {
      const started = Date.now();
      try {
        await this.listen(stop, onOpen);
      } catch (error) {
        if (!(error instanceof ApiError || error instanceof Unreachable || isLost(error))) throw error;
        if (stop.aborted) return;
        this.state.value = "offline";
      }
      if (Date.now() - started > 10_000) tries = 0;
      await pause(Math.min(500 * 2 ** tries, 8000), stop);
    }
  }

  /** Stop following. */
  hangUp(): void {
    this.stop.abort();
    this.state.value = "connecting";
  }

  /** Send what was done; the server takes the same key once. Throws ApiError and Unreachable. */
  async deliver(letter: Letter<Done>): Promise<void> {
    const { key, body, files } = letter;
    if (files.length) {
      const form = new FormData();
      form.set("key", key);
      form.set("text", body.deed.text ?? "");
      for (const file of files) form.append("files", file, file.name);
      await this.call("POST", "messages", { form });
    } else {
      await this.call("POST", "messages", { json: { key, ...body.deed } });
    }
    if (!this.messages.peek().some((message) => message.key === key)) {
      this.accepted.value = [...this.accepted.peek(), letter];
    }
  }

  /** Say that somebody is typing here; best effort. */
  async tellTyping(): Promise<void> {
    await this.call("POST", "typing").catch(() => undefined);
  }

  /** A file of this conversation. Throws TypeError when it cannot be had. */
  async file(url: string): Promise<Blob> {
    const response = await fetch(url, { headers: await this.headers() });
    if (!response.ok) throw new TypeError(`${response.status} ${url}`);
    return await response.blob();
  }

  /** Forget who this is; the next call begins anew. */
  forget(): void {
    this.session = null;
    keep(`line.${this.id}`, undefined);
  }

  private async listen(stop: AbortSignal, onOpen: () => void): Promise<void> {
    const { head, messages, holder, agent } = await this.call<Loaded>("GET", "messages");
    if (stop.aborted) return;
    batch(() => {
      this.messages.value = messages;
      this.holder.value = { holder, agent };
      this.dropEchoes();
    });
    const path = `/chat/stream?after=${encodeURIComponent(head)}`;
    for await (const event of readEvents(path, await this.headers(), stop)) {
      if (event === "open") {
        this.state.value = "open";
        onOpen();
      } else if (event.name === "reset") return;
      else this.take(event);
    }
  }

  private take({ name, data }: StreamEvent): void {
    clearTimeout(this.typingEnds);
    this.typing.value = name === "typing";
    if (name === "typing") {
      this.typingEnds = window.setTimeout(() => (this.typing.value = false), typingLasts);
    } else if (name === "holder") {
      this.holder.value = JSON.parse(data) as { holder: Holder; agent: string | null };
    } else if (name === "message") {
      const message = JSON.parse(data) as PhoneMessage;
      const others = this.messages.peek().filter(({ id }) => id !== message.id);
      batch(() => {
        this.messages.value = [...others, message].sort((a, b) => a.id - b.id);
        this.dropEchoes();
      });
    }
  }

  private dropEchoes(): void {
    const keys = new Set(this.messages.peek().map(({ key }) => key));
    this.accepted.value = this.accepted.peek().filter(({ key }) => !keys.has(key));
  }

  private async call<T>(method: string, path: string, body: { json?: unknown; form?: FormData } = {}): Promise<T> {
    try {
      return await request<T>(method, `/chat/${path}`, { ...body, headers: await this.headers() });
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.forget();
      throw error;
    }
  }

  private async headers(): Promise<Record<string, string>> {
    this.session ??= this.open();
    try {
      const { token, title } = await this.session;
      this.title.value = title;
      return { Authorization: `Bearer ${token}` };
    } catch (error) {
      this.session = null;
      throw error;
    }
  }

  private async open(): Promise<PhoneSession> {
    const kept = readKept<PhoneSession | null>(`line.${this.id}`, null);
    if (kept) return kept;
    const { channel, person } = this.sender;
    const session = await request<PhoneSession>("POST", "/chat/session", {
      json: { channel, language: person?.language ?? language.peek(), ...(person ? { person: person.id } : {}) },
    });
    keep(`line.${this.id}`, session);
    return session;
  }
}

/** What `fetch` throws when a stream breaks or is stopped. */
function isLost(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof DOMException && error.name === "AbortError");
}

function pause(milliseconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    const wake = () => {
      clearTimeout(timer);
      resolve();
    };
    stop.addEventListener("abort", wake, { once: true });
    addEventListener("online", wake, { once: true });
  });
}
