"""Conversations, who is in them, and who holds the turn."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import (
    Text,
    Update,
    and_,
    bindparam,
    delete,
    insert,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.trust import CLAIMED, Evidence, capped
from bot.messages import Sender
from bot.storage.tables import Account, Conversation, Endpoint, Membership, Person

TurnHolder = Literal["BOT", "WAITING", "AGENT", "CLOSED"]


@dataclass(frozen=True, slots=True)
class Whom:
    """The person and company we take an endpoint for, as far as we know them.

    `trust` is 0-4 for its `evidence` (bot/accounts/trust.py); it counts until `until`, None for as long
    as the evidence itself does.
    """

    person_id: int | None = None
    person: str | None = None
    account_id: int | None = None
    company: str | None = None
    customer_number: str | None = None
    tier: str | None = None
    owner: str | None = None
    roles: tuple[str, ...] = ()
    trust: int = 0
    evidence: str = "none"
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """An open conversation as one turn sees it."""

    id: int
    turn: TurnHolder
    epoch: int
    version: int
    language: str
    urgency: int
    state: Mapping[str, Any]
    last_message_at: datetime
    agent_id: int | None


@dataclass(frozen=True, slots=True)
class Thread:
    """Who writes on a thread and what is open with them. `endpoint_id` is None at the first word ever;
    `endpoint_changed` means that the sender's name or id is news to us; `doubt` is the evidence why what
    was believed before counts no longer.
    """

    endpoint_id: int | None = None
    endpoint_changed: bool = False
    whom: Whom = field(default_factory=Whom)
    conversation: Open | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A conversation after a change of its turn-holder."""

    id: int
    endpoint_id: int
    epoch: int
    version: int


# Built once: putting a statement together costs more than running it.
_SAME = and_(
    Endpoint.channel == bindparam("channel"),
    or_(Endpoint.address == bindparam("address"), Endpoint.scoped_id == bindparam("scoped_id", type_=Text)),
)
_LOAD = (
    select(
        Endpoint.id.label("endpoint_id"),
        Endpoint.address,
        Endpoint.scoped_id,
        Endpoint.thread,
        Endpoint.name,
        Endpoint.blocked,
        Conversation.id,
        Conversation.turn,
        Conversation.epoch,
        Conversation.version,
        Conversation.language,
        Conversation.urgency,
        Conversation.state,
        Conversation.last_message_at,
        Conversation.agent_id,
        Conversation.trust,
        Conversation.evidence,
        Conversation.trusted_until,
        Person.id.label("person_id"),
        Person.name.label("person"),
        Account.id.label("account_id"),
        Account.name.label("company"),
        Account.customer_number,
        Account.tier,
        Account.owner,
        Membership.roles,
    )
    .select_from(Endpoint)
    .outerjoin(
        Conversation,
        and_(Conversation.endpoint_id == Endpoint.id, Conversation.turn != literal_column("'CLOSED'")),
    )
    .outerjoin(Person, Person.id == Conversation.person_id)
    .outerjoin(Account, Account.id == Conversation.account_id)
    .outerjoin(
        Membership,
        and_(
            Membership.person_id == Person.id,
            Membership.account_id == Account.id,
            or_(Membership.valid_until.is_(None), Membership.valid_until >= bindparam("today")),
        ),
    )
    .where(_SAME)
    # An endpoint known by its scoped id is the person; the same phone may have been reassigned.
    .order_by((Endpoint.scoped_id == bindparam("scoped_id", type_=Text)).desc().nulls_last())
    .limit(1)
)
_KNOWN = (
    select(Endpoint.id, Endpoint.address)
    .where(_SAME)
    .order_by((Endpoint.scoped_id == bindparam("scoped_id", type_=Text)).desc().nulls_last())
    .limit(2)
)


def _address(sender: Sender) -> dict[str, str | None]:
    return {"channel": sender.channel, "address": sender.address, "scoped_id": sender.scoped_id}


async def load(conn: AsyncConnection, sender: Sender, today: date) -> Thread:
    """Who a sender is and what is open with them: one query, by address or business-scoped id."""
    row = (await conn.execute(_LOAD, {**_address(sender), "today": today})).first()
    if row is None:
        return Thread()
    changed = (
        row.thread != sender.thread
        or row.blocked
        or (sender.name is not None and row.name != sender.name)
        or (sender.scoped_id is not None and row.scoped_id != sender.scoped_id)
        or _number_changed(row, sender)
    )
    if row.id is None:
        return Thread(row.endpoint_id, changed, doubt=_doubt(row, sender, today))
    whom = Whom(
        row.person_id,
        row.person,
        row.account_id,
        row.company,
        row.customer_number,
        row.tier,
        row.owner,
        tuple(row.roles or ()),
        capped(row.trust, row.roles or ()),
        row.evidence,
        row.trusted_until,
    )
    conversation = Open(
        row.id,
        row.turn,
        row.epoch,
        row.version,
        row.language,
        row.urgency,
        row.state,
        row.last_message_at,
        row.agent_id,
    )
    return Thread(row.endpoint_id, changed, whom, conversation, _doubt(row, sender, today))


def _doubt(row: Any, sender: Sender, today: date) -> str | None:
    """Why somebody recognised before may be somebody else by now, or counts no longer."""
    if None not in (sender.scoped_id, row.scoped_id) and sender.scoped_id != row.scoped_id:
        return Evidence.SCOPED_ID_CHANGED
    if _number_changed(row, sender):
        return Evidence.NUMBER_CHANGED
    if row.id is None or row.trust <= CLAIMED:
        return None
    if row.trusted_until is not None and row.trusted_until.date() < today:
        return Evidence.EXPIRED
    left = row.person_id is not None and row.account_id is not None and row.roles is None
    return Evidence.MEMBERSHIP_ENDED if left else None


def _number_changed(row: Any, sender: Sender) -> bool:
    return sender.phone is not None and row.address.startswith("+") and sender.phone != row.address


async def keep_endpoint(conn: AsyncConnection, sender: Sender) -> int:
    """The endpoint of a sender, made at the first word and kept up to date since; returns its id."""
    rows = (await conn.execute(_KNOWN, _address(sender))).all()
    values = {"thread": sender.thread, "blocked": False} | (
        {"scoped_id": sender.scoped_id} if sender.scoped_id else {}
    )
    if sender.name:
        values["name"] = sender.name
    if rows:
        known = rows[0].id
        moved = sender.phone is not None and rows[0].address != sender.phone
        if moved and rows[0].address.startswith("+") and len(rows) == 1:
            # The same person has a new number: an answer to the old one would reach somebody else.
            values["address"] = sender.address
        await conn.execute(update(Endpoint).where(Endpoint.id == known).values(values))
        return int(known)
    statement = (
        upsert(Endpoint)
        .values(channel=sender.channel, address=sender.address, **values)
        .on_conflict_do_update(index_elements=["channel", "address"], set_=values)
        .returning(Endpoint.id)
    )
    return (await conn.execute(statement)).scalar_one()


_BEGIN = insert(Conversation).returning(Conversation.id)


async def begin(conn: AsyncConnection, endpoint_id: int, *, whom: Whom, language: str, now: datetime) -> Open:
    """Open a conversation in BOT. The database refuses a second open one for the same endpoint."""
    values = {
        "endpoint_id": endpoint_id,
        "person_id": whom.person_id,
        "account_id": whom.account_id,
        "trust": whom.trust,
        "evidence": whom.evidence,
        "trusted_until": whom.until,
        "language": language,
        "last_message_at": now,
        "last_inbound_at": now,
        "created_at": now,
    }
    conversation_id = (await conn.execute(_BEGIN, values)).scalar_one()
    return Open(conversation_id, "BOT", 0, 0, language, 0, {}, now, None)


async def save(
    conn: AsyncConnection, conversation_id: int, *, version: int, values: Mapping[str, Any]
) -> bool:
    """Write a turn's outcome if nobody has written since `version`; False means: look again."""
    result = await conn.execute(
        _saving(tuple(values)), {**values, "this": conversation_id, "seen": version, "version": version + 1}
    )
    return result.rowcount == 1


@cache
def _saving(columns: tuple[str, ...]) -> Update:
    return (
        update(Conversation)
        .where(Conversation.id == bindparam("this"), Conversation.version == bindparam("seen"))
        .values({name: bindparam(name) for name in (*columns, "version")})
    )


async def change_turn(
    conn: AsyncConnection,
    conversation_id: int,
    *,
    to: TurnHolder,
    only_from: Collection[TurnHolder],
    agent_id: int | None,
    now: datetime,
    held_by: int | None = None,
    values: Mapping[str, Any] | None = None,
) -> Changed | None:
    """Hand the turn over, once: None when it was not held as expected (`only_from`, `held_by`).

    Raises the epoch, so that whatever the bot prepared under the old one is thrown away.
    """
    statement = (
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.turn.in_(only_from))
        .values(
            {
                **(values or {}),
                "turn": to,
                "agent_id": agent_id,
                "epoch": Conversation.epoch + 1,
                "version": Conversation.version + 1,
                "closed_at": now if to == "CLOSED" else null(),
            }
        )
        .returning(Conversation.id, Conversation.endpoint_id, Conversation.epoch, Conversation.version)
    )
    if held_by is not None:
        statement = statement.where(Conversation.agent_id == held_by)
    row = (await conn.execute(statement)).first()
    return Changed(*row) if row else None


async def touch(
    conn: AsyncConnection, conversation_id: int, *, preview: Mapping[str, Any], now: datetime
) -> None:
    """Note that something was said, for the queue; raises the version so that consoles take it over."""
    await conn.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(preview=preview, last_message_at=now, version=Conversation.version + 1)
    )


async def forget_endpoint(conn: AsyncConnection, channel: str, address: str) -> str | None:
    """Delete an endpoint and all that was said over it; returns its thread, None if there is none."""
    row = (
        await conn.execute(
            delete(Endpoint)
            .where(Endpoint.channel == channel, Endpoint.address == address)
            .returning(Endpoint.thread)
        )
    ).first()
    return row.thread if row else None
