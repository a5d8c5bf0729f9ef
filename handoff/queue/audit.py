"""What happened to a conversation, for people: who took it, handed it over, closed it, and when."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import Agent, Event
from handoff.console.shapes import AuditLine

_KINDS = ("turn.changed", "handoff.opened", "handoff.raised", "handoff.overdue")
_MOST = 50


async def trail(conn: AsyncConnection, conversation_id: int) -> list[AuditLine]:
    """The latest lines of one conversation, oldest first; agents by their names."""
    rows = await conn.execute(
        select(Event.at, Event.kind, Event.actor, Event.data, Agent.name)
        .outerjoin(Agent, Event.actor == func.concat("agent:", Agent.id))
        .where(Event.conversation_id == conversation_id, Event.kind.in_(_KINDS))
        .order_by(Event.id.desc())
        .limit(_MOST)
    )
    lines = [
        AuditLine(
            at=row.at,
            kind=row.kind,
            actor=row.name or row.actor,
            text=row.data.get("code") or ", ".join(row.data.get("reasons", [])),
        )
        for row in rows
    ]
    return lines[::-1]
