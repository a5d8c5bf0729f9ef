import { Icon } from "../../icons";
import type { ContactCard } from "../../shapes";
import { t } from "../words";

/** A shared contact card. */
export function ContactView({ contact }: { contact: ContactCard }) {
  return (
    <div class="place">
      <Icon name="contact" />
      <div>
        <strong dir="auto">{contact.name || t("contact")}</strong>
        {contact.phone && <a href={`tel:${contact.phone}`}>{contact.phone}</a>}
        {contact.own && <small>{t("own_contact")}</small>}
      </div>
    </div>
  );
}
