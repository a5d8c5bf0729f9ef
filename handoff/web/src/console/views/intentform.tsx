import { useSignal } from "@preact/signals";
import { attempt } from "../store/actions";
import { addIntent, intents, removeIntent } from "../store/corpus";
import { say } from "../store/toasts";
import { coded, t } from "../words";
import { Form } from "./form";

/** Adds an intent; those that were added here can be removed again. */
export function IntentForm({ done }: { done: () => void }) {
  const name = useSignal("");
  const add = async () => {
    await addIntent(name.peek().trim());
    say(t("corpus_intent_added"), "good");
    done();
  };
  const own = intents.value?.filter(({ source, removed }) => source === "console" && !removed) ?? [];
  return (
    <>
      <Form word={t("corpus_intent_add")} save={add}>
        <label>
          {t("corpus_intent_name")}
          <input required maxLength={40} value={name} onInput={(event) => (name.value = event.currentTarget.value)} />
          <small>{t("corpus_intent_hint")}</small>
        </label>
      </Form>
      <ul class="examples">
        {own.map((intent) => (
          <li key={intent.name}>
            <span class="example-text">
              {coded("intent_", intent.name)} ({intent.examples})
            </span>
            <button
              class="button small"
              aria-label={`${t("corpus_intent_remove")}: ${intent.name}`}
              onClick={() => void attempt(() => removeIntent(intent.name))}
            >
              {t("corpus_intent_remove")}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
