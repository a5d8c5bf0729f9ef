import { Icon } from "../../icons";
import { go } from "../route";
import { dismiss, toasts } from "../store/toasts";
import { t } from "../words";

/** What just happened, at the edge of the page. */
export function Toasts() {
  return (
    <div class="toasts" role="region" aria-live="polite">
      {toasts.value.map(({ id, text, tone, conversation }) => (
        <div key={id} class={`toast ${tone}`}>
          <Icon name={tone === "good" ? "check" : "alert"} />
          <span>{text}</span>
          {conversation !== undefined && (
            <button
              class="button"
              onClick={() => {
                go("conversations", conversation);
                dismiss(id);
              }}
            >
              {t("open")}
            </button>
          )}
          <button class="plain icon-button" aria-label={t("dismiss")} onClick={() => dismiss(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
