import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../icons";
import { linkTo } from "../route";
import type { Effect } from "../store/answers";
import { t } from "../words";
import { Flips } from "./gate";

interface WordingEffectProps {
  effect: Effect;
  /** Look again, after a message was corrected. */
  again: () => void;
  confirm: () => void;
  cancel: () => void;
}

/** What another wording would change; only then the way to say it. */
export function WordingEffect({ effect, again, confirm, cancel }: WordingEffectProps) {
  const { conversations, said_in, changed, readings, flips, missing, blocked } = effect;
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <section class="effect" aria-label={t("effect")} tabIndex={-1} ref={box}>
      {missing.length > 0 && (
        <p class="gate-blocked">
          <Icon name="alert" />
          <span>
            <strong>{t("effect_missing")}</strong> {missing.join(", ")}
          </span>
        </p>
      )}
      {blocked && !missing.length && (
        <p class="gate-blocked">
          <Icon name="alert" />
          <strong>{t("gate_blocked")}</strong>
        </p>
      )}
      <p>
        {said_in
          ? t("effect_said", { said_in, conversations, changed, flips: flips.length })
          : t("effect_never", { conversations })}
      </p>
      {readings.map((reading) => (
        <figure key={reading.message_id}>
          <figcaption>
            <a class="link" href={linkTo("conversations", reading.conversation_id)} dir="auto">
              {reading.excerpt || `#${reading.message_id}`}
            </a>
          </figcaption>
          <dl>
            <dt>{t("effect_now")}</dt>
            <dd class="preview-part">{reading.old}</dd>
            <dt>{t("effect_then")}</dt>
            <dd class="preview-part">{reading.new}</dd>
          </dl>
        </figure>
      ))}
      {flips.length > 0 && <Flips flips={flips} again={again} />}
      <p class="wording-actions">
        <button type="button" class="button primary" disabled={blocked} onClick={confirm}>
          {t("effect_confirm")}
        </button>
        <button type="button" class="button" onClick={cancel}>
          {t("effect_cancel")}
        </button>
      </p>
    </section>
  );
}
