"""What people at the desk are working on already, for a colleague who asks about the same thing."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import Agent, Conversation

_RECOGNISED = 2


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A handed over conversation of somebody else at the same company. `agent` is None until one has it."""

    conversation_id: int
    agent: str | None


async def about_order(
    conn: AsyncConnection, account_id: int, number: str, *, but: int | None
) -> OpenCase | None:
    """The oldest open case of a company about this order, held with somebody we recognise.

    `but` is the endpoint that asks.
    """
    query = (
        select(Conversation.id, Agent.name)
        .outerjoin(Agent, Agent.id == Conversation.agent_id)
        .where(
            Conversation.account_id == account_id,
            Conversation.turn.in_(("WAITING", "AGENT")),
            Conversation.trust >= _RECOGNISED,
            Conversation.state["slots"]["order_number"].astext == number,
        )
        .order_by(Conversation.id)
        .limit(1)
    )
    if but is not None:
        query = query.where(Conversation.endpoint_id != but)
    row = (await conn.execute(query)).first()
    return OpenCase(*row) if row else None
