import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { now } from "../../clock";
import { fileSize, moment } from "../../time";
import { api } from "../api";
import { attempt } from "../store/actions";
import { sentence } from "../sentence";
import { say } from "../store/toasts";
import { coded, t } from "../words";

interface Item {
  id: number;
  channel: string;
  reason: string;
  received_at: string;
  size: number;
}

/** What could not be read, with its reason; each can be tried again. */
export function Quarantine() {
  const items = useSignal<Item[] | null>(null);
  const busy = useSignal<number | null>(null);
  const load = () =>
    attempt(async () => {
      items.value = (await api.get<{ items: Item[] }>("quarantine")).items;
    });
  useEffect(() => void load(), []);

  async function replay({ id }: Item) {
    busy.value = id;
    await attempt(async () => {
      const { state, reason } = await api.post<{ state: string; reason: string | null }>(`quarantine/${id}/replay`);
      if (state === "quarantined") say(t("replay_failed", { reason: sentence(reason ?? "") }), "bad");
      else say(t("replay_done"), "good");
      await load();
    });
    busy.value = null;
  }

  return (
    <main id="main" class="admin">
      <header class="admin-head">
        <h1 tabIndex={-1}>{t("quarantine")}</h1>
        <p class="muted">{t("quarantine_lead")}</p>
      </header>
      {items.value?.length === 0 && <p class="none">{t("quarantine_none")}</p>}
      {!items.value && <p class="none">{t("loading")}</p>}
      {Boolean(items.value?.length) && (
        <div class="table-box" tabIndex={0} role="region" aria-label={t("quarantine")}>
          <table>
            <thead>
              <tr>
                <th>{t("received")}</th>
                <th>{t("channel")}</th>
                <th>{t("reason")}</th>
                <th>{t("size")}</th>
                <th>
                  <span class="visually-hidden">{t("replay")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.value?.map((item) => (
                <tr key={item.id}>
                  <td>{moment(item.received_at, now.peek())}</td>
                  <td>{coded("", item.channel)}</td>
                  <td class="reason">{sentence(item.reason)}</td>
                  <td>{fileSize(item.size)}</td>
                  <td>
                    <button class="button" disabled={busy.value === item.id} onClick={() => void replay(item)}>
                      {t("replay")}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </main>
  );
}
