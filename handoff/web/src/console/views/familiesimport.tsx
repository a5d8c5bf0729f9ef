import { useSignal } from "@preact/signals";
import { importNames } from "../store/families";
import { say } from "../store/toasts";
import { t } from "../words";
import { Form } from "./form";

/** A file of names is shown first; only then it is taken in. */
export function FamiliesImport({ done }: { done: () => void }) {
  const file = useSignal<File | null>(null);
  const shown = useSignal<{ added: number; same: number } | null>(null);
  const send = async () => {
    if (!file.peek()) return;
    if (!shown.peek()) {
      shown.value = await importNames(file.peek()!, false);
      return;
    }
    const { added } = await importNames(file.peek()!, true);
    say(t("families_imported", { added }), "good");
    done();
  };
  return (
    <Form word={t(shown.value ? "corpus_take_in" : "corpus_check")} save={send} disabled={shown.value?.added === 0}>
      <label>
        {t("corpus_file")}
        <input
          type="file"
          required
          accept=".yml,.yaml,.csv"
          onChange={(event) => {
            file.value = event.currentTarget.files?.[0] ?? null;
            shown.value = null;
          }}
        />
        <small>{t("families_file_hint")}</small>
      </label>
      <p role="status">{shown.value && t("families_counts", shown.value)}</p>
    </Form>
  );
}
