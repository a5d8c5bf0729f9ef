"""How far the copy of each CRM has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import CrmSync


@dataclass(frozen=True, slots=True)
class Standing:
    """A copy as it stands. `full_since` says that everything is being read, `complete_at` when that last
    came to its end; `problem` why a run ended early.
    """

    cursor: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    full_since: datetime | None = None
    complete_at: datetime | None = None
    not_before: datetime | None = None
    report: Mapping[str, Any] | None = None
    problem: str | None = None


async def standing(conn: AsyncConnection, source: str) -> Standing:
    """How far the copy of a CRM has come; an empty `Standing` before the first run."""
    row = (
        await conn.execute(
            select(
                CrmSync.cursor,
                CrmSync.started_at,
                CrmSync.finished_at,
                CrmSync.full_since,
                CrmSync.complete_at,
                CrmSync.not_before,
                CrmSync.report,
                CrmSync.problem,
            ).where(CrmSync.source == source)
        )
    ).first()
    return Standing(*row) if row else Standing()


async def note(conn: AsyncConnection, source: str, **values: Any) -> None:
    """Write some of a copy's columns."""
    await conn.execute(
        insert(CrmSync)
        .values(source=source, **values)
        .on_conflict_do_update(index_elements=["source"], set_=values)
    )


async def one_at_a_time(conn: AsyncConnection) -> None:
    """Let nobody else write what CRMs say until the caller's transaction ends: two may mean one company."""
    await conn.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("bauruf:crm", 0))))
