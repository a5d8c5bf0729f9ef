import { useSignal } from "@preact/signals";
import { reasonOf } from "../store/actions";
import { importFile, type Import, type Spoken } from "../store/corpus";
import { say } from "../store/toasts";
import { coded, t } from "../words";
import { LanguageField } from "./exampleform";

/** A file is shown first; only then it is taken in. */
export function CorpusImport({ done }: { done: () => void }) {
  const file = useSignal<File | null>(null);
  const language = useSignal<Spoken>("de");
  const shown = useSignal<Import | null>(null);
  const problem = useSignal("");
  const busy = useSignal(false);
  const send = async (apply: boolean) => {
    if (!file.peek()) return;
    busy.value = true;
    problem.value = "";
    try {
      const outcome = await importFile(file.peek()!, language.peek(), apply);
      if (apply) {
        say(t("import_done", { added: outcome.added, moved: outcome.moved }), "good");
        return done();
      }
      shown.value = outcome;
    } catch (error) {
      shown.value = null;
      problem.value = reasonOf(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void send(false);
      }}
    >
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
      </label>
      <LanguageField value={language.value} choose={(value) => (language.value = value)} />
      <p class="problem" role="alert">
        {problem}
      </p>
      {shown.value && <Shown found={shown.value} />}
      <div class="wording-actions">
        <button class="button" disabled={busy.value}>
          {t("corpus_check")}
        </button>
        <button
          type="button"
          class="button primary"
          disabled={busy.value || !shown.value || shown.value.added + shown.value.moved === 0}
          onClick={() => void send(true)}
        >
          {t("corpus_take_in")}
        </button>
      </div>
    </form>
  );
}

function Shown({ found }: { found: Import }) {
  return (
    <div class="import-shown" role="status">
      <p>{t("import_counts", { added: found.added, moved: found.moved, same: found.same })}</p>
      <Concerned title={t("import_moves")} lines={found.moves} />
      <Concerned title={t("import_near")} lines={found.near} />
    </div>
  );
}

function Concerned({ title, lines }: { title: string; lines: Import["moves"] }) {
  if (!lines.length) return null;
  return (
    <details open={lines.length < 6}>
      <summary>
        {title} ({lines.length})
      </summary>
      <ul class="confused">
        {lines.map((line) => (
          <li key={line.place + line.text}>
            <span dir="auto">{line.text}</span>
            <small class="muted">
              {coded("intent_", line.other.intent)} → {coded("intent_", line.intent)} · {line.place}
            </small>
          </li>
        ))}
      </ul>
    </details>
  );
}
