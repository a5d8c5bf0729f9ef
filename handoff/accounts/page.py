"""An account on a page of its own: everything an agent should see before saying anything to this company."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Integer, Text, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import column

from bot.accounts.phones import spell
from bot.errors import NotFound
from bot.storage import crm_outbox, merging, proposals
from bot.storage.tables import Account, Agent, Article, Conversation, Endpoint, Order, Person
from handoff.accounts import answered
from handoff.accounts.answered import Differing
from handoff.console.shapes import AgentName, Moment, Shape, Turn, Words
from handoff.queue import crm
from handoff.queue.crm import Record
from handoff.queue.panel import Panel, panel_of

_MOST = 50  # orders, and conversations
_MOST_DEVICES = 30
_MOST_PROMISES = 20
_WRITTEN_OF = timedelta(days=7)
PROMISES_OF = timedelta(days=90)


class Relative(Shape):
    """An account above or below this one."""

    id: int
    name: str


class Device(Shape):
    """What the company has had delivered, all orders together; spare parts are none."""

    article: str
    name: Words | None
    quantity: int


class Promise(Shape):
    """Until when somebody was to be answered. `kept` null: still open; `overdue` then means late."""

    conversation_id: int
    who: str | None
    turn: Turn
    brief: str | None
    agent: AgentName | None
    until: Moment
    overdue: bool


class MergeLine(Shape):
    """Another account that was made part of this one."""

    id: int
    number: str
    name: str
    at: Moment
    by: str


class ProposalLine(Shape):
    """Somebody a conversation brought up who is not on file. `evidence` is named_company or contact_card."""

    id: int
    name: str | None
    phone: str
    evidence: str
    conversation_id: int | None
    at: Moment


class ContactLine(Shape):
    """Somebody accepted, and how far they have come in a CRM: waiting, sending, done or failed."""

    id: int
    name: str
    source: str
    state: str
    url: str | None
    error: str | None
    at: Moment


class AccountPage(Panel):
    """The whole of an account."""

    domains: list[str]
    parent: Relative | None
    children: list[Relative]
    devices: list[Device]
    promises: list[Promise]
    differing: list[Differing]
    merges: list[MergeLine]
    records: list[Record]
    proposals: list[ProposalLine]
    contacts: list[ContactLine]


async def read(conn: AsyncConnection, account_id: int, *, now: datetime, today: date) -> AccountPage:
    """The page of one account: twelve queries, whatever the size of the company. Raises NotFound."""
    account = (await conn.execute(select(Account).where(Account.id == account_id))).first()
    if account is None:
        raise NotFound("no_account", "There is no such account.")
    return AccountPage(
        **dict(await panel_of(conn, account, most=_MOST, today=today)),
        domains=account.domains,
        parent=next(iter(await _relatives(conn, Account.id == account.parent_id)), None),
        children=await _relatives(conn, Account.parent_id == account_id),
        devices=await _devices(conn, account_id),
        promises=await _promises(conn, account_id, now),
        differing=await answered.differing(conn, account_id, now),
        merges=await _merges(conn, account_id),
        records=await crm.records(conn, account_id),
        proposals=await _proposals(conn, account_id),
        contacts=await _contacts(conn, account_id, now),
    )


async def _proposals(conn: AsyncConnection, account_id: int) -> list[ProposalLine]:
    return [
        ProposalLine(
            id=one.id,
            name=one.name,
            phone=spell(one.address),
            evidence=one.evidence,
            conversation_id=one.conversation_id,
            at=one.at,
        )
        for one in await proposals.open_for(conn, account_id)
    ]


async def _contacts(conn: AsyncConnection, account_id: int, now: datetime) -> list[ContactLine]:
    return [
        ContactLine(
            id=one.id,
            name=one.name,
            source=one.source,
            state=one.state,
            url=one.url,
            error=one.error,
            at=one.at,
        )
        for one in await crm_outbox.contacts(conn, account_id, now - _WRITTEN_OF)
    ]


async def _relatives(conn: AsyncConnection, condition: object) -> list[Relative]:
    rows = await conn.execute(
        select(Account.id, Account.name).where(condition).order_by(Account.name).limit(50)  # type: ignore[arg-type]
    )
    return [Relative(**row._mapping) for row in rows]


async def _devices(conn: AsyncConnection, account_id: int) -> list[Device]:
    line = (
        func.jsonb_to_recordset(Order.lines)
        .table_valued(column("article", Text), column("quantity", Integer))
        .render_derived(name="line", with_types=True)
    )
    ordered = (
        select(line.c.article, func.sum(line.c.quantity).label("quantity"))
        .select_from(Order)
        .join(line, true())
        .where(Order.account_id == account_id, Order.status == "delivered")
        .group_by(line.c.article)
        .subquery()
    )
    rows = await conn.execute(
        select(ordered.c.article, ordered.c.quantity, Article.name)
        .outerjoin(Article, Article.number == ordered.c.article)
        .where(or_(Article.number.is_(None), func.cardinality(Article.spare_for) == 0))
        .order_by(ordered.c.article)
        .limit(_MOST_DEVICES)
    )
    return [
        Device(
            article=row.article,
            quantity=row.quantity,
            name=Words.model_validate(row.name) if row.name is not None else None,
        )
        for row in rows
    ]


async def _promises(conn: AsyncConnection, account_id: int, now: datetime) -> list[Promise]:
    """What is promised and open, and what was broken lately."""
    rows = await conn.execute(
        select(
            Conversation.id,
            Conversation.turn,
            Conversation.brief,
            Conversation.due_at,
            Conversation.overdue,
            Conversation.agent_id,
            Agent.name.label("agent"),
            func.coalesce(Person.name, Endpoint.name).label("who"),
        )
        .join(Endpoint, Endpoint.id == Conversation.endpoint_id)
        .outerjoin(Person, Person.id == Conversation.person_id)
        .outerjoin(Agent, Agent.id == Conversation.agent_id)
        .where(
            Conversation.account_id == account_id,
            Conversation.due_at > now - PROMISES_OF,
            or_(Conversation.turn.in_(("WAITING", "AGENT")), Conversation.overdue),
        )
        .order_by(Conversation.due_at.desc())
        .limit(_MOST_PROMISES)
    )
    return [
        Promise(
            conversation_id=row.id,
            who=row.who,
            turn=row.turn,
            brief=row.brief,
            agent=AgentName(id=row.agent_id, name=row.agent) if row.agent is not None else None,
            until=row.due_at,
            overdue=row.overdue or (row.turn == "WAITING" and row.due_at < now),
        )
        for row in rows
    ]


async def _merges(conn: AsyncConnection, account_id: int) -> list[MergeLine]:
    found = await merging.standing(conn, account_id)
    names = await _names(conn, [merged.actor for merged in found])
    return [
        MergeLine(
            id=merged.id,
            number=merged.number,
            name=merged.name,
            at=merged.at,
            by=names.get(merged.actor, merged.actor),
        )
        for merged in found
    ]


async def _names(conn: AsyncConnection, actors: Sequence[str]) -> dict[str, str]:
    """The names of those actors that are agents."""
    rows = await conn.execute(select(Agent.id, Agent.name).where(func.concat("agent:", Agent.id).in_(actors)))
    return {f"agent:{row.id}": row.name for row in rows}
