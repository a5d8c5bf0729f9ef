import { Icon } from "../../icons";
import type { Urgency } from "../../shapes";
import { t } from "../words";

/** How urgent it is, by colour, drawing and word; nothing when it is not. */
export function UrgencyBadge({ urgency }: { urgency: Urgency }) {
  if (urgency === 0) return null;
  return (
    <span class={`badge ${urgency === 2 ? "urgent" : "soon"}`}>
      <Icon name={urgency === 2 ? "alert" : "clock"} />
      {t(urgency === 2 ? "urgent" : "soon")}
    </span>
  );
}
