"""What happened to a conversation, for people: who took it, handed it over, closed it, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import Agent, Event
from handoff.console.shapes import AuditLine

_KINDS = (
    "turn.changed",
    "handoff.opened",
    "handoff.raised",
    "handoff.overdue",
    "trust.changed",
    "proof.failed",
)
# A name or two is how people introduce themselves; only what was refused is worth a line.
_FISHING = and_(Event.kind == "identity.guessed", Event.data["refused"].as_boolean())
_MOST = 50


async def trail(conn: AsyncConnection, conversation_id: int) -> list[AuditLine]:
    """The latest lines of one conversation, oldest first; agents by their names."""
    rows = await conn.execute(
        select(Event.at, Event.kind, Event.actor, Event.data, Agent.name)
        .outerjoin(Agent, Event.actor == func.concat("agent:", Agent.id))
        .where(Event.conversation_id == conversation_id, or_(Event.kind.in_(_KINDS), _FISHING))
        .order_by(Event.id.desc())
        .limit(_MOST)
    )
    lines = [
        AuditLine(
            at=row.at,
            kind=row.kind,
            actor=row.name or row.actor,
            text=_text(row.kind, row.data),
        )
        for row in rows
    ]
    return lines[::-1]


def _text(kind: str, data: Mapping[str, Any]) -> str:
    """What the console needs to word a line: codes, and for a change of trust the new level before them."""
    match kind:
        case "trust.changed":
            return " ".join(str(data[name]) for name in ("to", "evidence", "reason") if name in data)
        case "proof.failed" | "identity.guessed":
            return str(data["kind"])
    return data.get("code") or ", ".join(data.get("reasons", []))
