import { linkTo, route } from "../route";
import { t, type Word } from "../words";
import { Corpus } from "./corpus";
import { Families } from "./families";
import { Handoffs } from "./handoffs";
import { ModelReport } from "./modelreport";
import { Models } from "./models";
import { PolicyTable } from "./policy";
import { Reviews } from "./reviews";

const tabs = ["reviews", "corpus", "families", "models", "handoffs", "policy"] as const;

/** The admins' place for the language model. The address says which part: `#/training/models:linear-…`. */
export function TrainingPage() {
  const [name, version] = (route.value.item ?? "reviews").split(":");
  const tab = tabs.find((known) => known === name) ?? "reviews";
  return (
    <main id="main" class="admin training">
      <header class="admin-head">
        <h1 tabIndex={-1}>{t("training")}</h1>
        <p class="muted">{t("training_lead")}</p>
        <nav class="tabs" aria-label={t("training")}>
          {tabs.map((each) => (
            <a key={each} href={linkTo("training", each)} aria-current={each === tab ? "page" : undefined}>
              {t(`tab_${each}` as Word)}
            </a>
          ))}
        </nav>
      </header>
      {tab === "reviews" && <Reviews />}
      {tab === "corpus" && <Corpus />}
      {tab === "families" && <Families />}
      {tab === "models" && (version ? <ModelReport key={version} name={version} /> : <Models />)}
      {tab === "handoffs" && <Handoffs />}
      {tab === "policy" && <PolicyTable />}
    </main>
  );
}
