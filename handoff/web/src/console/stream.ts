import { signal } from "@preact/signals";
import type { Card, Message, Notice, TrainingNow } from "../shapes";

/** What the server tells while it happens. */
export interface LiveEvents {
  account: { id: number };
  card: Card;
  message: Message;
  notice: { notices: Notice[] };
  training: TrainingNow;
  typing: { conversation_id: number };
  reset: Record<string, never>;
}

export type LiveEvent = { [Name in keyof LiveEvents]: { name: Name; data: LiveEvents[Name] } }[keyof LiveEvents];

type Note =
  | { about: "event"; position: string; event: LiveEvent }
  | { about: "connected"; connected: boolean }
  | { about: "hello" };

const names: (keyof LiveEvents)[] = ["account", "card", "message", "notice", "training", "typing", "reset"];

/**
 * The server's live stream, shared by all tabs of this browser: a browser keeps only six connections
 * to one server, so one tab holds the stream and passes everything on. When that tab closes, another
 * one goes on from the position it has seen last.
 */
export class Stream {
  /** Null until the first attempt has ended. */
  readonly connected = signal<boolean | null>(null);
  private readonly tabs = new BroadcastChannel("bauruf.stream");
  private readonly end = new AbortController();
  private source: EventSource | null = null;
  private tries = 0;
  private retry = 0;

  /** `position` is the head of the state this tab has loaded; `receive` gets all that happened after. */
  constructor(
    private position: string,
    private readonly receive: (event: LiveEvent) => void,
  ) {
    this.tabs.onmessage = ({ data }: MessageEvent<Note>) => this.hear(data);
    this.tabs.postMessage({ about: "hello" } satisfies Note);
    void this.lead();
    addEventListener("online", () => this.source && this.connect(), { signal: this.end.signal });
  }

  /** Let go of the stream and of the other tabs. */
  close(): void {
    this.end.abort();
    clearTimeout(this.retry);
    this.source?.close();
    this.tabs.close();
  }

  private async lead(): Promise<void> {
    const until = new Promise<void>((resolve) => this.end.signal.addEventListener("abort", () => resolve()));
    const hold = () => {
      this.connect();
      return until;
    };
    // Without https the browser has no locks; then every tab has a stream of its own.
    if (!("locks" in navigator)) return hold();
    await navigator.locks.request("bauruf.stream", { signal: this.end.signal }, hold).catch(() => undefined);
  }

  private connect(): void {
    this.source?.close();
    clearTimeout(this.retry);
    const source = new EventSource(`/api/stream?after=${encodeURIComponent(this.position)}`);
    this.source = source;
    source.onopen = () => {
      this.tries = 0;
      this.tell(true);
    };
    source.onerror = () => {
      this.tell(false);
      // While it is CONNECTING the browser resumes by itself, with Last-Event-ID.
      if (source.readyState !== EventSource.CLOSED) return;
      const pause = Math.min(500 * 2 ** this.tries++, 10_000);
      this.retry = window.setTimeout(() => this.connect(), pause);
    };
    for (const name of names) {
      source.addEventListener(name, ({ data, lastEventId }: MessageEvent<string>) => {
        const event = { name, data: JSON.parse(data) } as LiveEvent;
        this.tabs.postMessage({ about: "event", position: lastEventId, event } satisfies Note);
        this.take(lastEventId, event);
      });
    }
  }

  private tell(connected: boolean): void {
    this.connected.value = connected;
    this.tabs.postMessage({ about: "connected", connected } satisfies Note);
  }

  private hear(note: Note): void {
    if (note.about === "event") this.take(note.position, note.event);
    else if (note.about === "connected") this.connected.value = note.connected;
    else if (this.source && this.connected.value !== null) this.tell(this.connected.value);
  }

  private take(position: string, event: LiveEvent): void {
    if (position) this.position = position;
    this.receive(event);
  }
}
