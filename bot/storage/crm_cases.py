"""A conversation as a CRM is told about it: the facts of the handoff, and what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import Account, Agent, Conversation, Endpoint, Media, Message, Person, Proposal


@dataclass(frozen=True, slots=True)
class CrmCase:
    """A handoff. `address` is the phone or name on the channel; `proposed` are people found out in it."""

    conversation_id: int
    channel: str
    address: str
    name: str | None
    account_id: int | None
    company: str | None
    customer_number: str | None
    person_id: int | None
    trust: int
    intent: str | None
    urgency: int
    reasons: tuple[str, ...]
    brief: str | None
    due_at: datetime | None
    proposed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was said. `who` is None for the bot; `files` are names or kinds."""

    id: int
    at: datetime
    author: str
    who: str | None
    text: str
    files: tuple[str, ...]


async def case(conn: AsyncConnection, conversation_id: int) -> CrmCase | None:
    """The facts of one conversation, reasons in German; None when it has been forgotten."""
    row = (
        await conn.execute(
            select(
                Conversation,
                Endpoint.channel,
                Endpoint.address,
                Endpoint.name.label("endpoint_name"),
                Person.name.label("person"),
                Account.name.label("company"),
                Account.customer_number,
            )
            .join(Endpoint, Endpoint.id == Conversation.endpoint_id)
            .outerjoin(Person, Person.id == Conversation.person_id)
            .outerjoin(Account, Account.id == Conversation.account_id)
            .where(Conversation.id == conversation_id)
        )
    ).first()
    if row is None:
        return None
    proposed = await conn.execute(
        select(Proposal.name, Proposal.address).where(
            Proposal.conversation_id == conversation_id, Proposal.state == "open"
        )
    )
    return CrmCase(
        conversation_id,
        row.channel,
        row.address if row.address.startswith("+") else "",
        row.person or row.endpoint_name,
        row.account_id,
        row.company,
        row.customer_number,
        row.person_id,
        row.trust,
        row.intent,
        row.urgency,
        tuple(reason["text"]["de"] for reason in row.reasons),
        row.brief,
        row.due_at,
        tuple(" ".join(filter(None, (one.name, one.address))) for one in proposed),
    )


async def lines(conn: AsyncConnection, conversation_id: int, after: int) -> list[Line]:
    """What was said after a message, oldest first; notes among agents are not part of it."""
    rows = await conn.execute(
        select(Message.id, Message.at, Message.author, Message.text, Agent.name)
        .outerjoin(Agent, Agent.id == Message.agent_id)
        .where(
            Message.conversation_id == conversation_id,
            Message.id > after,
            Message.author.in_(("installer", "bot", "agent")),
        )
        .order_by(Message.id)
    )
    said = rows.all()
    files: dict[int, list[Any]] = {}
    found = await conn.execute(
        select(Media.message_id, Media.filename, Media.kind).where(
            Media.message_id.in_([row.id for row in said])
        )
    )
    for file in found:
        files.setdefault(file.message_id, []).append(file.filename or file.kind)
    return [
        Line(row.id, row.at, row.author, row.name, row.text, tuple(files.get(row.id, ()))) for row in said
    ]
