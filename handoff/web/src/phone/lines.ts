import { Outbox } from "../outbox";
import { Line } from "./line";
import type { Deed, Done, Sender } from "./shapes";

const lines = new Map<string, Line>();

/** The name of a sender's line: everybody has one per channel. */
function lineId({ channel, person }: Sender): string {
  return `${channel}.${person?.id ?? "stranger"}`;
}

/** The sender's line, made when it is first needed. */
export function lineOf(sender: Sender): Line {
  const id = lineId(sender);
  let line = lines.get(id);
  if (!line) lines.set(id, (line = new Line(id, sender)));
  return line;
}

/** Begin anew with nobody known: the next message comes from another stranger. */
export function forgetLine(line: Line): void {
  line.hangUp();
  line.forget();
  lines.delete(line.id);
}

/** What is on its way, from all senders. */
export const outbox = new Outbox<Done>("phone", (letter) => lineOf(letter.body.sender).deliver(letter));

/** Do something on the phone; it is sent now, or when there is reception. */
export async function act({ id, sender }: Line, deed: Deed, files: File[] = []): Promise<void> {
  await outbox.post(id, { sender, deed }, files);
}
