import { t, type Word } from "../words";
import { sendKeyName } from "../keys";
import { helpShown } from "../store/help";
import { Dialog } from "./dialog";

const keys: [string, Word][] = [
  ["j / k", "key_move"],
  ["Enter", "key_open"],
  ["t", "key_take"],
  ["r", "key_reply"],
  ["n", "key_note"],
  ["b", "key_bot"],
  ["e", "key_resolve"],
  ["/", "key_search"],
  ["?", "key_help"],
  ["Esc", "key_escape"],
];

/** What every key does. */
export function Help() {
  return (
    <Dialog open={helpShown.value} title={t("keys_title")} onClose={() => (helpShown.value = false)}>
      <dl class="keys">
        {[...keys, [`${sendKeyName()}+Enter`, "key_send"] as [string, Word]].map(([key, word]) => (
          <div key={word}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(word)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
