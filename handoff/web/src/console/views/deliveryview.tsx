import { Icon, type IconName } from "../../icons";
import type { DeliveryState, Message } from "../../shapes";
import { sentence } from "../sentence";
import { retry } from "../store/actions";
import { t } from "../words";

const marks: Record<DeliveryState, IconName> = {
  queued: "clock",
  sending: "clock",
  sent: "check",
  delivered: "checks",
  read: "checks",
  failed: "alert",
  dropped: "close",
};

/** How far a message of ours has come; what went wrong, in plain words, and a way to try again. */
export function DeliveryView({ message }: { message: Message }) {
  const { delivery } = message;
  if (!delivery || message.author === "installer" || message.author === "note") return null;
  const { state, error, code, resent } = delivery;
  return (
    <p class={`delivery ${state}`}>
      <Icon name={marks[state]} />
      <span>{t(state)}</span>
      {error && (
        <span class="delivery-error" title={code ?? undefined}>
          {sentence(error)}
        </span>
      )}
      {resent && (
        <span class="badge soon" title={t("resent_hint")}>
          <Icon name="retry" />
          {t("resent")}
        </span>
      )}
      {state === "failed" && (
        <button class="button small" onClick={() => void retry(message)}>
          {t("retry")}
        </button>
      )}
    </p>
  );
}
