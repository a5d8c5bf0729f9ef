"""The queue's cards: one conversation on one card, all of them in one query."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, Subquery, and_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.phones import spell
from bot.storage.tables import Account, Agent, Conversation, Endpoint, Membership, Message, Person
from handoff.console.shapes import AgentName, Card, Preview, Reason, Who
from handoff.queue.wanted import last_digits, words_match

_LATEST_BOT = 100
_LATEST_CLOSED = 50
_MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class Placed:
    """A card, the endpoint it belongs to, and the account it is about."""

    endpoint_id: int
    account_id: int | None
    card: Card


class Cards:
    """Reads cards. `windows` says how long after the last inbound message a channel takes free text."""

    def __init__(self, windows: Mapping[str, timedelta | None]) -> None:
        self._windows = windows

    async def queue(self, conn: AsyncConnection) -> list[Card]:
        """Every conversation that waits or is held, and the latest with the bot and closed."""
        parts = [
            select(Conversation.id).where(Conversation.turn.in_(("WAITING", "AGENT"))),
            _latest("BOT", _LATEST_BOT),
            _latest("CLOSED", _LATEST_CLOSED),
        ]
        ids = union_all(*(select(part.subquery().c.id) for part in parts)).subquery()
        found = await self._read(conn, _cards().join(ids, ids.c.id == Conversation.id))
        return [placed.card for placed in found]

    async def by_ids(self, conn: AsyncConnection, ids: Collection[int]) -> list[Placed]:
        """The cards of these conversations; those that are gone are left out."""
        if not ids:
            return []
        return await self._read(conn, _cards().where(Conversation.id.in_(ids)))

    async def search(self, conn: AsyncConnection, words: str) -> list[Card]:
        """The latest conversations that match in company, customer number, person, phone or messages.

        Words match by their beginnings, all of them; phones by four or more of their last digits.
        """
        # Each way of matching is cut to its latest on its own, so that no index is read to its end.
        matched = union_all(*(select(hit.c.id) for hit in _hits(words))).subquery()
        found = await self._read(
            conn,
            _cards()
            .where(Conversation.id.in_(select(matched.c.id)))
            .order_by(Conversation.last_message_at.desc())
            .limit(_MOST_FOUND),
        )
        return [placed.card for placed in found]

    async def _read(self, conn: AsyncConnection, statement: Select[*tuple[Any, ...]]) -> list[Placed]:
        return [
            Placed(row.endpoint_id, row.account_id, self._card(row)) for row in await conn.execute(statement)
        ]

    def _card(self, row: Any) -> Card:
        window = self._windows.get(row.channel)
        return Card(
            id=row.id,
            channel=row.channel,
            turn=row.turn,
            epoch=row.epoch,
            version=row.version,
            urgency=row.urgency,
            reasons=[Reason.model_validate(reason) for reason in row.reasons],
            intent=row.intent,
            brief=row.brief,
            language=row.language,
            who=Who(
                name=row.person or row.endpoint_name,
                company=row.company,
                customer_number=row.customer_number,
                city=row.city,
                tier=row.tier,
                roles=row.roles or [],
                trust=row.trust,
                address="" if row.channel == "webchat" else spell(row.address),
            ),
            agent=AgentName(id=row.agent_id, name=row.agent) if row.agent_id is not None else None,
            waiting_since=row.waiting_since,
            due_at=row.due_at,
            overdue=row.overdue,
            last_message_at=row.last_message_at,
            window_until=row.last_inbound_at + window if window and row.last_inbound_at else None,
            preview=Preview.model_validate(row.preview) if row.preview else None,
            blocked=row.blocked,
        )


def _latest(turn: str, limit: int) -> Select[*tuple[Any, ...]]:
    return (
        select(Conversation.id)
        .where(Conversation.turn == turn)
        .order_by(Conversation.last_message_at.desc())
        .limit(limit)
    )


def _cards() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Conversation.id,
            Conversation.endpoint_id,
            Conversation.account_id,
            Conversation.turn,
            Conversation.epoch,
            Conversation.version,
            Conversation.urgency,
            Conversation.reasons,
            Conversation.intent,
            Conversation.brief,
            Conversation.language,
            Conversation.trust,
            Conversation.waiting_since,
            Conversation.due_at,
            Conversation.overdue,
            Conversation.last_message_at,
            Conversation.last_inbound_at,
            Conversation.preview,
            Conversation.agent_id,
            Agent.name.label("agent"),
            Endpoint.channel,
            Endpoint.address,
            Endpoint.blocked,
            Endpoint.name.label("endpoint_name"),
            Person.name.label("person"),
            Account.name.label("company"),
            Account.customer_number,
            Account.city,
            Account.tier,
            Membership.roles,
        )
        .join(Endpoint, Endpoint.id == Conversation.endpoint_id)
        .outerjoin(Agent, Agent.id == Conversation.agent_id)
        .outerjoin(Person, Person.id == Conversation.person_id)
        .outerjoin(Account, Account.id == Conversation.account_id)
        .outerjoin(
            Membership,
            and_(
                Membership.person_id == Conversation.person_id,
                Membership.account_id == Conversation.account_id,
            ),
        )
    )


def _hits(words: str) -> Iterable[Subquery]:
    """One subquery of conversation ids for each way to match."""
    if (matches := words_match(words)) is not None:
        for found, of in (
            (Account, Conversation.account_id),
            (Person, Conversation.person_id),
            (Endpoint, Conversation.endpoint_id),
        ):
            yield _conversations(of.in_(select(found.id).where(matches(found.name)).limit(1000)))
        yield (
            select(Message.conversation_id.label("id"))
            .where(matches(Message.text))
            .order_by(Message.id.desc())
            .limit(1000)
            .subquery()
        )
    number = select(Account.id).where(Account.customer_number == words.strip())
    yield _conversations(Conversation.account_id.in_(number))
    if (digits := last_digits(words)) is not None:
        tail = select(Endpoint.id).where(digits(Endpoint.address)).limit(1000)
        yield _conversations(Conversation.endpoint_id.in_(tail))


def _conversations(condition: Any) -> Subquery:
    return (
        select(Conversation.id)
        .where(condition)
        .order_by(Conversation.last_message_at.desc())
        .limit(_MOST_FOUND)
        .subquery()
    )
