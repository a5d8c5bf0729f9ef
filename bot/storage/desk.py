"""What the desk looks up and locks before it acts on a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.conversations import TurnHolder
from bot.storage.tables import Agent, Conversation, Endpoint, Message


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation, locked until the caller's transaction ends."""

    id: int
    endpoint_id: int
    channel: str
    address: str
    scoped_id: str | None
    thread: str
    blocked: bool
    turn: TurnHolder
    agent_id: int | None
    agent: str | None
    language: str
    state: Mapping[str, Any]
    urgency: int
    overdue: bool
    due_at: datetime | None
    last_message_at: datetime
    last_inbound_at: datetime | None


async def lock(conn: AsyncConnection, conversation_id: int) -> Case | None:
    """Lock a conversation and read what the desk needs to know of it; None if there is none.

    The lock comes first: a statement that waited for one sees the locked row as it is now, but what
    it joins as it was before.
    """
    await conn.execute(select(Conversation.id).where(Conversation.id == conversation_id).with_for_update())
    row = (
        await conn.execute(
            select(
                Conversation.id,
                Conversation.endpoint_id,
                Endpoint.channel,
                Endpoint.address,
                Endpoint.scoped_id,
                Endpoint.thread,
                Endpoint.blocked,
                Conversation.turn,
                Conversation.agent_id,
                Agent.name.label("agent"),
                Conversation.language,
                Conversation.state,
                Conversation.urgency,
                Conversation.overdue,
                Conversation.due_at,
                Conversation.last_message_at,
                Conversation.last_inbound_at,
            )
            .join(Endpoint, Endpoint.id == Conversation.endpoint_id)
            .outerjoin(Agent, Agent.id == Conversation.agent_id)
            .where(Conversation.id == conversation_id)
        )
    ).first()
    return Case(**row._mapping) if row else None


async def conversation_of(conn: AsyncConnection, message_id: int) -> int | None:
    """The conversation a message belongs to."""
    return (await conn.execute(select(Message.conversation_id).where(Message.id == message_id))).scalar()


async def open_conversation(conn: AsyncConnection, endpoint_id: int) -> int | None:
    """The open conversation of an endpoint, if there is one."""
    return (
        await conn.execute(
            select(Conversation.id).where(
                Conversation.endpoint_id == endpoint_id, Conversation.turn != "CLOSED"
            )
        )
    ).scalar()


async def find_key(conn: AsyncConnection, client_key: str) -> tuple[int, int, int | None] | None:
    """(message id, conversation id, agent id) of what was said under a browser's key."""
    row = (
        await conn.execute(
            select(Message.id, Message.conversation_id, Message.agent_id).where(
                Message.client_key == client_key
            )
        )
    ).first()
    return (row.id, row.conversation_id, row.agent_id) if row else None


async def last_inbound_id(conn: AsyncConnection, endpoint_id: int) -> str | None:
    """The provider's id of the newest message an installer sent over this endpoint."""
    return (
        await conn.execute(
            select(Message.provider_id)
            .where(Message.endpoint_id == endpoint_id, Message.author == "installer")
            .order_by(Message.id.desc())
            .limit(1)
        )
    ).scalar()


async def mark_overdue(conn: AsyncConnection, conversation_id: int) -> None:
    """Note that the promised time has passed without anybody taking over."""
    await conn.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(overdue=True, version=Conversation.version + 1)
    )
