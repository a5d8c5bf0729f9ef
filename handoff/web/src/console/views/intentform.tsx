import { useSignal } from "@preact/signals";
import { attempt } from "../store/actions";
import { addIntent, intents, removeIntent, renameIntent, type Intent } from "../store/corpus";
import { say } from "../store/toasts";
import { t } from "../words";
import { Form } from "./form";

/** Adds an intent; those that were added here can be renamed and removed. */
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
          <OwnIntent key={intent.name} intent={intent} />
        ))}
      </ul>
    </>
  );
}

function OwnIntent({ intent }: { intent: Intent }) {
  const name = useSignal(intent.name);
  const rename = async () => {
    await renameIntent(intent.name, name.peek().trim());
    say(t("corpus_intent_renamed"), "good");
  };
  return (
    <li>
      <form
        class="example-text own-intent"
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(rename);
        }}
      >
        <input
          required
          maxLength={40}
          aria-label={`${t("corpus_intent_name")}: ${intent.name}`}
          value={name.value}
          onInput={(event) => (name.value = event.currentTarget.value)}
        />
        <small class="muted">{t("corpus_total", { count: intent.examples })}</small>
        <button class="button small" disabled={name.value.trim() === intent.name}>
          {t("corpus_intent_rename")}
        </button>
      </form>
      <button
        class="button small"
        aria-label={`${t("corpus_intent_remove")}: ${intent.name}`}
        onClick={() => void attempt(() => removeIntent(intent.name))}
      >
        {t("corpus_intent_remove")}
      </button>
    </li>
  );
}
