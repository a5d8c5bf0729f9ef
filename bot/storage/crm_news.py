"""Leaving alone what is no news: a record that is as it was when it was last taken over.

A night reads everything, and nearly all of it is unchanged: that costs three statements for a page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import bindparam, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.crm import CrmAccount, CrmPerson, RecordKind
from bot.storage.tables import Account, Origin

Record = TypeVar("Record", CrmAccount, CrmPerson)

_NOTE = (
    update(Origin)
    .where(
        Origin.source == bindparam("of"),
        Origin.kind == bindparam("what"),
        Origin.external_id == bindparam("which"),
    )
    .values(digest=bindparam("digest"))
)


async def take(
    conn: AsyncConnection,
    source: str,
    kind: RecordKind,
    records: Sequence[Record],
    now: datetime,
    take_over: Callable[[Sequence[Record]], Awaitable[list[str]]],
) -> list[str]:
    """Let `take_over` have the records that are news, and note that the others are still there; returns
    what it returns.
    """
    if not records:
        return []
    companies = await _companies(conn, source, records)
    digests = {record.external_id: _digest(record, companies) for record in records}
    same = await _touch(conn, source, kind, digests, now)
    news = [record for record in records if record.external_id not in same]
    problems = await take_over(news) if news else []
    if news:
        noted = [
            {"of": source, "what": kind, "which": record.external_id, "digest": digests[record.external_id]}
            for record in news
        ]
        await conn.execute(_NOTE, noted)
    return problems


def _digest(record: CrmAccount | CrmPerson, companies: Mapping[str, int]) -> str:
    """Of all that is known of a record; for people also of what their companies stand for here."""
    stand_for = (
        [companies.get(membership.account) for membership in record.memberships]
        if isinstance(record, CrmPerson)
        else []
    )
    return hashlib.sha256(repr((record, stand_for)).encode()).hexdigest()


async def _companies(
    conn: AsyncConnection, source: str, records: Sequence[CrmAccount | CrmPerson]
) -> dict[str, int]:
    named = {m.account for record in records if isinstance(record, CrmPerson) for m in record.memberships}
    if not named:
        return {}
    rows = await conn.execute(
        select(Origin.external_id, Origin.account_id).where(
            Origin.source == source, Origin.kind == "account", Origin.external_id.in_(named)
        )
    )
    return {row.external_id: row.account_id for row in rows}


async def _touch(
    conn: AsyncConnection, source: str, kind: str, digests: Mapping[str, str], now: datetime
) -> set[str]:
    """Note that unchanged records are still there; which ones these are."""
    rows = (
        await conn.execute(
            update(Origin)
            .where(
                Origin.source == source,
                Origin.kind == kind,
                Origin.gone_at.is_(None),
                tuple_(Origin.external_id, Origin.digest).in_(list(digests.items())),
            )
            .values(synced_at=now)
            .returning(Origin.external_id, Origin.account_id)
        )
    ).all()
    accounts = {row.account_id for row in rows if row.account_id is not None}
    if accounts:
        await conn.execute(
            update(Account).where(Account.id.in_(accounts), Account.source == source).values(synced_at=now)
        )
    return {row.external_id for row in rows}
