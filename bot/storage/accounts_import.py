"""Taking over accounts and people from files: staged in temporary tables, checked, merged in one go.

Nothing is taken away: who is not in the file stays as they are. Within what the file names, the file
is right: roles, phones and e-mails on file become those of the file, and somebody who is no longer
active stops being a member the day before. Only what was edited in the console stays as it is.

Who is the same person: the same name at the same company, or the same name with the same phone or
e-mail anywhere (somebody who works for two companies). A phone or mailbox proves a person (trust 2)
only while exactly one active person has it and it is neither a switchboard nor a box such as info@;
otherwise trust 1. A switchboard stands for its company alone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.people_import import MERGE_PEOPLE, RESOLVE_PEOPLE

EVIDENCE = "on file"
COMMON_MAILBOXES = (
    "info",
    "office",
    "kontakt",
    "contact",
    "mail",
    "post",
    "buero",
    "büro",
    "einkauf",
    "rechnung",
)

ACCOUNT_COLUMNS = (
    "file", "line", "customer_number", "name", "city", "tier", "trunk", "trunk_written", "block", "domains",
    "parent",
)  # fmt: skip
PERSON_COLUMNS = ("file", "line", "customer_number", "name", "roles", "phone", "own", "email", "active")

_STAGE = """
CREATE TEMPORARY TABLE staged_accounts (
    file text, line int, customer_number text, name text, city text, tier text,
    trunk text, trunk_written text, block boolean, domains text[], parent text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_people (
    file text, line int, customer_number text, name text, roles text[],
    phone text, own boolean, email text, active boolean
) ON COMMIT DROP;
"""

_INDEX = """
CREATE INDEX ON staged_accounts (customer_number);
CREATE INDEX ON staged_people (customer_number);
ANALYZE staged_accounts;
ANALYZE staged_people;
"""

_WRONG = """
SELECT file, line, format('customer_number: "%s" stands in another file already', customer_number) AS reason
FROM (SELECT *, row_number() OVER (PARTITION BY customer_number ORDER BY file, line) AS nth
      FROM staged_accounts) AS numbered WHERE nth > 1
UNION ALL
SELECT file, line, format('parent: there is no account "%s"', parent)
FROM staged_accounts AS s WHERE parent IS NOT NULL
AND NOT EXISTS (SELECT FROM staged_accounts AS p WHERE p.customer_number = s.parent)
AND NOT EXISTS (SELECT FROM accounts AS p WHERE p.customer_number = s.parent)
UNION ALL
SELECT file, line, format('customer_number: there is no account "%s"', customer_number)
FROM staged_people AS s
WHERE NOT EXISTS (SELECT FROM staged_accounts AS a WHERE a.customer_number = s.customer_number)
AND NOT EXISTS (SELECT FROM accounts AS a WHERE a.customer_number = s.customer_number)
ORDER BY file, line
"""

_MERGE_ACCOUNTS = (
    """
    INSERT INTO accounts (customer_number, name, city, tier, trunk_phones, domains, source)
    SELECT customer_number, name, city, tier, array_remove(ARRAY[trunk_written], NULL), domains, :source
    FROM staged_accounts ORDER BY file, line
    ON CONFLICT (customer_number) DO UPDATE SET
        name = CASE WHEN 'name' = ANY(accounts.edited) THEN accounts.name ELSE excluded.name END,
        city = CASE WHEN 'city' = ANY(accounts.edited) THEN accounts.city ELSE excluded.city END,
        tier = CASE WHEN 'tier' = ANY(accounts.edited) THEN accounts.tier ELSE excluded.tier END,
        source = excluded.source,
        trunk_phones = excluded.trunk_phones, domains = excluded.domains, synced_at = now()
    """,
    """
    UPDATE accounts AS a SET parent_id = p.id
    FROM staged_accounts AS s LEFT JOIN accounts AS p ON p.customer_number = s.parent
    WHERE a.customer_number = s.customer_number AND a.parent_id IS DISTINCT FROM p.id
    """,
    """
    INSERT INTO endpoints (channel, address, thread, shared)
    SELECT 'phone', trunk, 'phone:' || trunk, bool_or(block)
    FROM staged_accounts WHERE trunk IS NOT NULL GROUP BY trunk
    ON CONFLICT (channel, address) DO UPDATE SET shared = endpoints.shared OR excluded.shared
    """,
    """
    DELETE FROM identity_links AS l
    USING staged_accounts AS s, accounts AS a, endpoints AS e
    WHERE a.customer_number = s.customer_number AND l.account_id = a.id AND l.person_id IS NULL
    AND e.id = l.endpoint_id AND e.channel = 'phone' AND l.evidence = :evidence
    AND e.address IS DISTINCT FROM s.trunk
    """,
    """
    INSERT INTO identity_links (endpoint_id, account_id, trust, evidence)
    SELECT e.id, a.id, 1, :evidence
    FROM staged_accounts AS s
    JOIN accounts AS a ON a.customer_number = s.customer_number
    JOIN endpoints AS e ON e.channel = 'phone' AND e.address = s.trunk
    ON CONFLICT DO NOTHING
    """,
    # A number that has turned out to be a switchboard no longer stands for one person.
    """
    DELETE FROM identity_links AS l
    USING identity_links AS company, staged_accounts AS s, endpoints AS e
    WHERE e.channel = 'phone' AND e.address = s.trunk
    AND company.endpoint_id = e.id AND company.person_id IS NULL
    AND l.endpoint_id = e.id AND l.person_id IS NOT NULL AND l.evidence = :evidence
    """,
)

_FINISH = (
    "DROP TABLE staged_accounts, staged_people, staged_members, staged_known, staged_persons, "
    "staged_addresses, touched_endpoints, staged_links, endpoint_owners"
)


class RowWriter(Protocol):
    """Takes the rows of a COPY one by one."""

    async def write_row(self, row: Sequence[Any]) -> None:
        """Add one row, its values in the order of the columns."""
        ...


@dataclass(frozen=True, slots=True)
class Merged:
    """How many accounts and people the files named, and how many of the people are new."""

    accounts: int
    people: int
    new_people: int


async def create_stage(conn: AsyncConnection) -> None:
    """Make the temporary tables; they end with the transaction."""
    for statement in filter(str.strip, _STAGE.split(";")):
        await conn.execute(text(statement))


@asynccontextmanager
async def stage(conn: AsyncConnection, table: str, columns: Sequence[str]) -> AsyncIterator[RowWriter]:
    """Write rows into a stage by COPY, however many: nothing is kept in memory."""
    driver: Any = (await conn.get_raw_connection()).driver_connection
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    async with driver.cursor() as cursor, cursor.copy(statement) as copy:
        yield copy


async def wrong_rows(conn: AsyncConnection) -> list[tuple[str, int, str]]:
    """File, line and reason of staged rows that refer to nothing or stand in two files."""
    for statement in filter(str.strip, _INDEX.split(";")):
        await conn.execute(text(statement))
    return [(row.file, row.line, row.reason) for row in await conn.execute(text(_WRONG))]


async def merge(conn: AsyncConnection, *, source: str, today: date) -> Merged:
    """Take the staged rows over into the tables. Run it twice and the second time changes nothing."""
    values = {
        "source": source,
        "evidence": EVIDENCE,
        "yesterday": today - timedelta(days=1),
        "common": list(COMMON_MAILBOXES),
    }
    for statement in (*_MERGE_ACCOUNTS, *RESOLVE_PEOPLE, *MERGE_PEOPLE):
        clause = text(statement)
        await conn.execute(clause, {name: values[name] for name in clause.compile().params})
    counts = (
        await conn.execute(
            text(
                "SELECT (SELECT count(*) FROM staged_accounts) AS accounts,"
                " count(*) AS people, count(*) FILTER (WHERE new) AS new_people FROM staged_persons"
            )
        )
    ).one()
    await conn.execute(text(_FINISH))
    return Merged(counts.accounts, counts.people, counts.new_people)
