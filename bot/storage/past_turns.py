"""What installers said in past conversations, turn by turn, with what was made of it then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Contact, Inbound, Kind, Location, Sender
from bot.storage.conversations import Whom
from bot.storage.tables import Account, Conversation, Endpoint, Membership, Message, Person


@dataclass(frozen=True, slots=True)
class PastTurn:
    """One turn as it was recorded: its messages, and what the last of them carries as `understanding`."""

    message_id: int
    messages: tuple[Inbound, ...]
    recorded: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PastConversation:
    """A conversation with its turns. `whom` is whom we take the installer for today."""

    id: int
    channel: str
    language: str
    whom: Whom
    turns: tuple[PastTurn, ...]


async def latest(conn: AsyncConnection, last: int, today: date) -> list[PastConversation]:
    """The last conversations, the newest first."""
    query = (
        select(
            Conversation.id,
            Endpoint.channel,
            Endpoint.address,
            Conversation.language,
            Conversation.trust,
            Person.id.label("person_id"),
            Person.name.label("person"),
            Account.id.label("account_id"),
            Account.name.label("company"),
            Account.customer_number,
            Account.tier,
            Account.owner,
            Membership.roles,
        )
        .join(Endpoint, Endpoint.id == Conversation.endpoint_id)
        .outerjoin(Person, Person.id == Conversation.person_id)
        .outerjoin(Account, Account.id == Conversation.account_id)
        .outerjoin(
            Membership,
            and_(
                Membership.person_id == Person.id,
                Membership.account_id == Account.id,
                or_(Membership.valid_until.is_(None), Membership.valid_until >= today),
            ),
        )
        .order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
        .limit(last)
    )
    heads = list(await conn.execute(query))
    said = await _said(conn, [head.id for head in heads])
    return [
        PastConversation(
            head.id,
            head.channel,
            head.language,
            Whom(
                head.person_id,
                head.person,
                head.account_id,
                head.company,
                head.customer_number,
                head.tier,
                head.owner,
                tuple(head.roles or ()),
                head.trust,
            ),
            _turns(Sender(head.channel, head.address), said.get(head.id, [])),
        )
        for head in heads
    ]


async def _said(conn: AsyncConnection, conversations: list[int]) -> dict[int, list[Any]]:
    query = (
        select(
            Message.conversation_id,
            Message.id,
            Message.kind,
            Message.text,
            Message.content,
            Message.understanding,
            Message.at,
        )
        .where(Message.conversation_id.in_(conversations), Message.author == "installer")
        .order_by(Message.conversation_id, Message.id)
    )
    rows = await conn.execute(query)
    return {key: list(group) for key, group in groupby(rows, key=lambda row: int(row.conversation_id))}


def _turns(sender: Sender, rows: list[Any]) -> tuple[PastTurn, ...]:
    turns = []
    waiting: list[Inbound] = []
    for row in rows:
        waiting.append(_inbound(sender, row))
        if row.understanding is not None:
            turns.append(PastTurn(row.id, tuple(waiting), row.understanding))
            waiting = []
    return tuple(turns)


def _inbound(sender: Sender, row: Any) -> Inbound:
    content: Mapping[str, Any] = row.content
    location, contact = content.get("location"), content.get("contact")
    at: datetime = row.at
    return Inbound(
        sender,
        provider_id=str(row.id),
        kind=Kind(row.kind),
        sent_at=at,
        text=row.text,
        message_id=str(row.id),
        location=Location(**location) if location else None,
        contact=Contact(**contact) if contact else None,
        tap=content.get("tap"),
        problem=content.get("problem"),
    )
