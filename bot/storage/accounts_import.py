"""Taking over accounts and people from files: staged in temporary tables, checked, merged in one go.

Nothing is taken away: who is not in the file stays as they are. Within what the file names, the file
is right: roles, phones and e-mails on file become those of the file, and somebody who is no longer
active stops being a member the day before.

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
        name = excluded.name, city = excluded.city, tier = excluded.tier, source = excluded.source,
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

_RESOLVE_PEOPLE = (
    # One row per name and company; `contact` is what tells that two companies mean the same person.
    """
    CREATE TEMPORARY TABLE staged_members ON COMMIT DROP AS
    SELECT customer_number, lower(name) AS key, min(name) AS name, bool_or(active) AS active,
        ARRAY(SELECT DISTINCT unnest(string_to_array(nullif(string_agg(
            array_to_string(roles, '|'), '|') FILTER (WHERE roles <> '{}'), ''), '|')) ORDER BY 1) AS roles,
        coalesce((array_agg(phone ORDER BY file, line) FILTER (WHERE own))[1], min(email), customer_number)
            AS contact
    FROM staged_people GROUP BY customer_number, lower(name)
    """,
    "ANALYZE staged_members",
    """
    CREATE TEMPORARY TABLE staged_known ON COMMIT DROP AS
    SELECT m.key, m.contact, min(p.id) AS id FROM (
        SELECT s.customer_number, lower(s.name) AS key, l.person_id FROM staged_people AS s
        JOIN endpoints AS e ON e.channel = 'phone' AND e.address = s.phone AND s.own
        JOIN identity_links AS l ON l.endpoint_id = e.id
        UNION ALL
        SELECT s.customer_number, lower(s.name), l.person_id FROM staged_people AS s
        JOIN endpoints AS e ON e.channel = 'email' AND e.address = s.email
        JOIN identity_links AS l ON l.endpoint_id = e.id
        UNION ALL
        SELECT s.customer_number, lower(s.name), ms.person_id FROM staged_people AS s
        JOIN accounts AS a ON a.customer_number = s.customer_number
        JOIN memberships AS ms ON ms.account_id = a.id
    ) AS candidate
    JOIN people AS p ON p.id = candidate.person_id AND lower(p.name) = candidate.key
    JOIN staged_members AS m ON m.customer_number = candidate.customer_number AND m.key = candidate.key
    GROUP BY m.key, m.contact
    """,
    """
    CREATE TEMPORARY TABLE staged_persons ON COMMIT DROP AS
    SELECT m.key, m.contact, m.name, k.id IS NULL AS new,
        coalesce(k.id, nextval(pg_get_serial_sequence('people', 'id'))) AS id
    FROM (SELECT key, contact, min(name) AS name FROM staged_members GROUP BY key, contact) AS m
    LEFT JOIN staged_known AS k USING (key, contact)
    """,
    "CREATE INDEX ON staged_persons (id)",
    "ANALYZE staged_persons",
    # Every address the file gives a person.
    """
    CREATE TEMPORARY TABLE staged_addresses ON COMMIT DROP AS
    SELECT DISTINCT p.id AS person_id, address.channel, address.value AS address
    FROM staged_people AS s
    JOIN staged_members AS m ON m.customer_number = s.customer_number AND m.key = lower(s.name)
    JOIN staged_persons AS p ON p.key = m.key AND p.contact = m.contact
    CROSS JOIN LATERAL (VALUES ('phone', CASE WHEN s.own THEN s.phone END), ('email', s.email))
        AS address (channel, value)
    WHERE address.value IS NOT NULL AND NOT EXISTS (
        SELECT FROM endpoints AS e
        JOIN identity_links AS l ON l.endpoint_id = e.id AND l.person_id IS NULL AND l.evidence = :evidence
        WHERE e.channel = address.channel AND e.address = address.value)
    """,
    "CREATE INDEX ON staged_addresses (channel, address)",
    "CREATE INDEX ON staged_addresses (person_id)",
    "ANALYZE staged_addresses",
)

_MERGE_PEOPLE = (
    """
    INSERT INTO people (id, name, source) SELECT id, name, :source FROM staged_persons WHERE new ORDER BY id
    """,
    """
    UPDATE people AS p SET name = s.name FROM staged_persons AS s
    WHERE p.id = s.id AND NOT s.new AND p.name <> s.name
    """,
    """
    INSERT INTO memberships (person_id, account_id, roles, valid_until)
    SELECT DISTINCT ON (p.id, a.id) p.id, a.id, m.roles,
        CASE WHEN NOT m.active THEN CAST(:yesterday AS date) END
    FROM staged_members AS m
    JOIN staged_persons AS p ON p.key = m.key AND p.contact = m.contact
    JOIN accounts AS a ON a.customer_number = m.customer_number
    ON CONFLICT (person_id, account_id) DO UPDATE SET roles = excluded.roles,
        valid_until = CASE
            WHEN excluded.valid_until IS NOT NULL THEN least(memberships.valid_until, excluded.valid_until)
            WHEN memberships.valid_until > CAST(:yesterday AS date) THEN memberships.valid_until
        END
    """,
    """
    INSERT INTO endpoints (channel, address, thread)
    SELECT DISTINCT channel, address, channel || ':' || address FROM staged_addresses
    ON CONFLICT DO NOTHING
    """,
    """
    CREATE TEMPORARY TABLE touched_endpoints ON COMMIT DROP AS
    SELECT DISTINCT e.id, e.channel, e.address FROM endpoints AS e
    JOIN identity_links AS l ON l.endpoint_id = e.id AND l.evidence = :evidence
    JOIN staged_persons AS p ON p.id = l.person_id
    UNION
    SELECT e.id, e.channel, e.address FROM endpoints AS e JOIN staged_addresses AS s USING (channel, address)
    """,
    "ANALYZE touched_endpoints",
    """
    DELETE FROM identity_links AS l USING touched_endpoints AS e, staged_persons AS p
    WHERE l.endpoint_id = e.id AND l.person_id = p.id AND l.evidence = :evidence
    AND EXISTS (SELECT FROM staged_addresses AS s WHERE s.person_id = p.id AND s.channel = e.channel)
    AND NOT EXISTS (SELECT FROM staged_addresses AS s
        WHERE s.person_id = p.id AND s.channel = e.channel AND s.address = e.address)
    """,
    """
    INSERT INTO identity_links (endpoint_id, person_id, trust, evidence)
    SELECT e.id, s.person_id, 1, :evidence
    FROM staged_addresses AS s JOIN touched_endpoints AS e USING (channel, address)
    ON CONFLICT DO NOTHING
    """,
    """
    CREATE TEMPORARY TABLE endpoint_owners ON COMMIT DROP AS
    SELECT e.id AS endpoint_id, count(DISTINCT m.person_id) AS active,
        e.channel = 'email' AND split_part(e.address, '@', 1) = ANY(CAST(:common AS text[])) AS common
    FROM touched_endpoints AS e
    LEFT JOIN identity_links AS l ON l.endpoint_id = e.id
    LEFT JOIN memberships AS m ON m.person_id = l.person_id
        AND (m.valid_until IS NULL OR m.valid_until > CAST(:yesterday AS date))
    GROUP BY e.id, e.channel, e.address
    """,
    """
    UPDATE endpoints AS e SET shared = (o.active > 1 OR o.common) FROM endpoint_owners AS o
    WHERE e.id = o.endpoint_id AND e.shared <> (o.active > 1 OR o.common)
    """,
    """
    UPDATE identity_links AS l SET trust = proof.trust
    FROM (
        SELECT l.id, CASE WHEN o.active = 1 AND NOT o.common AND EXISTS (
            SELECT FROM memberships AS m WHERE m.person_id = l.person_id
            AND (m.valid_until IS NULL OR m.valid_until > CAST(:yesterday AS date))
        ) THEN 2 ELSE 1 END AS trust
        FROM identity_links AS l JOIN endpoint_owners AS o USING (endpoint_id)
        WHERE l.person_id IS NOT NULL AND l.evidence = :evidence
    ) AS proof
    WHERE l.id = proof.id AND l.trust <> proof.trust
    """,
)

_FINISH = (
    "DROP TABLE staged_accounts, staged_people, staged_members, staged_known, staged_persons, "
    "staged_addresses, touched_endpoints, endpoint_owners"
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
    await conn.execute(text(_STAGE))


@asynccontextmanager
async def stage(conn: AsyncConnection, table: str, columns: Sequence[str]) -> AsyncIterator[RowWriter]:
    """Write rows into a stage by COPY, however many: nothing is kept in memory."""
    raw = (await conn.get_raw_connection()).driver_connection
    assert raw is not None
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    async with raw.cursor() as cursor, cursor.copy(statement) as copy:
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
    for statement in (*_MERGE_ACCOUNTS, *_RESOLVE_PEOPLE, *_MERGE_PEOPLE):
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
