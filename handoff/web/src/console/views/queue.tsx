import { Icon, type IconName } from "../../icons";
import type { Card } from "../../shapes";
import { openId } from "../route";
import { follow } from "../store/live";
import { cards as known, folded, queueState, sectionNames, sections, type SectionName } from "../store/queue";
import { t } from "../words";
import { QueueCard } from "./queuecard";
import { clearSearch, found, query } from "./search";

const icons: Record<SectionName, IconName> = {
  urgent: "alert",
  waiting: "clock",
  mine: "person",
  with_bot: "bot",
  others: "contact",
  closed: "check",
};

/** Who needs whom: the conversations in the order an agent looks at them. */
export function Queue() {
  return (
    <nav class="queue" aria-label={t("queue")}>
      {query.value.trim() ? <Found /> : <Sections />}
    </nav>
  );
}

function Sections() {
  if (queueState.value === "loading") return <Skeletons />;
  if (queueState.value === "failed") {
    return (
      <div class="empty" role="alert">
        <p>{t("load_failed")}</p>
        <button class="button" onClick={() => void follow()}>
          {t("try_again")}
        </button>
      </div>
    );
  }
  return (
    <>
      {sectionNames.map((name) => (
        <Section key={name} name={name} cards={sections.value[name]} />
      ))}
    </>
  );
}

function Section({ name, cards }: { name: SectionName; cards: Card[] }) {
  const shut = folded.value[name] ?? false;
  const toggle = () => (folded.value = { ...folded.value, [name]: !shut });
  return (
    <section class={`section ${name}${cards.length ? " filled" : ""}`}>
      <h2>
        <button class="plain section-head" aria-expanded={!shut} onClick={toggle}>
          <Icon name={icons[name]} />
          {t(name)}
          <span class="count">{cards.length}</span>
          <Icon name="down" />
        </button>
      </h2>
      {!shut && (cards.length ? <Cards cards={cards} /> : <p class="none">{t(`none_${name}`)}</p>)}
    </section>
  );
}

function Cards({ cards }: { cards: Card[] }) {
  return (
    <ul>
      {cards.map((card) => (
        <QueueCard key={card.id} card={card} open={card.id === openId.value} />
      ))}
    </ul>
  );
}

function Found() {
  const result = found.value;
  return (
    <section class="section">
      <h2 class="found-head">
        {t("search_results")}
        {result && result.cards !== "failed" && <span class="count">{result.cards.length}</span>}
        <button class="plain icon-button" aria-label={t("close")} onClick={clearSearch}>
          <Icon name="close" />
        </button>
      </h2>
      {!result ? (
        <Skeletons />
      ) : result.cards === "failed" ? (
        <p class="none">{t("search_failed")}</p>
      ) : result.cards.length ? (
        <Cards cards={result.cards.map(newest)} />
      ) : (
        <p class="none">{t("search_none", { q: result.for })}</p>
      )}
    </section>
  );
}

/** What was found goes stale; the stream may have brought it since. */
function newest(card: Card): Card {
  const live = known.value.get(card.id);
  return live && live.version >= card.version ? live : card;
}

function Skeletons() {
  return (
    <div class="skeletons" role="status" aria-label={t("loading")}>
      {Array.from({ length: 6 }, (_, index) => (
        <div class="skeleton" key={index}>
          <i />
          <i />
          <i />
        </div>
      ))}
    </div>
  );
}
