import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { language } from "../../language";
import { attempt } from "../store/actions";
import { addName, findFamilies, removeName, type Family } from "../store/families";
import { t } from "../words";
import { Dialog } from "./dialog";
import { FamiliesImport } from "./familiesimport";

/** What people call the devices: searched, added, taken away, given out and taken in. */
export function Families() {
  const words = useSignal("");
  const found = useSignal<readonly Family[] | null>(null);
  const importing = useSignal(false);
  const search = () =>
    attempt(async () => {
      const asked = words.peek();
      const families = await findFamilies(asked);
      if (asked === words.peek()) found.value = families;
    });
  useEffect(() => {
    const wait = setTimeout(() => void search(), 150);
    return () => clearTimeout(wait);
  }, [words.value]);
  return (
    <>
      <p class="muted">{t("families_lead")}</p>
      <div class="families-filter">
        <input
          type="search"
          aria-label={t("families_filter")}
          placeholder={t("families_filter")}
          value={words.value}
          onInput={(event) => (words.value = event.currentTarget.value)}
        />
      </div>
      <div class="corpus-actions">
        <button class="button" onClick={() => (importing.value = true)}>
          {t("corpus_import")}
        </button>
        <a class="button" href="/api/corpus/families/export?format=rasa" download>
          {t("corpus_export_rasa")}
        </a>
        <a class="button" href="/api/corpus/families/export?format=csv" download>
          {t("corpus_export_csv")}
        </a>
      </div>
      <p role="status" class="muted">
        {found.value ? t("families_total", { count: found.value.length }) : t("loading")}
      </p>
      {found.value?.map((family) => <Names key={family.code} family={family} changed={search} />)}
      <Dialog open={importing.value} title={t("families_import")} onClose={() => (importing.value = false)}>
        <FamiliesImport
          done={() => {
            importing.value = false;
            void search();
          }}
        />
      </Dialog>
    </>
  );
}

function Names({ family, changed }: { family: Family; changed: () => Promise<boolean> }) {
  const { code, title, articles, names, removed } = family;
  const fresh = useSignal("");
  const act = async (work: () => Promise<unknown>) => {
    const done = await attempt(async () => void (await work()));
    if (done) await changed();
    return done;
  };
  return (
    <section class="family" aria-label={code}>
      <h2>
        {title[language.value]} <small class="muted">{t("families_articles", { count: articles })}</small>
      </h2>
      <ul class="names">
        {names.map(({ name, shipped, others }) => (
          <li key={name} class={shipped ? "" : "own"}>
            <span>{name}</span>
            {others.length > 0 && <small>{t("families_also", { codes: others.join(", ") })}</small>}
            <button
              class="plain"
              aria-label={t("families_remove", { name })}
              title={t("families_remove", { name })}
              onClick={() => void act(() => removeName(code, name))}
            >
              ×
            </button>
          </li>
        ))}
        {removed.map((name) => (
          <li key={name} class="gone">
            <s>{name}</s>
            <button
              class="plain"
              aria-label={t("families_restore", { name })}
              title={t("families_restore", { name })}
              onClick={() => void act(() => addName(code, name))}
            >
              ↺
            </button>
          </li>
        ))}
      </ul>
      <form
        class="family-add"
        onSubmit={(event) => {
          event.preventDefault();
          void act(() => addName(code, fresh.peek())).then((done) => {
            if (done) fresh.value = "";
          });
        }}
      >
        <input
          required
          maxLength={60}
          aria-label={t("families_name", { code })}
          placeholder={t("families_placeholder")}
          value={fresh.value}
          onInput={(event) => (fresh.value = event.currentTarget.value)}
        />
        <button class="button small" aria-label={`${t("families_add")}: ${code}`}>
          {t("families_add")}
        </button>
      </form>
    </section>
  );
}
