import { useSignal } from "@preact/signals";
import { now } from "../../clock";
import { moment } from "../../time";
import { attempt } from "../store/actions";
import { undoMerge, type AccountPage, type MergeLine } from "../store/accounts";
import { say } from "../store/toasts";
import { t } from "../words";
import { Part } from "./part";

/** What was merged into this company, each with a way back. */
export function Merges({ page }: { page: AccountPage }) {
  const busy = useSignal(false);
  if (!page.merges.length) return null;

  async function undo({ id, name }: MergeLine) {
    busy.value = true;
    const undone = await attempt(async () => void (await undoMerge(id)));
    busy.value = false;
    if (undone) say(t("merge_undone", { name }), "good");
  }

  return (
    <Part title={t("merged_here")}>
      <ul class="merges">
        {page.merges.map((line) => (
          <li key={line.id}>
            <span dir="auto">
              {t("merged_line", {
                name: line.name,
                number: line.number,
                when: moment(line.at, now.peek()),
                by: line.by,
              })}
            </span>
            <button class="button small" disabled={busy.value} onClick={() => void undo(line)}>
              {t("merge_undo")}
            </button>
          </li>
        ))}
      </ul>
    </Part>
  );
}
