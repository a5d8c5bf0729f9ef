import { useLayoutEffect } from "preact/hooks";
import { Icon } from "../../icons";
import { coded, t, type Word } from "../words";
import { loadIntents } from "../store/corpus";
import { current, decided, inbox, loadReviews, look, undo, type Group } from "../store/reviews";
import { say } from "../store/toasts";
import { NotLoaded, useLoaded } from "./loaded";
import { ReviewCard } from "./reviewcard";

/** What waits for a label: one group to decide on, the others beside it. */
export function Reviews() {
  const { failed, again } = useLoaded(async () => {
    await Promise.all([loadReviews(), loadIntents()]);
  });
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== "z" || event.ctrlKey || event.metaKey || event.altKey) return;
      if ((event.target as HTMLElement).matches("input, select, textarea")) return;
      event.preventDefault();
      void takeBack();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  const found = inbox.value;
  if (!found) return <NotLoaded failed={failed} again={again} />;
  return (
    <>
      <p class="review-lead">
        <span class="muted">{t("review_lead")}</span>{" "}
        <strong role="status">{t("review_counts", { open: found.open, done: found.done })}</strong>
      </p>
      <div class="reviews">
        {current.value ? (
          <ReviewCard key={current.value.ids[0]} group={current.value} />
        ) : (
          <div class="empty">
            <Icon name="check" />
            <h2>{t("review_none")}</h2>
            <p>{t("review_none_hint")}</p>
            {decided.value.length > 0 && (
              <button class="button" onClick={() => void takeBack()}>
                {t("review_undo")} <kbd>z</kbd>
              </button>
            )}
          </div>
        )}
        {found.groups.length > 0 && <WaitingList groups={found.groups} />}
      </div>
    </>
  );
}

/** Take the last decision back, and say so. */
export async function takeBack(): Promise<void> {
  if (!decided.peek().length) return;
  await undo();
  say(t("review_undone"), "good");
}

function WaitingList({ groups }: { groups: Group[] }) {
  return (
    <nav class="review-list" aria-label={t("review_waiting")}>
      <ul>
        {groups.map((group) => (
          <li key={group.ids[0]}>
            <button
              class="plain"
              aria-current={group === current.value ? "true" : undefined}
              onClick={() => look(group)}
            >
              <span class="review-excerpt" dir="auto">
                {group.text}
              </span>
              <small>
                {group.ids.length > 1 && <span class="badge">×{group.ids.length}</span>}
                <WhyBadges group={group} />
                <span class="muted">{coded("intent_", group.suggestions[0]?.intent ?? "")}</span>
              </small>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Why a group is here. */
export function WhyBadges({ group }: { group: Group }) {
  return (
    <>
      {group.why.map((why) => (
        <span key={why} class={`badge${why === "sampled" || why === "unsure" ? "" : " soon"}`}>
          {t(`why_${why}` as Word)}
        </span>
      ))}
    </>
  );
}
