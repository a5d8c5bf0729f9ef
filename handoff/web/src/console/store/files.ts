import type { Card } from "../../shapes";
import { fileSize } from "../../time";
import { t } from "../words";
import { filesOf, write } from "./drafts";
import { session } from "./session";
import { say } from "./toasts";

/** The server takes as many in one reply. */
const most = 10;

/** Choose files for the next reply; what the channel cannot carry is refused now, not after sending. */
export function addFiles(card: Card, files: File[]): void {
  const chosen = filesOf(card.id);
  const limits = session.peek()?.limits[card.channel];
  const fitting = files.filter((file) => {
    const limit = file.type.startsWith("image/") ? limits?.image_bytes : limits?.file_bytes;
    if (!limit || file.size <= limit) return true;
    const [size, allowed] = [fileSize(file.size), fileSize(limit)];
    say(t("file_too_large", { name: file.name, channel: t(card.channel), size, limit: allowed }), "bad");
    return false;
  });
  const all = [...chosen.peek(), ...fitting];
  if (all.length > most) say(t("too_many_files", { count: most }), "bad");
  chosen.value = all.slice(0, most);
  if (fitting.length) write(card.id, { mode: "reply" });
}

export function removeFile(card: Card, file: File): void {
  const chosen = filesOf(card.id);
  chosen.value = chosen.peek().filter((other) => other !== file);
}
