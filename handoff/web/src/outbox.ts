import { signal } from "@preact/signals";
import { ApiError, Unreachable, type Refusal } from "./http";
import { newKey } from "./key";
import { Shelf } from "./shelf";

/** Something written that the server has not confirmed yet. */
export interface Letter<Body> {
  /** Goes with every try, so that the server takes it once however often it is sent. */
  key: string;
  thread: string;
  body: Body;
  files: File[];
  writtenAt: string;
  /** Why the server refused it; null while it is on its way. */
  problem: Refusal | null;
}

/**
 * Letters on their way: kept in the browser until the server has them, tried again when there was no
 * answer, in order within a thread. A letter the server refuses stays, with the reason, until it is
 * sent again or discarded.
 */
export class Outbox<Body> {
  readonly letters = signal<readonly Letter<Body>[]>([]);
  private readonly shelf: Shelf<Letter<Body>>;
  private readonly busy = new Set<string>();
  private readonly waiting = new Map<string, { tries: number; timer: number }>();

  constructor(
    name: string,
    private readonly deliver: (letter: Letter<Body>) => Promise<void>,
  ) {
    this.shelf = new Shelf(name);
    addEventListener("online", () => this.hurry());
  }

  /** Take up what an earlier page left behind. */
  async open(): Promise<void> {
    const known = new Set(this.letters.peek().map(({ key }) => key));
    const left = (await this.shelf.all()).filter(({ key }) => !known.has(key));
    this.letters.value = [...left, ...this.letters.peek()].sort((a, b) => a.writtenAt.localeCompare(b.writtenAt));
    this.hurry();
  }

  /** Send: among the letters at once; resolves when the browser keeps it over a reload, not when it has arrived. */
  async post(thread: string, body: Body, files: File[] = []): Promise<Letter<Body>> {
    const letter = { key: newKey(), thread, body, files, writtenAt: new Date().toISOString(), problem: null };
    this.letters.value = [...this.letters.peek(), letter];
    await this.shelf.put(letter);
    void this.work(thread);
    return letter;
  }

  /** Send a refused letter again, under the same key. */
  async again(letter: Letter<Body>): Promise<void> {
    await this.change({ ...letter, problem: null });
    void this.work(letter.thread);
  }

  /** The letter has arrived, or is not wanted any more. */
  async remove(key: string): Promise<void> {
    if (!this.letters.peek().some((letter) => letter.key === key)) return;
    this.letters.value = this.letters.peek().filter((letter) => letter.key !== key);
    await this.shelf.remove(key);
  }

  /** Try at once what waits for its next try. */
  hurry(): void {
    for (const { timer } of this.waiting.values()) clearTimeout(timer);
    for (const thread of new Set(this.letters.peek().map((letter) => letter.thread))) void this.work(thread);
  }

  private async change(letter: Letter<Body>): Promise<void> {
    this.letters.value = this.letters.peek().map((other) => (other.key === letter.key ? letter : other));
    await this.shelf.put(letter);
  }

  private async work(thread: string): Promise<void> {
    if (this.busy.has(thread)) return;
    this.busy.add(thread);
    try {
      for (let letter = this.next(thread); letter; letter = this.next(thread)) {
        if (!(await this.tryOnce(letter))) return this.later(thread);
        this.waiting.delete(thread);
      }
    } finally {
      this.busy.delete(thread);
    }
  }

  private next(thread: string): Letter<Body> | undefined {
    return this.letters.peek().find((letter) => letter.thread === thread && letter.problem === null);
  }

  /** False when there was no answer and the letter has to wait. */
  private async tryOnce(letter: Letter<Body>): Promise<boolean> {
    try {
      await this.deliver(letter);
      await this.remove(letter.key);
    } catch (error) {
      if (error instanceof Unreachable || (error instanceof ApiError && error.passes)) return false;
      if (!(error instanceof ApiError)) throw error;
      const { code, message, detail } = error;
      await this.change({ ...letter, problem: { code, message, detail } });
    }
    return true;
  }

  private later(thread: string): void {
    const tries = (this.waiting.get(thread)?.tries ?? 0) + 1;
    const pause = Math.min(1000 * 2 ** (tries - 1), 10_000);
    this.waiting.set(thread, { tries, timer: window.setTimeout(() => void this.work(thread), pause) });
  }
}
