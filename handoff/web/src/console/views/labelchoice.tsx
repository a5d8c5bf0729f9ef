import type { Urgency } from "../../shapes";
import { t, type Word } from "../words";

interface LabelProps<Value> {
  value: Value | null;
  choose: (value: Value | null) => void;
}

/** How urgent a text is, as somebody says. */
export function UrgencyChoice({ value, choose }: LabelProps<Urgency>) {
  const options: (Urgency | null)[] = [null, 0, 1, 2];
  return (
    <fieldset class="choice">
      <legend>{t("urgency_label")}</legend>
      <div class="segments">
        {options.map((option) => (
          <button type="button" key={option} aria-pressed={option === value} onClick={() => choose(option)}>
            {t(option === null ? "urgency_unsaid" : (`urgency_${option}` as Word))}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

/** Whether a text needs a person's judgement, as somebody says. */
export function ComplexChoice({ value, choose }: LabelProps<boolean>) {
  const options: [boolean | null, Word][] = [
    [null, "complex_unsaid"],
    [true, "complex_yes"],
    [false, "complex_no"],
  ];
  return (
    <fieldset class="choice">
      <legend>{t("complex_label")}</legend>
      <div class="segments">
        {options.map(([option, word]) => (
          <button type="button" key={word} aria-pressed={option === value} onClick={() => choose(option)}>
            {t(word)}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
