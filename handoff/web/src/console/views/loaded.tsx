import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { attempt } from "../store/actions";
import { t } from "../words";

/** Load when the view appears; `false` while it is under way, and what to show instead when it failed. */
export function useLoaded(load: () => Promise<void>): { waiting: boolean; failed: boolean; again: () => void } {
  const state = useSignal<"waiting" | "failed" | "done">("waiting");
  const again = () => {
    state.value = "waiting";
    void attempt(load).then((done) => (state.value = done ? "done" : "failed"));
  };
  useEffect(again, []);
  return { waiting: state.value === "waiting", failed: state.value === "failed", again };
}

/** What stands where nothing has been loaded yet. */
export function NotLoaded({ failed, again }: { failed: boolean; again: () => void }) {
  if (!failed) return <p class="none">{t("loading")}</p>;
  return (
    <p class="none" role="alert">
      {t("load_failed")}{" "}
      <button class="button" onClick={again}>
        {t("try_again")}
      </button>
    </p>
  );
}
