import { useSignal, type Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { attempt } from "../store/actions";
import { findExamples, intents, loadIntents, removeExample, restoreExample, type Entry, type Filter } from "../store/corpus";
import { say } from "../store/toasts";
import { coded, t, type Word } from "../words";
import { Contradictions } from "./contradictions";
import { CorpusImport } from "./corpusimport";
import { Dialog } from "./dialog";
import { ExampleForm } from "./exampleform";
import { IntentForm } from "./intentform";

const sources = ["changed", "console", "review", "import", "shipped", "removed"];

type Box = "add" | "import" | "intent" | "contradictions" | Entry | null;

/** The examples: searched, added, changed, taken in and given out. */
export function Corpus() {
  const filter = useSignal<Filter>({ intent: "", words: "", source: "" });
  const found = useSignal<{ entries: Entry[]; total: number } | null>(null);
  const box = useSignal<Box>(null);
  const search = (more = false) =>
    attempt(async () => {
      const asked = filter.peek();
      const known = more ? (found.peek()?.entries ?? []) : [];
      const page = await findExamples(asked, known.length);
      if (asked === filter.peek()) found.value = { total: page.total, entries: [...known, ...page.entries] };
    });
  useEffect(() => void attempt(loadIntents), []);
  useEffect(() => {
    const wait = setTimeout(() => void search(), 150);
    return () => clearTimeout(wait);
  }, [filter.value]);
  const close = (changed: boolean) => {
    box.value = null;
    if (changed) void search();
  };
  return (
    <>
      <p class="muted">{t("corpus_lead")}</p>
      <Filters filter={filter} />
      <div class="corpus-actions">
        <button class="button primary" onClick={() => (box.value = "add")}>
          {t("corpus_add")}
        </button>
        <button class="button" onClick={() => (box.value = "intent")}>
          {t("corpus_intent_add")}
        </button>
        <button class="button" onClick={() => (box.value = "contradictions")}>
          {t("corpus_contradictions")}
        </button>
        <button class="button" onClick={() => (box.value = "import")}>
          {t("corpus_import")}
        </button>
        <a class="button" href="/api/corpus/export?format=rasa" download>
          {t("corpus_export_rasa")}
        </a>
        <a class="button" href="/api/corpus/export?format=csv" download>
          {t("corpus_export_csv")}
        </a>
      </div>
      <p role="status" class="muted">
        {found.value ? t("corpus_total", { count: found.value.total }) : t("loading")}
      </p>
      {found.value?.total === 0 && <p class="none">{t("corpus_none")}</p>}
      <ul class="examples">
        {found.value?.entries.map((entry) => (
          <ExampleLine key={entry.key} entry={entry} edit={() => (box.value = entry)} changed={() => void search()} />
        ))}
      </ul>
      {found.value && found.value.entries.length < found.value.total && (
        <button class="button" onClick={() => void search(true)}>
          {t("corpus_more")}
        </button>
      )}
      <Dialog open={box.value !== null} title={titleOf(box.value)} onClose={() => close(false)}>
        {box.value === "add" && <ExampleForm entry={null} intent={filter.peek().intent} done={() => close(true)} />}
        {box.value === "intent" && <IntentForm done={() => close(true)} />}
        {box.value === "import" && <CorpusImport done={() => close(true)} />}
        {box.value === "contradictions" && <Contradictions edit={(entry) => (box.value = entry)} />}
        {box.value !== null && typeof box.value === "object" && (
          <ExampleForm key={box.value.key} entry={box.value} intent="" done={() => close(true)} />
        )}
      </Dialog>
    </>
  );
}

function titleOf(box: Box): string {
  if (box === null) return "";
  if (typeof box === "object") return t("corpus_edit");
  const words = {
    add: "corpus_add",
    import: "corpus_import",
    intent: "corpus_intent_add",
    contradictions: "corpus_contradictions",
  } as const;
  return t(words[box]);
}

function Filters({ filter }: { filter: Signal<Filter> }) {
  const change = (to: Partial<Filter>) => (filter.value = { ...filter.peek(), ...to });
  return (
    <div class="corpus-filters">
      <input
        type="search"
        aria-label={t("corpus_filter")}
        placeholder={t("corpus_filter")}
        value={filter.value.words}
        onInput={(event) => change({ words: event.currentTarget.value })}
      />
      <select
        aria-label={t("intent_label")}
        value={filter.value.intent}
        onChange={(event) => change({ intent: event.currentTarget.value })}
      >
        <option value="">{t("corpus_all")}</option>
        {intents.value
          ?.filter(({ removed }) => !removed)
          .map(({ name, examples }) => (
            <option key={name} value={name}>
              {coded("intent_", name)} ({examples})
            </option>
          ))}
      </select>
      <select
        aria-label={t("corpus_source")}
        value={filter.value.source}
        onChange={(event) => change({ source: event.currentTarget.value })}
      >
        <option value="">{t("corpus_any")}</option>
        {sources.map((source) => (
          <option key={source} value={source}>
            {t(`source_${source}` as Word)}
          </option>
        ))}
      </select>
    </div>
  );
}

interface ExampleLineProps {
  entry: Entry;
  edit: () => void;
  changed: () => void;
}

function ExampleLine({ entry, edit, changed }: ExampleLineProps) {
  const act = async (work: () => Promise<void>, word: Word) => {
    if (!(await attempt(work))) return;
    say(t(word), "good");
    changed();
  };
  return (
    <li>
      <div class="example-text">
        <span dir="auto">{entry.text}</span>
        <small class="muted">
          <span class="badge">{coded("intent_", entry.intent)}</span>
          {entry.source !== "shipped" && <span class="badge fresh">{t(`source_${entry.source}` as Word)}</span>}
          {entry.urgency !== null && entry.urgency > 0 && (
            <span class={`badge ${entry.urgency === 2 ? "urgent-outline" : "soon"}`}>
              {t(`urgency_${entry.urgency}` as Word)}
            </span>
          )}
          {entry.was && <span>{t("corpus_was", { intent: coded("intent_", entry.was) })}</span>}
          {entry.by && <span>{entry.by}</span>}
        </small>
      </div>
      {!entry.removed && (
        <>
          <button class="button small" aria-label={`${t("corpus_edit")}: ${entry.text}`} onClick={edit}>
            {t("corpus_change")}
          </button>
          <button
            class="button small"
            aria-label={`${t("corpus_remove")}: ${entry.text}`}
            onClick={() => void act(() => removeExample(entry), "corpus_removed")}
          >
            {t("corpus_remove")}
          </button>
        </>
      )}
      {(entry.removed || entry.was) && (
        <button
          class="button small"
          aria-label={`${t("corpus_restore")}: ${entry.text}`}
          onClick={() => void act(() => restoreExample(entry), "corpus_restored")}
        >
          {t("corpus_restore")}
        </button>
      )}
    </li>
  );
}
