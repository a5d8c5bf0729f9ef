import { useSignal } from "@preact/signals";
import { changeAccount, type AccountChange, type AccountPage } from "../store/accounts";
import { say } from "../store/toasts";
import { t } from "../words";
import { Form } from "./form";

const fields = ["name", "city", "tier", "owner"] as const;
const words = { name: "company_name", city: "city", tier: "tier", owner: "owner" } as const;

/** What of a company is changed by hand. */
export function AccountForm({ page, done }: { page: AccountPage; done: () => void }) {
  const values = useSignal(Object.fromEntries(fields.map((field) => [field, page[field] ?? ""])));

  async function save() {
    const change: AccountChange = {};
    for (const field of fields) {
      const value = values.value[field]?.trim() || null;
      if (value !== page[field]) change[field] = value;
    }
    await changeAccount(page.id, change);
    say(t("saved"), "good");
    done();
  }

  return (
    <Form word={t("save")} save={save}>
      {fields.map((field) => (
        <label key={field}>
          {t(words[field])}
          <input
            required={field === "name"}
            maxLength={200}
            value={values.value[field]}
            onInput={(event) => (values.value = { ...values.value, [field]: event.currentTarget.value })}
          />
        </label>
      ))}
      <p class="muted">{t("empty_field_hint")}</p>
    </Form>
  );
}
