import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { findAccounts, mergeAccounts, type AccountPage, type Entry } from "../store/accounts";
import { attempt } from "../store/actions";
import { say } from "../store/toasts";
import { t } from "../words";
import { EntryLine } from "./accounts";
import { Form } from "./form";

const rest = 200;

/** Find the company that is the same one, and take it in. */
export function MergeForm({ page, done }: { page: AccountPage; done: () => void }) {
  const words = useSignal(page.name.split(" ")[0] ?? "");
  const found = useSignal<readonly Entry[] | null>(null);
  const chosen = useSignal<Entry | null>(null);

  useEffect(() => {
    const timer = setTimeout(() => void look(words.value), rest);
    return () => clearTimeout(timer);
  }, [words.value]);

  async function look(wanted: string) {
    await attempt(async () => {
      const accounts = wanted.trim() ? await findAccounts(wanted) : [];
      if (words.peek() === wanted) found.value = accounts.filter(({ id }) => id !== page.id).slice(0, 8);
    });
  }

  async function merge() {
    const gone = chosen.peek();
    if (!gone) return;
    await mergeAccounts(page.id, gone.id);
    say(t("merge_done", { name: gone.name, kept: page.name }), "good");
    done();
  }

  return (
    <Form
      word={t("merge_confirm", { name: chosen.value?.name ?? "…" })}
      save={merge}
      disabled={!chosen.value}
    >
      <p class="muted">{t("merge_lead")}</p>
      <input
        type="search"
        aria-label={t("accounts_search")}
        value={words}
        maxLength={200}
        onInput={(event) => {
          words.value = event.currentTarget.value;
          chosen.value = null;
        }}
      />
      {found.value?.length === 0 && (
        <p class="none" role="status">
          {t("accounts_none", { q: words.value.trim() })}
        </p>
      )}
      <div class="entries" role="radiogroup" aria-label={t("accounts_found")}>
        {found.value?.map((entry) => (
          <label key={entry.id} class="entry">
            <input
              type="radio"
              name="gone"
              checked={chosen.value?.id === entry.id}
              onChange={() => (chosen.value = entry)}
            />
            <span>
              <EntryLine entry={entry} />
            </span>
          </label>
        ))}
      </div>
    </Form>
  );
}
