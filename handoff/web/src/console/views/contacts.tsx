import { Icon } from "../../icons";
import type { ContactLine } from "../store/accounts";
import { sentence } from "../sentence";
import { sourceName, t, type Word } from "../words";
import { Part } from "./part";

/** Whom somebody has put on file and how far they have come in the CRMs; why, where that failed. */
export function Contacts({ contacts }: { contacts: readonly ContactLine[] }) {
  if (!contacts.length) return null;
  return (
    <Part title={t("crm_contacts")}>
      <ul class="crm">
        {contacts.map((contact) => (
          <li key={contact.id}>
            <span dir="auto">{contact.name}</span>
            {contact.state === "done" && contact.url ? (
              <a href={contact.url} target="_blank" rel="noreferrer">
                {t("crm_open_record", { source: sourceName(contact.source) })}
              </a>
            ) : (
              <span class={contact.state === "failed" ? "badge urgent" : "badge"}>
                <Icon name={contact.state === "failed" ? "alert" : "clock"} />
                {`${sourceName(contact.source)}: ${t(`crm_${contact.state}` as Word)}`}
              </span>
            )}
            {contact.error && <small class="problem">{sentence(contact.error)}</small>}
          </li>
        ))}
      </ul>
    </Part>
  );
}
