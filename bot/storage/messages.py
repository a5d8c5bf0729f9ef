"""The messages of conversations, as people see them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import Message

PREVIEW_CHARACTERS = 160


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message about to be written; see tables.Message for the meaning of each field."""

    author: str
    kind: str = "text"
    text: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)
    understanding: Mapping[str, Any] | None = None
    inbox_id: int | None = None
    agent_id: int | None = None
    provider_id: str | None = None
    client_key: str | None = None

    @property
    def preview(self) -> dict[str, str]:
        """What the queue shows of it."""
        return {"author": self.author, "kind": self.kind, "text": self.text[:PREVIEW_CHARACTERS]}


_ADD = insert(Message).returning(Message.id, sort_by_parameter_order=True)


async def add_messages(
    conn: AsyncConnection,
    messages: Sequence[NewMessage],
    *,
    conversation_id: int,
    endpoint_id: int,
    now: datetime,
) -> list[int]:
    """Write messages in this order; returns their ids."""
    rows = [
        {
            "conversation_id": conversation_id,
            "endpoint_id": endpoint_id,
            "inbox_id": message.inbox_id,
            "author": message.author,
            "agent_id": message.agent_id,
            "kind": message.kind,
            "text": message.text,
            "content": dict(message.content),
            "understanding": message.understanding,
            "provider_id": message.provider_id,
            "client_key": message.client_key,
            "at": now,
        }
        for message in messages
    ]
    result = await conn.execute(_ADD, rows)
    return [row.id for row in result]


async def edit_message(
    conn: AsyncConnection, endpoint_id: int, provider_id: str, text: str, now: datetime
) -> tuple[int, int] | None:
    """Take over an edit by its sender; returns the ids of the message and its conversation, None when
    the message is not ours.
    """
    statement = (
        update(Message)
        .where(
            Message.endpoint_id == endpoint_id,
            Message.provider_id == provider_id,
            Message.author == "installer",
        )
        .values(text=text, edited_at=now)
        .returning(Message.id, Message.conversation_id)
    )
    row = (await conn.execute(statement)).first()
    return (row.id, row.conversation_id) if row else None


async def stored(conn: AsyncConnection, endpoint_id: int, provider_ids: Collection[str]) -> frozenset[str]:
    """Which of these messages of an installer we have."""
    rows = await conn.execute(
        select(Message.provider_id).where(
            Message.endpoint_id == endpoint_id,
            Message.provider_id.in_(provider_ids),
            Message.author == "installer",
        )
    )
    return frozenset(row.provider_id for row in rows)


async def unanswered(conn: AsyncConnection, endpoint_id: int) -> frozenset[str]:
    """The provider ids of the newest messages that nobody has answered yet."""
    rows = await conn.execute(
        select(Message.author, Message.provider_id)
        .where(Message.endpoint_id == endpoint_id, Message.author.in_(("installer", "bot", "agent")))
        .order_by(Message.id.desc())
        .limit(10)
    )
    waiting = takewhile(lambda row: row.author == "installer", rows)
    return frozenset(row.provider_id for row in waiting if row.provider_id is not None)
