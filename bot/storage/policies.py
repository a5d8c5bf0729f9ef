"""The versions of the policy: every save is a new one, the highest is in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import Agent, PolicyVersion


@dataclass(frozen=True, slots=True)
class SavedPolicy:
    """One version: its values as JSON (`bot.policy.read_policy`), who saved it and when."""

    version: int
    values: Mapping[str, Any]
    saved_by: str | None
    saved_at: datetime


_VERSIONS = (
    select(PolicyVersion.id, PolicyVersion.values, Agent.name, PolicyVersion.created_at)
    .outerjoin(Agent, Agent.id == PolicyVersion.agent_id)
    .order_by(PolicyVersion.id.desc())
)


async def newest(conn: AsyncConnection) -> SavedPolicy | None:
    """The version in force; None while nobody has changed the policy that came with the product."""
    found = await history(conn, limit=1)
    return found[0] if found else None


async def history(conn: AsyncConnection, limit: int = 50) -> list[SavedPolicy]:
    """The versions, newest first."""
    return [SavedPolicy(*row) for row in await conn.execute(_VERSIONS.limit(limit))]


async def save(
    conn: AsyncConnection,
    values: Mapping[str, Any],
    *,
    after: int | None,
    agent_id: int | None,
    now: datetime,
) -> int | None:
    """Add a version on top of version `after` (None: nothing was saved before); returns its number.

    None when somebody else has saved one meanwhile.
    """
    await conn.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('bauruf:policy', 0))"))
    current = await newest(conn)
    if (current.version if current else None) != after:
        return None
    added: int = (
        await conn.execute(
            insert(PolicyVersion)
            .values(values=dict(values), agent_id=agent_id, created_at=now)
            .returning(PolicyVersion.id)
        )
    ).scalar_one()
    return added
