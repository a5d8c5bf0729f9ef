import { useSignal } from "@preact/signals";
import { intents, saveExample, type Draft, type Entry, type Spoken } from "../store/corpus";
import { say } from "../store/toasts";
import { coded, t } from "../words";
import { Form } from "./form";
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
  const change = (to: Partial<Draft>) => (draft.value = { ...draft.peek(), ...to });
  const save = async () => {
    const { text, intent: chosen, language, urgency, complex } = draft.peek();
    await saveExample({ text, intent: chosen, language, urgency, complex }, entry?.key ?? null);
    say(t("corpus_saved"), "good");
    done();
  };
  return (
    <Form word={t("save")} save={save}>
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
    </Form>
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
