"""What happened, in order: written with the change itself, read by the live stream and the audit trail."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, bindparam, insert, literal_column, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import Event


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in the stream of events: the writing transaction, then the event's own id."""

    xact: int
    id: int

    def __str__(self) -> str:
        return f"{self.xact}.{self.id}"

    @classmethod
    def parse(cls, value: str) -> Position:
        """Read "xact.id". Raises ValueError on anything else."""
        found = re.fullmatch(r"([0-9]{1,18})\.([0-9]{1,18})", value)
        if found is None:
            raise ValueError('expected a position such as "1234.56"')
        return cls(int(found[1]), int(found[2]))


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event about to be written. `actor` is installer, bot, system or agent:<id>."""

    kind: str
    actor: str
    conversation_id: int | None = None
    message_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as readers see it."""

    position: Position
    at: datetime
    kind: str
    actor: str
    conversation_id: int | None
    message_id: int | None
    data: dict[str, Any]


# Built once: putting a statement together costs more than running it.
_APPEND = insert(Event)


async def append(
    conn: AsyncConnection,
    *,
    kind: str,
    actor: str,
    conversation_id: int | None = None,
    message_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Write one event in the caller's transaction."""
    await append_all(conn, [NewEvent(kind, actor, conversation_id, message_id, data or {})])


async def append_all(conn: AsyncConnection, events: Sequence[NewEvent]) -> None:
    """Write events in the caller's transaction, in this order."""
    if events:
        rows = [
            {
                "kind": event.kind,
                "actor": event.actor,
                "conversation_id": event.conversation_id,
                "message_id": event.message_id,
                "data": event.data,
            }
            for event in events
        ]
        await conn.execute(_APPEND, rows)


# Everything below this transaction id has ended, so nothing can become visible before it any more.
_SETTLED: ColumnElement[int] = literal_column("pg_snapshot_xmin(pg_current_snapshot())::text::bigint")


_HEAD = (
    select(Event.xact, Event.id)
    .where(Event.xact < _SETTLED)
    .order_by(Event.xact.desc(), Event.id.desc())
    .limit(1)
)
_AFTER = (
    select(Event)
    .where(
        tuple_(Event.xact, Event.id)
        > tuple_(bindparam("xact", type_=BigInteger), bindparam("id", type_=BigInteger)),
        Event.xact < _SETTLED,
    )
    .order_by(Event.xact, Event.id)
    .limit(bindparam("limit"))
)


async def head(conn: AsyncConnection) -> Position:
    """The position after which nothing has been settled yet. Take it before reading state."""
    row = (await conn.execute(_HEAD)).first()
    return Position(*row) if row else Position(0, 0)


async def read_after(conn: AsyncConnection, position: Position, limit: int = 500) -> list[StoredEvent]:
    """The next settled events after `position`, oldest first. None is skipped, none repeated."""
    rows = await conn.execute(_AFTER, {"xact": position.xact, "id": position.id, "limit": limit})
    return [_stored(row) for row in rows]


async def of_conversation(conn: AsyncConnection, conversation_id: int, limit: int = 50) -> list[StoredEvent]:
    """The latest events of one conversation, oldest first: its audit trail."""
    rows = await conn.execute(
        select(Event).where(Event.conversation_id == conversation_id).order_by(Event.id.desc()).limit(limit)
    )
    return [_stored(row) for row in rows][::-1]


def _stored(row: Any) -> StoredEvent:
    return StoredEvent(
        Position(row.xact, row.id), row.at, row.kind, row.actor, row.conversation_id, row.message_id, row.data
    )
