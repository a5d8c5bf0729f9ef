"""The account beside a conversation: four queries, whatever the size of the company."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Row, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.phones import spell
from bot.storage.tables import Account, Conversation, Endpoint, IdentityLink, Membership, Order, Person
from handoff.console.shapes import Moment, Shape, Turn

_MOST_PEOPLE = 50
_MOST = 10


class Colleague(Shape):
    """Somebody of the account. `active` is false once the membership has ended."""

    id: int
    name: str
    roles: list[str]
    active: bool
    phone: str | None


class OrderLine(Shape):
    """One line of an order."""

    article: str
    quantity: int


class OrderSummary(Shape):
    """An order of the account."""

    number: str
    status: str
    ordered_on: date
    promised_on: date | None
    lines: list[OrderLine]


class OtherConversation(Shape):
    """Another conversation with the account."""

    id: int
    name: str | None
    channel: str
    turn: Turn
    intent: str | None
    last_message_at: Moment


class Panel(Shape):
    """The account beside a conversation."""

    id: int
    name: str
    customer_number: str
    city: str | None
    tier: str | None
    owner: str | None
    phones: list[str]
    synced_at: Moment
    source: str
    people: list[Colleague]
    orders: list[OrderSummary]
    conversations: list[OtherConversation]


async def read(conn: AsyncConnection, account_id: int, *, but: int, today: date) -> Panel | None:
    """The panel of one account; `but` is the conversation it stands beside. None if the account is gone."""
    account = (await conn.execute(select(Account).where(Account.id == account_id))).first()
    return None if account is None else await panel_of(conn, account, most=_MOST, but=but, today=today)


async def panel_of(
    conn: AsyncConnection, account: Row[Any], *, most: int, today: date, but: int | None = None
) -> Panel:
    """The panel of an account whose row is at hand: at most `most` orders and conversations."""
    return Panel(
        id=account.id,
        name=account.name,
        customer_number=account.customer_number,
        city=account.city,
        tier=account.tier,
        owner=account.owner,
        phones=[spell(phone) for phone in account.trunk_phones],
        synced_at=account.synced_at,
        source=account.source,
        people=await _people_of(conn, account.id, today),
        orders=await _orders_of(conn, account.id, most),
        conversations=await _conversations_of(conn, account.id, most, but=but),
    )


async def _people_of(conn: AsyncConnection, account_id: int, today: date) -> list[Colleague]:
    """Everybody who belongs or belonged to an account, with the phone they have on file."""
    phone = (
        select(Endpoint.address)
        .join(IdentityLink, IdentityLink.endpoint_id == Endpoint.id)
        .where(
            IdentityLink.person_id == Person.id,
            Endpoint.channel.in_(("phone", "whatsapp")),
            Endpoint.address.startswith("+"),
        )
        .order_by(Endpoint.channel, Endpoint.id)
        .limit(1)
        .scalar_subquery()
    )
    rows = await conn.execute(
        select(Person.id, Person.name, Membership.roles, Membership.valid_until, phone.label("phone"))
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.account_id == account_id)
        .order_by(Person.name, Person.id)
        .limit(_MOST_PEOPLE)
    )
    return [
        Colleague(
            id=row.id,
            name=row.name,
            roles=row.roles,
            active=row.valid_until is None or row.valid_until >= today,
            phone=spell(row.phone) if row.phone is not None else None,
        )
        for row in rows
    ]


async def _orders_of(conn: AsyncConnection, account_id: int, most: int) -> list[OrderSummary]:
    """The latest orders of an account, the newest first."""
    rows = await conn.execute(
        select(Order)
        .where(Order.account_id == account_id)
        .order_by(Order.ordered_on.desc(), Order.number.desc())
        .limit(most)
    )
    return [
        OrderSummary(
            number=row.number,
            status=row.status,
            ordered_on=row.ordered_on,
            promised_on=row.promised_on,
            lines=[OrderLine.model_validate(line) for line in row.lines],
        )
        for row in rows
    ]


async def _conversations_of(
    conn: AsyncConnection, account_id: int, most: int, *, but: int | None
) -> list[OtherConversation]:
    """The latest conversations with an account, whoever wrote; but for one."""
    rows = await conn.execute(
        select(
            Conversation.id,
            Conversation.turn,
            Conversation.intent,
            Conversation.last_message_at,
            Endpoint.channel,
            Person.name.label("person"),
            Endpoint.name.label("endpoint_name"),
        )
        .join(Endpoint, Endpoint.id == Conversation.endpoint_id)
        .outerjoin(Person, Person.id == Conversation.person_id)
        .where(and_(Conversation.account_id == account_id, Conversation.id.is_distinct_from(but)))
        .order_by(Conversation.last_message_at.desc())
        .limit(most)
    )
    return [
        OtherConversation(
            id=row.id,
            name=row.person or row.endpoint_name,
            channel=row.channel,
            turn=row.turn,
            intent=row.intent,
            last_message_at=row.last_message_at,
        )
        for row in rows
    ]
