import { useSignal } from "@preact/signals";
import { ApiError } from "../../http";
import { attempt } from "../store/actions";
import { intents, saveExample, type Draft, type Entry, type Spoken } from "../store/corpus";
import { say } from "../store/toasts";
import { coded, t } from "../words";
import { ComplexChoice, UrgencyChoice } from "./labelchoice";

interface ExampleFormProps {
  /** What is to be changed; null for a new one. */
  entry: Entry | null;
  intent: string;
  done: () => void;
}

/** One text with its labels. */
export function ExampleForm({ entry, intent, done }: ExampleFormProps) {
  const draft = useSignal<Draft>(
    entry ?? { text: "", intent, language: "de", urgency: null, complex: null },
  );
  const problem = useSignal("");
  const busy = useSignal(false);
  const change = (to: Partial<Draft>) => (draft.value = { ...draft.peek(), ...to });
  const save = async (event: Event) => {
    event.preventDefault();
    const { text, intent: chosen, language, urgency, complex } = draft.peek();
    busy.value = true;
    problem.value = "";
    const saved = await attempt(async () => {
      try {
        await saveExample({ text, intent: chosen, language, urgency, complex }, entry?.key ?? null);
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== "same_text") throw error;
        problem.value = t("corpus_same", { intent: coded("intent_", String(error.detail.intent)) });
      }
    });
    busy.value = false;
    if (!saved || problem.peek()) return;
    say(t("corpus_saved"), "good");
    done();
  };
  return (
    <form class="agent-form" onSubmit={(event) => void save(event)}>
      <label>
        {t("corpus_text")}
        <textarea
          required
          maxLength={1000}
          rows={3}
          dir="auto"
          value={draft.value.text}
          onInput={(event) => change({ text: event.currentTarget.value })}
        />
      </label>
      <label>
        {t("intent_label")}
        <select required value={draft.value.intent} onChange={(event) => change({ intent: event.currentTarget.value })}>
          <option value="" />
          {intents.value
            ?.filter(({ removed }) => !removed)
            .map(({ name }) => (
              <option key={name} value={name}>
                {coded("intent_", name)}
              </option>
            ))}
        </select>
      </label>
      <LanguageField value={draft.value.language} choose={(language) => change({ language })} />
      <UrgencyChoice value={draft.value.urgency} choose={(urgency) => change({ urgency })} />
      <ComplexChoice value={draft.value.complex} choose={(complex) => change({ complex })} />
      <p class="problem" role="alert">
        {problem}
      </p>
      <button class="button primary" disabled={busy.value}>
        {t("save")}
      </button>
    </form>
  );
}

/** The language of a text or a file. */
export function LanguageField({ value, choose }: { value: Spoken; choose: (value: Spoken) => void }) {
  return (
    <label>
      {t("corpus_language")}
      <select value={value} onChange={(event) => choose(event.currentTarget.value as Spoken)}>
        <option value="de">{t("lang_de")}</option>
        <option value="en">{t("lang_en")}</option>
        <option value="mul">{t("lang_mul")}</option>
      </select>
    </label>
  );
}
