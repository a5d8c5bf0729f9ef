import { useSignal, type Signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Urgency } from "../../shapes";
import { linkTo } from "../route";
import { intents } from "../store/corpus";
import { decided, dismiss, label, step, type Group } from "../store/reviews";
import { say } from "../store/toasts";
import { coded, t } from "../words";
import { ComplexChoice, UrgencyChoice } from "./labelchoice";
import { takeBack, WhyBadges } from "./reviews";
import { percent } from "./share";

/** One group of messages, decided with the keyboard: a number, and Enter. */
export function ReviewCard({ group }: { group: Group }) {
  const intent = useSignal(group.suggestions[0]?.intent ?? "");
  const urgency = useSignal<Urgency | null>(null);
  const complex = useSignal<boolean | null>(null);
  const filter = useSignal("");
  const field = useRef<HTMLInputElement>(null);
  const offered = offer(group, filter.value);

  const save = async (chosen = intent.peek()) => {
    if (!chosen) return;
    say(t("review_saved", { intent: coded("intent_", chosen) }), "good");
    await label(group, { intent: chosen, urgency: urgency.peek(), complex: complex.peek() });
  };
  const putAside = async () => {
    say(t("review_dismissed"), "good");
    await dismiss(group);
  };
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector("dialog[open]")) return;
      const target = event.target as HTMLElement;
      const inField = target === field.current;
      if (!inField && (target.matches("input, select, textarea") || (event.key === "Enter" && isControl(target)))) return;
      if (pressed(event.key, inField)) event.preventDefault();
    };
    const pressed = (key: string, inField: boolean): boolean => {
      const names = offer(group, filter.peek());
      if (key === "Enter") {
        void save(filter.peek() ? names[0] : undefined);
        return true;
      }
      if (/^[1-9]$/.test(key)) return choose(names[Number(key) - 1], intent, filter, field.current);
      if (inField) {
        if (key !== "Escape") return false;
        filter.value = "";
        field.current?.blur();
        return true;
      }
      switch (key) {
        case "u":
          urgency.value = next<Urgency | null>([null, 0, 1, 2], urgency.peek());
          return true;
        case "c":
          complex.value = next<boolean | null>([null, true, false], complex.peek());
          return true;
        case "x":
          void putAside();
          return true;
        case "j":
        case "k":
          step(key === "j" ? 1 : -1);
          return true;
      }
      // Any other letter begins a word to filter by; z takes back, also where there is no card.
      if (/^\p{L}$/u.test(key) && key !== "z") field.current?.focus();
      return false;
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [group]);

  return (
    <section class="review-card" aria-label={t("review_current")}>
      <blockquote dir="auto" lang={group.language} tabIndex={0}>
        {group.text}
      </blockquote>
      {group.others.length > 0 && (
        <details>
          <summary>{t("review_others")}</summary>
          <ul dir="auto">
            {group.others.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </details>
      )}
      <p class="review-why">
        <WhyBadges group={group} />
        {group.ids.length > 1 && <span>{t("review_same", { count: group.ids.length })}</span>}
        {group.said && <strong>{t("review_said", { intent: coded("intent_", group.said) })}</strong>}
        {group.conversations.slice(0, 3).map((id) => (
          <a key={id} class="link" href={linkTo("conversations", id)}>
            {t("review_open")}
          </a>
        ))}
      </p>
      <fieldset class="intent-choice">
        <legend>{t("review_what")}</legend>
        <input
          ref={field}
          type="search"
          aria-label={t("review_filter")}
          placeholder={t("review_filter")}
          value={filter}
          onInput={(event) => (filter.value = event.currentTarget.value)}
        />
        <div class="intent-options">
          {offered.map((name, place) => (
            <button
              type="button"
              key={name}
              aria-pressed={name === intent.value}
              onClick={() => choose(name, intent, filter, null)}
            >
              {place < 9 && <kbd>{place + 1}</kbd>}
              <span>{coded("intent_", name)}</span>
              <Guess group={group} name={name} />
            </button>
          ))}
        </div>
      </fieldset>
      <div class="review-labels">
        <UrgencyChoice value={urgency.value} choose={(value) => (urgency.value = value)} />
        <ComplexChoice value={complex.value} choose={(value) => (complex.value = value)} />
      </div>
      <div class="review-actions">
        <button class="button primary" onClick={() => void save()}>
          {t("review_save")} <kbd>Enter</kbd>
        </button>
        <button class="button" onClick={() => void putAside()}>
          {t("review_dismiss")} <kbd>x</kbd>
        </button>
        <button class="button" disabled={decided.value.length === 0} onClick={() => void takeBack()}>
          {t("review_undo")} <kbd>z</kbd>
        </button>
      </div>
      <p class="review-keys muted">{t("review_keys")}</p>
    </section>
  );
}

/** The best guesses; with words in the filter, all intents that fit them. */
function offer(group: Group, words: string): string[] {
  const guesses = group.suggestions.map(({ intent }) => intent);
  const all = (intents.value ?? []).filter(({ removed }) => !removed).map(({ name }) => name);
  const wanted = words.trim().toLowerCase();
  if (!wanted) return [...new Set([...guesses, ...all])];
  return all.filter((name) => `${coded("intent_", name)} ${name}`.toLowerCase().includes(wanted));
}

function choose(
  name: string | undefined,
  intent: Signal<string>,
  filter: Signal<string>,
  field: HTMLElement | null,
): boolean {
  if (name === undefined) return false;
  intent.value = name;
  filter.value = "";
  field?.blur();
  return true;
}

function next<Value>(values: Value[], value: Value): Value {
  return values[(values.indexOf(value) + 1) % values.length] as Value;
}

function isControl(target: HTMLElement): boolean {
  return target.matches("a, button, summary");
}

function Guess({ group, name }: { group: Group; name: string }) {
  const guess = group.suggestions.find(({ intent }) => intent === name);
  return guess && guess.intent !== group.said ? <small>{percent(guess.confidence, 0)}</small> : null;
}
