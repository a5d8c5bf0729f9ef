"""The queue's cards: one conversation on one card, all of them in one query."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import phonenumbers
from sqlalchemy import Select, Subquery, and_, func, literal_column, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.phones import spell
from bot.storage.tables import Account, Agent, Conversation, Endpoint, Membership, Message, Person
from handoff.console.shapes import AgentName, Card, Preview, Reason, Who

_LATEST_BOT = 100
_LATEST_CLOSED = 50
_MOST_FOUND = 50
_PLAIN: Any = literal_column("'simple'::regconfig")  # words as they are, in whatever language
_FEWEST_DIGITS = 4  # of a phone, counted from its end


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
    terms = _split(words)
    if terms:
        query = func.to_tsquery(_PLAIN, " & ".join(f"{term}:*" for term in terms))
        accounts = select(Account.id).where(words_of(Account.name).op("@@")(query)).limit(1000)
        people = select(Person.id).where(words_of(Person.name).op("@@")(query)).limit(1000)
        endpoints = select(Endpoint.id).where(words_of(Endpoint.name).op("@@")(query)).limit(1000)
        yield _conversations(Conversation.account_id.in_(accounts))
        yield _conversations(Conversation.person_id.in_(people))
        yield _conversations(Conversation.endpoint_id.in_(endpoints))
        yield (
            select(Message.conversation_id.label("id"))
            .where(words_of(Message.text).op("@@")(query))
            .order_by(Message.id.desc())
            .limit(1000)
            .subquery()
        )
    number = select(Account.id).where(Account.customer_number == words.strip())
    yield _conversations(Conversation.account_id.in_(number))
    digits = phonenumbers.normalize_digits_only(words).lstrip("0")
    if len(digits) >= _FEWEST_DIGITS and not any(c.isalpha() for c in words):
        tail = select(Endpoint.id).where(func.reverse(Endpoint.address).like(digits[::-1] + "%")).limit(1000)
        yield _conversations(Conversation.endpoint_id.in_(tail))


def _split(words: str) -> list[str]:
    """The words that were typed, cut at everything that is neither letter nor digit, as the database does."""
    return "".join(c if c.isalnum() else " " for c in words[:200]).split()[:10]


def _conversations(condition: Any) -> Subquery:
    return (
        select(Conversation.id)
        .where(condition)
        .order_by(Conversation.last_message_at.desc())
        .limit(_MOST_FOUND)
        .subquery()
    )


def words_of(column: Any) -> Any:
    """The searchable words of a text column, exactly as its index has them."""
    return func.to_tsvector(_PLAIN, column)
