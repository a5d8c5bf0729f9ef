import { useSignal } from "@preact/signals";
import { ApiError } from "../../http";
import { Icon } from "../../icons";
import { linkTo } from "../route";
import { attempt } from "../store/actions";
import { say } from "../store/toasts";
import { rollBack } from "../store/training";
import { t } from "../words";
import { Dialog } from "./dialog";

/** One click back to the version before; if it would miss an emergency, only after a second look. */
export function Rollback({ version }: { version: string }) {
  const busy = useSignal(false);
  /** The conversations whose emergency would be missed; null when nobody has asked. */
  const lost = useSignal<number[] | null>(null);

  async function back(anyway: boolean) {
    busy.value = true;
    await attempt(async () => {
      try {
        await rollBack(anyway);
        lost.value = null;
        say(t("models_rolled_back", { version }), "good");
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== "lost_emergency") throw error;
        lost.value = error.detail.conversations as number[];
      }
    });
    busy.value = false;
  }

  return (
    <>
      <button class="button" disabled={busy.value} onClick={() => void back(false)}>
        <Icon name="retry" />
        {busy.value ? t("gate_running") : t("models_rollback", { version })}
      </button>
      <Dialog open={lost.value !== null} title={t("models_back_lost")} onClose={() => (lost.value = null)}>
        <p>{t("models_back_hint", { version })}</p>
        <ul class="lost">
          {[...new Set(lost.value)].map((id) => (
            <li key={id}>
              <a class="link" href={linkTo("conversations", id)}>
                {t("models_back_conversation", { id })}
              </a>
            </li>
          ))}
        </ul>
        <p class="wording-actions">
          <button class="button primary" onClick={() => (lost.value = null)}>
            {t("models_back_stay")}
          </button>
          <button class="button" disabled={busy.value} onClick={() => void back(true)}>
            {t("models_back_anyway")}
          </button>
        </p>
      </Dialog>
    </>
  );
}
