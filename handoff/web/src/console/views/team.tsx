import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { shortDate } from "../../time";
import { attempt } from "../store/actions";
import { agents, loadAgents, type Agent } from "../store/agents";
import { t } from "../words";
import { AgentForm } from "./agentform";
import { Dialog } from "./dialog";

/** Who may sign in, as what. */
export function Team() {
  /** Whose form is open; "new" for somebody not there yet. */
  const editing = useSignal<Agent | "new" | null>(null);
  useEffect(() => void attempt(loadAgents), []);
  const open = editing.value;
  const close = () => (editing.value = null);
  return (
    <main id="main" class="admin">
      <header class="admin-head">
        <h1 tabIndex={-1}>{t("team")}</h1>
        <p class="muted">{t("team_lead")}</p>
        <button class="button primary" onClick={() => (editing.value = "new")}>
          {t("add_agent")}
        </button>
      </header>
      <div class="table-box" tabIndex={0} role="region" aria-label={t("team")}>
        <table>
          <thead>
            <tr>
              <th>{t("name")}</th>
              <th>{t("email")}</th>
              <th>{t("role")}</th>
              <th>{t("status")}</th>
              <th>{t("added_on")}</th>
            </tr>
          </thead>
          <tbody>
            {agents.value?.map((agent) => (
              <tr key={agent.id} class={agent.active ? "" : "inactive"}>
                <td>
                  <button class="plain link" onClick={() => (editing.value = agent)}>
                    {agent.name}
                  </button>
                </td>
                <td>{agent.email}</td>
                <td>{t(agent.role === "admin" ? "role_admin" : "role_agent")}</td>
                <td>{t(agent.active ? "active" : "inactive")}</td>
                <td>{shortDate(agent.created_at)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {!agents.value && <p class="none">{t("loading")}</p>}
      </div>
      <Dialog
        open={open !== null}
        title={open === "new" || open === null ? t("add_agent") : t("edit_agent", { name: open.name })}
        onClose={close}
      >
        {open && <AgentForm agent={open === "new" ? null : open} done={close} />}
      </Dialog>
    </main>
  );
}
