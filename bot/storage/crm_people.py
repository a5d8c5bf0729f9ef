"""People of a CRM in our tables: each stands for one contact over there, known by its origin.

A person is found by their origin; else somebody with the same name who has the same phone or e-mail,
or belongs to one of the same companies, and is no other contact of that CRM; else they are new.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.crm import CrmPerson
from bot.accounts.csv_file import read_roles
from bot.accounts.phones import BadPhone, read_phone
from bot.storage.accounts_import import COMMON_MAILBOXES, EVIDENCE
from bot.storage.crm_accounts import find, mark_gone
from bot.storage.tables import Base, Endpoint, IdentityLink, Membership, Origin, Person

Address = tuple[str, str]  # channel and address

# `owner` is the one active person an address proves, if it proves one (as for imported files).
_SETTLE = (
    text(
        """
        CREATE TEMPORARY TABLE settled ON COMMIT DROP AS
        SELECT e.id, count(DISTINCT m.person_id) > 1 OR common AS shared,
            CASE WHEN count(DISTINCT m.person_id) = 1 AND NOT common THEN min(m.person_id) END AS owner
        FROM endpoints AS e
        CROSS JOIN LATERAL (SELECT e.channel = 'email'
            AND split_part(e.address, '@', 1) = ANY(CAST(:common AS text[])) AS common) AS box
        LEFT JOIN identity_links AS l ON l.endpoint_id = e.id AND l.evidence = :evidence
        LEFT JOIN memberships AS m ON m.person_id = l.person_id
            AND (m.valid_until IS NULL OR m.valid_until >= :today)
        WHERE e.id = ANY(:ids) AND NOT EXISTS (
            SELECT FROM identity_links AS c WHERE c.endpoint_id = e.id AND c.person_id IS NULL)
        GROUP BY e.id, common
        """
    ),
    text(
        """
        UPDATE endpoints AS e SET shared = s.shared FROM settled AS s
        WHERE e.id = s.id AND e.shared <> s.shared
        """
    ),
    text(
        """
        UPDATE identity_links AS l SET trust = CASE WHEN l.person_id = s.owner THEN 2 ELSE 1 END
        FROM settled AS s
        WHERE l.endpoint_id = s.id AND l.person_id IS NOT NULL AND l.evidence = :evidence
        AND l.trust <> CASE WHEN l.person_id = s.owner THEN 2 ELSE 1 END
        """
    ),
    text("DROP TABLE settled"),
)


async def take(
    conn: AsyncConnection, source: str, people: Sequence[CrmPerson], now: datetime, today: date
) -> list[str]:
    """Take people over; returns what was wrong with them, in words for the operator."""
    problems: list[str] = []
    touched: set[int] = set()
    for person in people:
        addresses, wrong = _addresses(person)
        problems += wrong
        person_id = await _place(conn, source, person, addresses, now)
        await _join(conn, source, person_id, person, today)
        touched |= await _reach(conn, source, person_id, addresses)
    await settle(conn, touched, today)
    return problems


def _addresses(person: CrmPerson) -> tuple[list[Address], list[str]]:
    """Phones and e-mail as endpoints write them; a switchboard is nobody's own."""
    found: list[Address] = []
    problems: list[str] = []
    for written in person.phones:
        try:
            phone = read_phone(written)
        except BadPhone as error:
            problems.append(f"contact {person.external_id}: phone: {error}")
            continue
        if phone.extension is not None or not phone.block:
            found.append(("phone", phone.address))
    if person.email and person.email.count("@") == 1:
        found.append(("email", person.email))
    elif person.email:
        problems.append(f"contact {person.external_id}: email: expected one @")
    return list(dict.fromkeys(found)), problems


async def _place(
    conn: AsyncConnection, source: str, person: CrmPerson, addresses: Sequence[Address], now: datetime
) -> int:
    known = await find(conn, source, "person", person.external_id)
    if known is None:
        known = await _same(conn, source, person, addresses)
    if known is None:
        known = (
            await conn.execute(insert(Person).values(name=person.name, source=source).returning(Person.id))
        ).scalar_one()
    else:
        changes = Person.name != person.name, func.array_position(Person.edited, "name").is_(None)
        await conn.execute(update(Person).where(Person.id == known, *changes).values(name=person.name))
    values = {"person_id": known, "url": person.url}
    await conn.execute(
        upsert(Origin)
        .values(source=source, kind="person", external_id=person.external_id, synced_at=now, **values)
        .on_conflict_do_update(
            index_elements=["source", "kind", "external_id"],
            set_={**values, "synced_at": now, "gone_at": None},
        )
    )
    return known


async def _same(
    conn: AsyncConnection, source: str, person: CrmPerson, addresses: Sequence[Address]
) -> int | None:
    """Somebody on file who is this person, whichever source brought them."""
    other = select(Origin.id).where(Origin.person_id == Person.id, Origin.source == source)
    named = func.lower(Person.name) == person.name.lower()
    for channel, address in addresses:
        found: int | None = await conn.scalar(
            select(Person.id)
            .join(IdentityLink, IdentityLink.person_id == Person.id)
            .join(Endpoint, Endpoint.id == IdentityLink.endpoint_id)
            .where(named, Endpoint.channel == channel, Endpoint.address == address, ~other.exists())
            .limit(1)
        )
        if found is not None:
            return found
    companies = [await find(conn, source, "account", m.account) for m in person.memberships]
    accounts = [account for account in companies if account is not None]
    colleague: int | None = await conn.scalar(
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(named, Membership.account_id.in_(accounts), ~other.exists())
        .limit(1)
    )
    return colleague


async def _join(conn: AsyncConnection, source: str, person_id: int, person: CrmPerson, today: date) -> None:
    """Make the memberships those of the CRM, at companies it keeps; edited ones stay."""
    yesterday, accounts = today - timedelta(days=1), []
    for membership in person.memberships:
        account_id = await find(conn, source, "account", membership.account)
        if account_id is None:
            continue
        accounts.append(account_id)
        roles = list(read_roles("|".join(membership.roles)))
        until = membership.until if membership.active else min(membership.until or yesterday, yesterday)
        values = {"roles": roles, "valid_until": until}
        await conn.execute(
            upsert(Membership)
            .values(person_id=person_id, account_id=account_id, **values)
            .on_conflict_do_update(
                index_elements=["person_id", "account_id"], set_=values, where=~Membership.edited
            )
        )
    kept_there = select(Origin.account_id).where(Origin.source == source, Origin.account_id.is_not(None))
    await conn.execute(
        update(Membership)
        .where(
            Membership.person_id == person_id,
            Membership.account_id.in_(kept_there),
            Membership.account_id.not_in(accounts),
            func.coalesce(Membership.valid_until, today) >= today,
            ~Membership.edited,
        )
        .values(valid_until=yesterday)
    )


async def _reach(
    conn: AsyncConnection, source: str, person_id: int, addresses: Sequence[Address]
) -> set[int]:
    """Make the addresses on file those of the CRM; returns the endpoints whose owner may have changed."""
    ids: set[int] = set()
    for channel, address in addresses:
        await conn.execute(
            upsert(Endpoint)
            .values(channel=channel, address=address, thread=f"{channel}:{address}")
            .on_conflict_do_nothing()
        )
        endpoint_id: int = (
            await conn.execute(
                select(Endpoint.id).where(Endpoint.channel == channel, Endpoint.address == address)
            )
        ).scalar_one()
        of_company = await conn.scalar(
            select(IdentityLink.id)
            .where(IdentityLink.endpoint_id == endpoint_id, IdentityLink.person_id.is_(None))
            .limit(1)
        )
        if of_company is None:
            ids.add(endpoint_id)
            await conn.execute(
                upsert(IdentityLink)
                .values(endpoint_id=endpoint_id, person_id=person_id, trust=1, evidence=EVIDENCE)
                .on_conflict_do_nothing()
            )
    # Of somebody whom another source brought, only the kinds of address that the CRM has as well.
    brought_by = await conn.scalar(select(Person.source).where(Person.id == person_id))
    channels = {"phone", "email"} if brought_by == source else {channel for channel, _ in addresses}
    replaced = select(Endpoint.id).where(Endpoint.channel.in_(channels), Endpoint.id.not_in(ids))
    gone = await conn.execute(
        delete(IdentityLink)
        .where(
            IdentityLink.person_id == person_id,
            IdentityLink.evidence == EVIDENCE,
            IdentityLink.endpoint_id.in_(replaced),
        )
        .returning(IdentityLink.endpoint_id)
    )
    return ids | {row.endpoint_id for row in gone}


async def settle(conn: AsyncConnection, endpoints: Collection[int], today: date) -> None:
    """Decide whom each address proves: exactly one active person (trust 2), or several (trust 1)."""
    values = {
        "ids": sorted(endpoints),
        "today": today,
        "evidence": EVIDENCE,
        "common": list(COMMON_MAILBOXES),
    }
    if endpoints:
        for statement in _SETTLE:
            names = statement.compile().params
            await conn.execute(statement, {name: values[name] for name in names})


async def merged(conn: AsyncConnection, source: str, gone: str, survivor: str, today: date) -> bool:
    """Two contacts have become one over there, and so do the people; whether that was news."""
    losing = await find(conn, source, "person", gone)
    if losing is None:
        return False
    await conn.execute(
        delete(Origin).where(Origin.source == source, Origin.kind == "person", Origin.external_id == gone)
    )
    kept = await find(conn, source, "person", survivor)
    if kept is None or kept == losing:
        return True
    for table, key in ((Membership, Membership.account_id), (IdentityLink, IdentityLink.endpoint_id)):
        theirs = select(key).where(table.person_id == kept)
        await conn.execute(delete(table).where(table.person_id == losing, key.in_(theirs)))
    for column in _references():
        await conn.execute(update(column.table).where(column == losing).values({column: kept}))
    await conn.execute(delete(Person).where(Person.id == losing))
    linked = await conn.execute(select(IdentityLink.endpoint_id).where(IdentityLink.person_id == kept))
    await settle(conn, {row.endpoint_id for row in linked}, today)
    return True


def _references() -> list[Column[Any]]:
    """Every column that points to a person."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column is Person.__table__.c.id for key in column.foreign_keys)
    ]


async def take_away(
    conn: AsyncConnection, source: str, external_id: str, now: datetime, today: date, *, erased: bool
) -> bool:
    """A contact was deleted over there; whether that was news. Erased, they are forgotten here as well:
    what was said stays, without a name (`bauruf forget` deletes that).
    """
    person_id = await mark_gone(conn, source, "person", external_id, now)
    if person_id is None:
        return False
    linked = await conn.execute(
        select(IdentityLink.endpoint_id).where(
            IdentityLink.person_id == person_id, IdentityLink.evidence == EVIDENCE
        )
    )
    endpoints = {row.endpoint_id for row in linked}
    if erased:
        await conn.execute(delete(Person).where(Person.id == person_id))
        await conn.execute(
            delete(Endpoint).where(
                Endpoint.id.in_(endpoints),
                Endpoint.channel.in_(("phone", "email")),
                ~select(IdentityLink.id).where(IdentityLink.endpoint_id == Endpoint.id).exists(),
            )
        )
    elif not await conn.scalar(
        select(Origin.id).where(Origin.person_id == person_id, Origin.gone_at.is_(None)).limit(1)
    ):
        await conn.execute(
            update(Membership)
            .where(Membership.person_id == person_id, func.coalesce(Membership.valid_until, today) >= today)
            .values(valid_until=today - timedelta(days=1))
        )
    await settle(conn, endpoints, today)
    return True
