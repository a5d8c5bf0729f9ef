import { useSignal } from "@preact/signals";
import { Icon } from "../../icons";
import { language } from "../../language";
import { linkTo } from "../route";
import { attempt } from "../store/actions";
import type { Flip, Outcome } from "../store/training";
import { coded, t, type Word } from "../words";
import { CorrectButton } from "./correct";

interface GateProps {
  title: string;
  lead: string;
  attempt: () => Promise<Outcome>;
  /** What may be done once it is known what would change; null when nothing may. */
  action: { word: string; run: () => Promise<boolean> } | null;
  /** Why nothing may be done. */
  closed: string | null;
  /** The word on the button that begins. */
  word?: string;
}

/** What would change in past conversations; only then the way into operation. */
export function Gate({ title, lead, attempt: replay, action, closed, word }: GateProps) {
  const outcome = useSignal<Outcome | null>(null);
  const busy = useSignal(false);
  const work = async (job: () => Promise<unknown>) => {
    busy.value = true;
    await job();
    busy.value = false;
  };
  const run = () =>
    work(() =>
      attempt(async () => {
        outcome.value = await replay();
      }),
    );
  const found = outcome.value;
  return (
    <section class="gate" aria-label={title}>
      <h2>{title}</h2>
      <p class="muted">{lead}</p>
      <div class="gate-actions">
        <button class="button" disabled={busy.value} onClick={() => void run()}>
          {busy.value ? t("gate_running") : (word ?? t("gate_run"))}
        </button>
        {action && (
          <button
            class="button primary"
            disabled={busy.value || !found || found.blocked}
            onClick={() => void work(action.run)}
          >
            {action.word}
          </button>
        )}
        {closed ? <span class="muted">{closed}</span> : !found && <span class="muted">{t("gate_first")}</span>}
      </div>
      <div role="status">
        {found?.blocked && (
          <p class="gate-blocked">
            <Icon name="alert" />
            <span>
              <strong>{t("gate_blocked")}</strong> {t("gate_blocked_hint")}
            </span>
          </p>
        )}
        {found && (
          <p>
            {t("gate_counts", {
              conversations: found.conversations,
              turns: found.turns,
              flips: found.flips.length,
            })}
          </p>
        )}
      </div>
      {found && found.flips.length > 0 && <Flips flips={found.flips} again={() => void run()} />}
    </section>
  );
}

/** Past decisions that would fall differently. */
export function Flips({ flips, again }: { flips: Flip[]; again: () => void }) {
  return (
    <div class="table-box" tabIndex={0} role="region" aria-label={t("gate_flips")}>
      <table class="flips">
        <thead>
          <tr>
            <th>{t("gate_message")}</th>
            <th>{t("gate_before")}</th>
            <th>{t("gate_after")}</th>
          </tr>
        </thead>
        <tbody>
          {flips.map((flip) => (
            <tr key={flip.message_id} class={flip.blocks ? "blocks" : ""}>
              <td>
                <a class="link" href={linkTo("conversations", flip.conversation_id)} dir="auto">
                  {flip.excerpt || `#${flip.message_id}`}
                </a>
                {flip.blocks && (
                  <p class="flip-lost">
                    <span class="badge urgent">{t("gate_lost")}</span>
                    <CorrectButton messageId={flip.message_id} word={t("gate_not_emergency")} done={again} />
                  </p>
                )}
              </td>
              <td>
                <Decision {...flip.old} />
              </td>
              <td>
                <Decision {...flip.new} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Decision({ intent, action, urgency, reasons }: Flip["old"]) {
  return (
    <>
      {t(`action_${action}` as Word)}: {coded("intent_", intent)}
      {urgency > 0 && (
        <span class={`badge ${urgency === 2 ? "urgent" : "soon"}`}>{t(`urgency_${urgency}` as Word)}</span>
      )}
      {reasons.length > 0 && <p class="muted">{reasons.map(({ text }) => text[language.value]).join(" · ")}</p>}
    </>
  );
}
