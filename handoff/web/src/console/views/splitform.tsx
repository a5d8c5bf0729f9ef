import { useSignal } from "@preact/signals";
import { go } from "../route";
import { splitAccount, type AccountPage } from "../store/accounts";
import { say } from "../store/toasts";
import { roleNames, t } from "../words";
import { Form } from "./form";

/** Choose who belongs to another company, and name it. */
export function SplitForm({ page, done }: { page: AccountPage; done: () => void }) {
  const people = useSignal<readonly number[]>([]);
  const number = useSignal("");
  const name = useSignal("");

  async function split() {
    const made = await splitAccount(page.id, [...people.value], number.value.trim(), name.value.trim());
    say(t("split_done", { name: made.name }), "good");
    done();
    go("accounts", made.id);
  }

  const toggle = (id: number, on: boolean) =>
    (people.value = on ? [...people.value, id] : people.value.filter((other) => other !== id));

  return (
    <Form word={t("split_confirm")} save={split} disabled={!people.value.length}>
      <fieldset class="checks">
        <legend>{t("split_lead")}</legend>
        {page.people.map((person) => (
          <label key={person.id} class="check">
            <input
              type="checkbox"
              checked={people.value.includes(person.id)}
              onChange={(event) => toggle(person.id, event.currentTarget.checked)}
            />
            <span dir="auto">{[person.name, roleNames(person.roles)].filter(Boolean).join(", ")}</span>
          </label>
        ))}
      </fieldset>
      <label>
        {t("company_name")}
        <input required maxLength={200} value={name} onInput={(event) => (name.value = event.currentTarget.value)} />
      </label>
      <label>
        {t("customer_number")}
        <input required maxLength={200} value={number} onInput={(event) => (number.value = event.currentTarget.value)} />
      </label>
    </Form>
  );
}
