import { useSignal } from "@preact/signals";
import type { Role } from "../../shapes";
import { addAgent, changeAgent, type Agent } from "../store/agents";
import { say } from "../store/toasts";
import { t } from "../words";
import { Form } from "./form";

/** Passwords shorter than this are not offered to the server. */
const shortest = 10;

/** Add somebody (`agent` null), or change what somebody may do. */
export function AgentForm({ agent, done }: { agent: Agent | null; done: () => void }) {
  const name = useSignal(agent?.name ?? "");
  const email = useSignal(agent?.email ?? "");
  const role = useSignal<Role>(agent?.role ?? "agent");
  const active = useSignal(agent?.active ?? true);
  const password = useSignal("");

  async function save() {
    const common = { name: name.value.trim(), role: role.value };
    const secret = password.value ? { password: password.value } : {};
    if (agent) await changeAgent(agent.id, { ...common, active: active.value, ...secret });
    else await addAgent(email.value.trim(), { ...common, ...secret });
    say(t("saved"), "good");
    done();
  }

  return (
    <Form word={t("save")} save={save}>
      <label>
        {t("name")}
        <input required maxLength={100} value={name} onInput={(event) => (name.value = event.currentTarget.value)} />
      </label>
      <label>
        {t("email")}
        <input
          type="email"
          required
          disabled={agent !== null}
          value={email}
          onInput={(event) => (email.value = event.currentTarget.value)}
        />
      </label>
      <label>
        {t("role")}
        <select value={role} onChange={(event) => (role.value = event.currentTarget.value as Role)}>
          <option value="agent">{t("role_agent")}</option>
          <option value="admin">{t("role_admin")}</option>
        </select>
      </label>
      <label>
        {t(agent ? "new_password" : "password")}
        <input
          type="password"
          autocomplete="new-password"
          required={!agent}
          minLength={shortest}
          value={password}
          onInput={(event) => (password.value = event.currentTarget.value)}
        />
        <small>
          {t("password_hint")} {agent && t("new_password_hint")}
        </small>
      </label>
      {agent && (
        <label class="check">
          <input
            type="checkbox"
            checked={active}
            onChange={(event) => (active.value = event.currentTarget.checked)}
          />
          {t("active")}
        </label>
      )}
    </Form>
  );
}
