import { useSignal } from "@preact/signals";
import { attempt } from "../store/actions";
import { intents, loadIntents } from "../store/corpus";
import { say } from "../store/toasts";
import { correctIntent } from "../store/training";
import { coded, t } from "../words";
import { Dialog } from "./dialog";

interface CorrectProps {
  messageId: number;
  word: string;
  done?: () => void;
}

/** Lets somebody say what a message is about. */
export function CorrectButton({ messageId, word, done }: CorrectProps) {
  const open = useSignal(false);
  const begin = () => {
    open.value = true;
    if (!intents.peek()) void attempt(loadIntents);
  };
  const choose = async (intent: string) => {
    open.value = false;
    const saved = await attempt(async () => void (await correctIntent(messageId, intent)));
    if (!saved) return;
    say(t("correct_done"), "good");
    done?.();
  };
  return (
    <>
      <button class="plain link correct" onClick={begin}>
        {word}
      </button>
      <Dialog open={open.value} title={t("correct_title")} onClose={() => (open.value = false)}>
        {!intents.value && <p class="none">{t("loading")}</p>}
        <div class="intent-options">
          {intents.value
            ?.filter(({ removed }) => !removed)
            .map(({ name }) => (
              <button type="button" key={name} onClick={() => void choose(name)}>
                <span>{coded("intent_", name)}</span>
              </button>
            ))}
        </div>
      </Dialog>
    </>
  );
}
