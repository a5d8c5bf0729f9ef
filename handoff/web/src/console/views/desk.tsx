import { useEffect } from "preact/hooks";
import { Icon } from "../../icons";
import { openId } from "../route";
import { accountShown, wide } from "../store/layout";
import { cards } from "../store/queue";
import { threadOf } from "../store/threads";
import { dismissAbout } from "../store/toasts";
import { t } from "../words";
import { Account } from "./account";
import { Conversation } from "./conversation";
import { Queue } from "./queue";

/** Queue, conversation and company side by side. */
export function Desk() {
  const id = openId.value;
  const thread = id === null ? null : threadOf(id).value;
  const card = id === null ? undefined : cards.value.get(id);
  useEffect(() => {
    if (!wide.matches) accountShown.value = false;
    if (id !== null) dismissAbout(id);
  }, [id]);
  return (
    <main id="main" class={`desk${accountShown.value && thread ? " with-account" : ""}`}>
      <h1 class="visually-hidden" tabIndex={-1}>
        {t("conversations")}
      </h1>
      <Queue />
      {thread ? (
        <>
          <Conversation key={thread.id} card={card} thread={thread} />
          {accountShown.value && card && <Account card={card} thread={thread} />}
        </>
      ) : (
        <section class="conversation nothing" id="conversation" aria-label={t("choose_conversation")}>
          <div class="empty">
            <Icon name="chat" />
            <h2 tabIndex={-1}>{t("choose_conversation")}</h2>
            <p class="muted">{t("choose_hint")}</p>
          </div>
        </section>
      )}
    </main>
  );
}
