"""Conversations, who is in them, and who holds the turn."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import (
    delete,
    null,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.trust import CLAIMED, Evidence, capped
from bot.messages import Sender
from bot.storage.database import Connection, run, run_for_one
from bot.storage.tables import Conversation, Endpoint

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
_SAME = """
    WHERE endpoints.channel = %(channel)s
        AND (endpoints.address = %(address)s OR endpoints.scoped_id = %(scoped_id)s)
    -- An endpoint known by its scoped id is the person; the same phone may have been reassigned.
    ORDER BY (endpoints.scoped_id = %(scoped_id)s) DESC NULLS LAST"""
_LOAD = f"""
    SELECT endpoints.id AS endpoint_id, endpoints.address, endpoints.scoped_id, endpoints.thread,
        endpoints.name, endpoints.blocked,
        open.id, open.turn, open.epoch, open.version, open.language, open.urgency, open.state,
        open.last_message_at, open.agent_id, open.trust, open.evidence, open.trusted_until,
        people.id AS person_id, people.name AS person,
        accounts.id AS account_id, accounts.name AS company, accounts.customer_number, accounts.tier,
        accounts.owner,
        memberships.roles
    FROM endpoints
    LEFT JOIN conversations AS open ON open.endpoint_id = endpoints.id AND open.turn <> 'CLOSED'
    LEFT JOIN people ON people.id = open.person_id
    LEFT JOIN accounts ON accounts.id = open.account_id
    LEFT JOIN memberships ON memberships.person_id = people.id AND memberships.account_id = accounts.id
        AND (memberships.valid_until IS NULL OR memberships.valid_until >= %(today)s)
    {_SAME}
    LIMIT 1"""  # noqa: S608 - a constant
_MEET = f"""
    WITH known AS (
        SELECT id, address FROM endpoints {_SAME} LIMIT 2
    ), made AS (
        INSERT INTO endpoints (channel, address, scoped_id, thread, name)
        SELECT %(channel)s, %(address)s, %(scoped_id)s, %(thread)s, %(name)s
        WHERE NOT EXISTS (SELECT FROM known)
        ON CONFLICT (channel, address) DO UPDATE
        SET thread = excluded.thread, blocked = false,
            scoped_id = coalesce(excluded.scoped_id, endpoints.scoped_id),
            name = coalesce(excluded.name, endpoints.name)
        RETURNING id
    )
    SELECT id, address, true AS known FROM known UNION ALL SELECT id, '', false FROM made"""  # noqa: S608
_REFRESH = """
    UPDATE endpoints
    SET thread = %(thread)s, blocked = false, scoped_id = coalesce(%(scoped_id)s, scoped_id),
        name = coalesce(%(name)s, name), address = CASE WHEN %(moved)s THEN %(address)s ELSE address END
    WHERE id = %(id)s"""


def _address(sender: Sender) -> dict[str, Any]:
    return {"channel": sender.channel, "address": sender.address, "scoped_id": sender.scoped_id}


async def load(conn: Connection, sender: Sender, today: date) -> Thread:
    """Who a sender is and what is open with them: one query, by address or business-scoped id."""
    row = await run_for_one(conn, _LOAD, {**_address(sender), "today": today})
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
    # A person who has been deleted is one who is not there any more.
    left = row.person_id is None or (row.account_id is not None and row.roles is None)
    return Evidence.MEMBERSHIP_ENDED if left else None


def _number_changed(row: Any, sender: Sender) -> bool:
    return sender.phone is not None and row.address.startswith("+") and sender.phone != row.address


async def keep_endpoint(conn: Connection, sender: Sender) -> int:
    """The endpoint of a sender, made at the first word and kept up to date since; returns its id."""
    told = {**_address(sender), "thread": sender.thread, "name": sender.name or None}
    rows = await run(conn, _MEET, told)
    known, number = rows[0].id, rows[0].address
    if not rows[0].known:
        return int(known)
    # The same person has a new number: an answer to the old one would reach somebody else.
    moved = sender.phone is not None and number != sender.phone and number.startswith("+") and len(rows) == 1
    await run(conn, _REFRESH, {**told, "id": known, "moved": moved})
    return int(known)


_BEGIN = """
    INSERT INTO conversations (endpoint_id, person_id, account_id, trust, evidence, trusted_until, language,
                               last_message_at, last_inbound_at, created_at)
    VALUES (%(endpoint_id)s, %(person_id)s, %(account_id)s, %(trust)s, %(evidence)s, %(trusted_until)s,
            %(language)s, %(now)s, %(now)s, %(now)s)
    RETURNING id"""


async def begin(conn: Connection, endpoint_id: int, *, whom: Whom, language: str, now: datetime) -> Open:
    """Open a conversation in BOT. The database refuses a second open one for the same endpoint."""
    values = {
        "endpoint_id": endpoint_id,
        "person_id": whom.person_id,
        "account_id": whom.account_id,
        "trust": whom.trust,
        "evidence": whom.evidence,
        "trusted_until": whom.until,
        "language": language,
        "now": now,
    }
    conversation_id = (await run_for_one(conn, _BEGIN, values)).id
    return Open(conversation_id, "BOT", 0, 0, language, 0, {}, now, None)


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
