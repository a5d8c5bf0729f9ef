import { useSignal } from "@preact/signals";
import { now } from "../../clock";
import { moment } from "../../time";
import { linkTo } from "../route";
import { attempt } from "../store/actions";
import { acceptProposal, declineProposal, type Proposal } from "../store/accounts";
import { say } from "../store/toasts";
import { t } from "../words";
import { Part } from "./part";

/** Who came up in conversations and is not on file: nothing is written until somebody decides. */
export function Proposals({ proposals }: { proposals: readonly Proposal[] }) {
  if (!proposals.length) return null;
  return (
    <Part title={t("proposals")}>
      <ul class="crm">
        {proposals.map((proposal) => (
          <Line key={proposal.id} proposal={proposal} />
        ))}
      </ul>
    </Part>
  );
}

function Line({ proposal: { id, name, phone, evidence, conversation_id, at } }: { proposal: Proposal }) {
  const called = useSignal(name ?? "");
  const busy = useSignal(false);

  async function decide(how: () => Promise<unknown>, done: string) {
    busy.value = true;
    const decided = await attempt(async () => void (await how()));
    busy.value = false;
    if (decided) say(done, "good");
  }

  return (
    <li>
      <input
        aria-label={t("proposal_name")}
        value={called.value}
        placeholder={t("proposal_name")}
        maxLength={200}
        dir="auto"
        onInput={(event) => (called.value = event.currentTarget.value)}
      />
      <span>{phone}</span>
      <small>
        {`${t(evidence === "contact_card" ? "proposal_card" : "proposal_named")} `}
        {conversation_id ? (
          <a href={linkTo("conversations", conversation_id)}>{moment(at, now.peek())}</a>
        ) : (
          moment(at, now.peek())
        )}
      </small>
      <span class="account-actions">
        <button
          class="button small"
          disabled={busy.value || !called.value.trim()}
          onClick={() =>
            void decide(() => acceptProposal(id, called.peek().trim()), t("proposal_accepted", { name: called.peek().trim() }))
          }
        >
          {t("proposal_accept")}
        </button>
        <button
          class="button small"
          disabled={busy.value}
          onClick={() => void decide(() => declineProposal(id), t("proposal_declined"))}
        >
          {t("proposal_decline")}
        </button>
      </span>
    </li>
  );
}
