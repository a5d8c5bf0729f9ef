import { useSignal } from "@preact/signals";
import { changeMember, type AccountPage, type Member } from "../store/accounts";
import { reasonOf } from "../store/actions";
import { say } from "../store/toasts";
import { coded, t } from "../words";

const roles = ["fitter", "site manager", "purchasing", "accounting", "management"];

/** What somebody does at a company, and whether they still do. */
export function MemberForm({ page, member, done }: { page: AccountPage; member: Member; done: () => void }) {
  const chosen = useSignal<readonly string[]>(member.roles);
  const active = useSignal(member.active);
  const problem = useSignal("");

  async function save() {
    try {
      await changeMember(page.id, member.id, [...chosen.value], active.value);
    } catch (error) {
      problem.value = reasonOf(error);
      return;
    }
    say(t("saved"), "good");
    done();
  }

  const toggle = (role: string, on: boolean) =>
    (chosen.value = on ? [...chosen.value, role] : chosen.value.filter((other) => other !== role));

  return (
    <form
      class="agent-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <fieldset class="checks">
        <legend>{t("roles")}</legend>
        {roles.map((role) => (
          <label key={role} class="check">
            <input
              type="checkbox"
              checked={chosen.value.includes(role)}
              onChange={(event) => toggle(role, event.currentTarget.checked)}
            />
            {coded("as_", role)}
          </label>
        ))}
      </fieldset>
      <label class="check">
        <input type="checkbox" checked={active} onChange={(event) => (active.value = event.currentTarget.checked)} />
        {t("still_there")}
      </label>
      <p class="problem" role="alert">
        {problem}
      </p>
      <button class="button primary">{t("save")}</button>
    </form>
  );
}
