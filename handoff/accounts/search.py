"""Finding an account by whatever an agent has in hand: name, person, phone, customer number, order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import merging
from bot.storage.tables import Account, Conversation, Endpoint, IdentityLink, Membership, Order, Person
from handoff.console.shapes import Shape
from handoff.queue.wanted import last_digits, words_match

_MOST = 50
_EACH_WAY = 200  # so that no index is read to its end


class Entry(Shape):
    """An account in a list."""

    id: int
    name: str
    customer_number: str
    city: str | None
    tier: str | None


async def search(conn: AsyncConnection, words: str) -> list[Entry]:
    """The accounts that match; exact numbers first, then by name. At most 50.

    A customer number that was merged away finds the account it went to.
    """
    exact = await merging.survivor(conn, words.strip())
    ways = [*_ways(words), select(Account.id).where(Account.id == exact)]
    hits = union_all(*(select(way.limit(_EACH_WAY).subquery().c.id) for way in ways)).subquery()
    first = Account.customer_number == words.strip()
    return await _entries(
        conn, _accounts().where(Account.id.in_(select(hits.c.id))).order_by(first.desc(), Account.name)
    )


async def latest(conn: AsyncConnection) -> list[Entry]:
    """The accounts somebody has written for lately, the last one first."""
    spoken = (
        select(Conversation.account_id, Conversation.last_message_at)
        .where(Conversation.account_id.is_not(None))
        .order_by(Conversation.last_message_at.desc())
        .limit(_EACH_WAY)
        .subquery()
    )
    last = (
        select(spoken.c.account_id, func.max(spoken.c.last_message_at).label("at"))
        .group_by(spoken.c.account_id)
        .subquery()
    )
    statement = _accounts().join(last, last.c.account_id == Account.id).order_by(last.c.at.desc())
    return await _entries(conn, statement)


async def _entries(conn: AsyncConnection, statement: Select[*tuple[Any, ...]]) -> list[Entry]:
    rows = await conn.execute(statement.limit(_MOST))
    return [Entry(**row._mapping) for row in rows]


def _accounts() -> Select[*tuple[Any, ...]]:
    return select(Account.id, Account.name, Account.customer_number, Account.city, Account.tier)


def _ways(words: str) -> Iterable[Select[*tuple[Any, ...]]]:
    """One query of account ids for each way to match."""
    yield select(Account.id).where(Account.customer_number == words.strip())
    yield select(Order.account_id.label("id")).where(Order.number == "".join(words.split()))
    members = select(Membership.account_id.label("id"))
    if (matches := words_match(words)) is not None:
        yield select(Account.id).where(matches(Account.name))
        people = select(Person.id).where(matches(Person.name)).limit(_EACH_WAY)
        yield members.where(Membership.person_id.in_(people))
    if (digits := last_digits(words)) is not None:
        reached = select(Endpoint.id).where(digits(Endpoint.address)).limit(_EACH_WAY)
        linked = IdentityLink.endpoint_id.in_(reached)
        yield select(IdentityLink.account_id.label("id")).where(linked, IdentityLink.account_id.is_not(None))
        yield members.where(Membership.person_id.in_(select(IdentityLink.person_id).where(linked)))
