import { now } from "../../clock";
import { moment } from "../../time";
import type { CrmRecord } from "../store/accounts";
import { coded, sourceName, t, type Word } from "../words";
import { Part } from "./part";

const fields: Record<string, Word> = { name: "company_name", city: "city", tier: "tier", owner: "owner" };

/** The company in the CRM: the way there, what it says otherwise, and what is open there. */
export function Records({ records }: { records: readonly CrmRecord[] }) {
  if (!records.length) return null;
  return (
    <Part title={t("crm_records")}>
      <ul class="crm">
        {records.map((record) => (
          <li key={record.url}>
            <a href={record.url} target="_blank" rel="noreferrer">
              {t("crm_open_record", { source: sourceName(record.source) })}
            </a>
            <small>{t("synced", { source: sourceName(record.source), when: moment(record.synced_at, now.peek()) })}</small>
            {Object.entries(record.differs).map(([field, value]) => (
              <small key={field}>
                {t("crm_differs", { field: t(fields[field] ?? "company_name"), value: value ?? "–" })}
              </small>
            ))}
            <OpenItems record={record} />
          </li>
        ))}
      </ul>
    </Part>
  );
}

function OpenItems({ record: { open_items, open_items_at } }: { record: CrmRecord }) {
  if (!open_items_at) return null;
  if (!open_items.length) return <small>{t("crm_nothing_open")}</small>;
  return (
    <ul aria-label={t("crm_open_items")}>
      {open_items.map(({ reference, title, status, url }) => (
        <li key={reference}>
          {url ? (
            <a href={url} target="_blank" rel="noreferrer">
              {title}
            </a>
          ) : (
            title
          )}
          <small>{` ${coded("", status)}`}</small>
        </li>
      ))}
    </ul>
  );
}
