"""The local copy of a CRM: taking over what changed there, and looking up what stands for what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.crm import Changes, OpenItem, Reference
from bot.storage import crm_accounts, crm_news, crm_people
from bot.storage.tables import Origin

_MOST_PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class Report:
    """What a sync has done. `problems` are the first hundred, one line each."""

    accounts: int = 0
    people: int = 0
    gone: int = 0
    merged: int = 0
    problems: tuple[str, ...] = ()

    def plus(self, other: Report) -> Report:
        """Both together."""
        return Report(
            self.accounts + other.accounts,
            self.people + other.people,
            self.gone + other.gone,
            self.merged + other.merged,
            (*self.problems, *other.problems)[:_MOST_PROBLEMS],
        )

    def json(self) -> dict[str, Any]:
        """How it is kept."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class KnownAs:
    """The record of a CRM behind an account: where it is, since when we have it, where it says something
    else than we do (`differs`), and its open items as last read.
    """

    source: str
    external_id: str
    url: str
    synced_at: datetime
    differs: Mapping[str, str]
    open_items: tuple[OpenItem, ...]
    open_items_at: datetime | None


async def apply(
    conn: AsyncConnection, source: str, changes: Changes, *, now: datetime, today: date
) -> Report:
    """Take changes over, in the caller's transaction; taking them over again changes nothing."""
    for merge in changes.merged:
        # Where the survivor is a new record, it goes on as the first of those it is made of.
        if await crm_accounts.find(conn, source, merge.kind, merge.survivor) is None:
            await crm_accounts.go_on(conn, source, merge)
    problems = await crm_news.take(
        conn,
        source,
        "account",
        changes.accounts,
        now,
        lambda some: crm_accounts.take(conn, source, some, now),
    )
    problems += await crm_news.take(
        conn,
        source,
        "person",
        changes.people,
        now,
        lambda some: crm_people.take(conn, source, some, now, today),
    )
    merged = 0
    for merge in changes.merged:
        if merge.kind == "account":
            merged += await crm_accounts.merged(conn, source, merge.external_id, merge.survivor)
        else:
            merged += await crm_people.merged(conn, source, merge.external_id, merge.survivor, today)
    gone = 0
    for one in changes.gone:
        if one.kind == "account":
            gone += await crm_accounts.take_away(conn, source, one.external_id, now, today)
        else:
            gone += await crm_people.take_away(conn, source, one.external_id, now, today, erased=one.erased)
    return Report(len(changes.accounts), len(changes.people), gone, merged, tuple(problems))


async def unseen(conn: AsyncConnection, source: str, since: datetime) -> tuple[list[tuple[str, str]], int]:
    """The records (kind, id) that a reading of everything since then has not named, and how many there are
    in all.
    """
    there = Origin.source == source, Origin.gone_at.is_(None)
    rows = await conn.execute(select(Origin.kind, Origin.external_id).where(*there, Origin.synced_at < since))
    total = await conn.scalar(select(func.count()).select_from(Origin).where(*there))
    return [(row.kind, row.external_id) for row in rows], total or 0


async def known_as(conn: AsyncConnection, account_id: int) -> list[KnownAs]:
    """The records of CRMs behind an account, the leading one first."""
    rows = await conn.execute(
        select(Origin)
        .where(Origin.account_id == account_id, Origin.kind == "account", Origin.gone_at.is_(None))
        .order_by(Origin.source, Origin.id)
    )
    return [
        KnownAs(
            row.source,
            row.external_id,
            row.url,
            row.synced_at,
            row.differs,
            tuple(OpenItem(**item) for item in row.open_items or ()),
            row.open_items_at,
        )
        for row in rows
    ]


async def external_id(
    conn: AsyncConnection, source: str, *, account_id: int | None = None, person_id: int | None = None
) -> str | None:
    """Under which id a CRM knows an account or a person, if it does."""
    whose = Origin.account_id == account_id if account_id is not None else Origin.person_id == person_id
    found: str | None = await conn.scalar(
        select(Origin.external_id)
        .where(Origin.source == source, whose, Origin.gone_at.is_(None))
        .order_by(Origin.id)
        .limit(1)
    )
    return found


async def written(
    conn: AsyncConnection, source: str, person_id: int, reference: Reference, now: datetime
) -> None:
    """Remember which contact we wrote for a person; one that stands for somebody already stays so."""
    await conn.execute(
        insert(Origin)
        .values(
            source=source,
            kind="person",
            external_id=reference.id,
            person_id=person_id,
            url=reference.url,
            synced_at=now,
        )
        .on_conflict_do_nothing(index_elements=["source", "kind", "external_id"])
    )


async def keep_open_items(
    conn: AsyncConnection, source: str, account: str, items: Sequence[OpenItem], now: datetime
) -> None:
    """Remember a company's open items for when the CRM does not answer."""
    await conn.execute(
        update(Origin)
        .where(Origin.source == source, Origin.kind == "account", Origin.external_id == account)
        .values(open_items=[asdict(item) for item in items], open_items_at=now)
    )
