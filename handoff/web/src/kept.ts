import { effect, signal, type Signal } from "@preact/signals";

const prefix = "bauruf.";

/** Read a value this browser keeps; `fallback` if there is none or the browser keeps nothing. */
export function readKept<T>(name: string, fallback: T): T {
  try {
    const stored = localStorage.getItem(prefix + name);
    return stored === null ? fallback : (JSON.parse(stored) as T);
  } catch {
    return fallback;
  }
}

/** Keep a value in this browser; `undefined` forgets it. A browser that keeps nothing loses it at reload. */
export function keep(name: string, value: unknown): void {
  try {
    if (value === undefined) localStorage.removeItem(prefix + name);
    else localStorage.setItem(prefix + name, JSON.stringify(value));
  } catch {
    return;
  }
}

/** A signal whose value survives a reload. */
export function kept<T>(name: string, fallback: T): Signal<T> {
  const value = signal(readKept(name, fallback));
  effect(() => keep(name, value.value));
  return value;
}
