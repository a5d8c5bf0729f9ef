import { useSignal } from "@preact/signals";
import { findContradictions, type Contradiction, type Entry } from "../store/corpus";
import { coded, t } from "../words";
import { NotLoaded, useLoaded } from "./loaded";
import { percent } from "./share";

/** Nearly the same texts under two intents; each of the two can be opened. */
export function Contradictions({ edit }: { edit: (entry: Entry) => void }) {
  const found = useSignal<Contradiction[] | null>(null);
  const { failed, again } = useLoaded(async () => {
    found.value = await findContradictions();
  });
  if (!found.value) return <NotLoaded failed={failed} again={again} />;
  if (!found.value.length) return <p class="none">{t("corpus_contradictions_none")}</p>;
  return (
    <>
      <p class="muted">{t("corpus_contradictions_lead")}</p>
      <ul class="contradictions">
        {found.value.map(({ first, second, similarity }) => (
          <li key={first.key + second.key}>
            <small class="muted">{t("corpus_similarity", { percent: percent(similarity, 0) })}</small>
            {[first, second].map((entry) => (
              <button key={entry.key} class="plain" onClick={() => edit(entry)}>
                <span dir="auto">{entry.text}</span> <span class="badge">{coded("intent_", entry.intent)}</span>
              </button>
            ))}
          </li>
        ))}
      </ul>
    </>
  );
}
