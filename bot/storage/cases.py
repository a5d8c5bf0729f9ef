"""What people at the desk have to do, for whoever asks how it stands: the person's own, or a colleague's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import Agent, Conversation, CrmPush, Message, Person

_RECOGNISED = 2
_HELD = ("WAITING", "AGENT")


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation that people have in hand: waiting `since`, or begun then.

    `due` is what was promised and is not kept yet, `agent` who holds it. `closed` is when it was done;
    `order` the order it is about. `ticket` is its reference in the CRM.
    """

    conversation_id: int
    person_id: int | None
    person: str | None
    intent: str | None
    order: str | None
    since: datetime
    due: datetime | None
    overdue: bool
    agent: str | None
    closed: datetime | None
    ticket: str | None


async def open_of_person(conn: AsyncConnection, person_id: int, limit: int) -> list[Case]:
    """What is open for a person, on whatever channel and for whichever company, the oldest first."""
    return await _open(conn, Conversation.person_id == person_id, limit)


async def open_of_account(conn: AsyncConnection, account_id: int, limit: int) -> list[Case]:
    """What is open for a company's people, the oldest first."""
    return await _open(conn, Conversation.account_id == account_id, limit)


async def last_closed(conn: AsyncConnection, person_id: int, since: datetime) -> Case | None:
    """The person's case that people have closed last, if that was after `since`."""
    query = _cases(
        Conversation.person_id == person_id,
        Conversation.turn == "CLOSED",
        Conversation.closed_at >= since,
        func.jsonb_array_length(Conversation.reasons) > 0,  # the others were never handed to people
    )
    row = (await conn.execute(query.order_by(Conversation.closed_at.desc()).limit(1))).first()
    return _case(row) if row else None


async def tickets_of(conn: AsyncConnection, references: Sequence[str]) -> set[str]:
    """Those of the CRM's references that stand for a conversation of ours."""
    found = await conn.scalars(
        select(CrmPush.reference).where(CrmPush.kind == "ticket", CrmPush.reference.in_(references))
    )
    return {reference for reference in found if reference is not None}


async def _open(conn: AsyncConnection, whose: ColumnElement[bool], limit: int) -> list[Case]:
    query = _cases(whose, Conversation.turn.in_(_HELD)).order_by(Conversation.id).limit(limit)
    return [_case(row) for row in await conn.execute(query)]


def _cases(*which: ColumnElement[bool]) -> Select[Any]:
    """Conversations that people have had in hand, held with somebody we recognise."""
    wrote = (
        select(func.min(Message.at))
        .where(Message.conversation_id == Conversation.id, Message.author == "installer")
        .scalar_subquery()
    )
    ticket = (
        select(CrmPush.reference)
        .where(CrmPush.conversation_id == Conversation.id, CrmPush.kind == "ticket")
        .order_by(CrmPush.id)
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            Conversation.id,
            Conversation.person_id,
            Conversation.intent,
            Conversation.state["slots"]["order_number"].astext.label("order"),
            Conversation.due_at,
            Conversation.overdue,
            Conversation.closed_at,
            Person.name.label("person"),
            Agent.name.label("agent"),
            func.coalesce(Conversation.waiting_since, wrote, Conversation.created_at).label("since"),
            ticket.label("ticket"),
        )
        .outerjoin(Person, Person.id == Conversation.person_id)
        .outerjoin(Agent, Agent.id == Conversation.agent_id)
        .where(Conversation.trust >= _RECOGNISED, *which)
    )


def _case(row: Row[Any]) -> Case:
    return Case(
        row.id,
        row.person_id,
        row.person,
        row.intent,
        row.order,
        row.since,
        row.due_at,
        row.overdue,
        row.agent,
        row.closed_at,
        row.ticket,
    )
