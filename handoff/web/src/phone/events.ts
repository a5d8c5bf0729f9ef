/** One event of a stream. */
export interface StreamEvent {
  name: string;
  data: string;
}

/** How long a stream may be silent before it counts as dead, milliseconds; the server speaks every 15 seconds. */
const silence = 40_000;

/**
 * Read a server's event stream with headers of our own, which EventSource cannot send.
 * Ends when the server ends it; throws when the connection is lost or silent for too long.
 */
export async function* readEvents(
  path: string,
  headers: Record<string, string>,
  stop: AbortSignal,
): AsyncGenerator<StreamEvent | "open"> {
  const dead = new AbortController();
  let watch = setTimeout(() => dead.abort(), silence);
  try {
    const response = await fetch(path, { headers, signal: AbortSignal.any([stop, dead.signal]) });
    if (!response.ok || !response.body) throw new TypeError(`${response.status} ${path}`);
    yield "open";
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      clearTimeout(watch);
      watch = setTimeout(() => dead.abort(), silence);
      const blocks = (rest + chunk.value.replaceAll("\r", "")).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = parse(block);
        if (event) yield event;
      }
    }
  } finally {
    clearTimeout(watch);
  }
}

function parse(block: string): StreamEvent | null {
  const event = { name: "message", data: [] as string[] };
  for (const line of block.split("\n")) {
    const [, field, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (field === "event") event.name = value ?? "";
    if (field === "data") event.data.push(value ?? "");
  }
  return event.data.length ? { name: event.name, data: event.data.join("\n") } : null;
}
