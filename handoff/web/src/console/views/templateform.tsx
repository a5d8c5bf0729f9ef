import { useSignal } from "@preact/signals";
import { Icon } from "../../icons";
import type { Card, Template } from "../../shapes";
import { send } from "../store/sending";
import { t } from "../words";

/** WhatsApp's window is closed: only an approved template may be sent. */
export function TemplateForm({ card, templates }: { card: Card; templates: readonly Template[] }) {
  const sid = useSignal("");
  const values = useSignal<Record<string, string>>({});
  const template = templates.find((known) => known.sid === sid.value);
  const text = template ? filled(template, values.value) : "";
  const complete = template?.variables.every((name) => values.value[name]?.trim()) ?? false;

  function submit() {
    if (!template || !complete) return;
    const variables = Object.fromEntries(template.variables.map((name) => [name, values.peek()[name]!.trim()]));
    void send({ as: "template", conversation: card.id, text, template: { sid: template.sid, variables } });
    sid.value = "";
    values.value = {};
  }

  return (
    <form
      class="writing template-form"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <p class="warning">
        <Icon name="clock" />
        {t("window_closed")}
      </p>
      {templates.length === 0 ? (
        <p class="muted">{t("template_none")}</p>
      ) : (
        <>
          <select
            id="writing"
            aria-label={t("template")}
            value={sid}
            onChange={(event) => (sid.value = event.currentTarget.value)}
          >
            <option value="">{t("template_choose")}</option>
            {templates.map((known) => (
              <option key={known.sid} value={known.sid}>
                {known.name} ({known.language})
              </option>
            ))}
          </select>
          {template?.variables.map((name) => (
            <label key={name}>
              {t("template_variable", { number: name })}
              <input
                required
                value={values.value[name] ?? ""}
                onInput={(event) => (values.value = { ...values.value, [name]: event.currentTarget.value })}
              />
            </label>
          ))}
          {template && <blockquote dir="auto">{text}</blockquote>}
          <div class="writing-foot">
            <p class="hints" />
            <button class="button primary" disabled={!complete}>
              {t("template_send")}
            </button>
          </div>
        </>
      )}
    </form>
  );
}

function filled({ text }: Template, values: Record<string, string>): string {
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (place, name: string) => values[name]?.trim() || place);
}
