"""What CRMs are still to be told: a conversation's ticket, its transcript, and contacts that were accepted.

What is told is read when it is sent, so it is never older than the call; here stands only that there is
something to tell, how far it came, and where it can be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import and_, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import Account, CrmPush, Origin, Person, Proposal

PushKind = Literal["ticket", "transcript", "contact"]

_ENDED = text(
    """
    INSERT INTO crm_outbox (conversation_id, source, kind, created_at, changed_at)
    SELECT t.conversation_id, t.source, 'transcript', :now, :now
    FROM conversations AS c
    JOIN crm_outbox AS t ON t.conversation_id = c.id AND t.kind = 'ticket'
    LEFT JOIN crm_outbox AS o
        ON o.conversation_id = c.id AND o.source = t.source AND o.kind = 'transcript'
    WHERE t.state IN ('done', 'failed') AND c.turn = 'CLOSED' AND c.last_message_at >= :since
    AND (o.id IS NULL OR o.state = 'done')
    AND EXISTS (SELECT FROM messages AS m WHERE m.conversation_id = c.id
        AND m.author IN ('installer', 'bot', 'agent') AND m.id > coalesce(o.upto, 0))
    ON CONFLICT (conversation_id, source, kind) DO UPDATE SET
        wanted = crm_outbox.wanted + 1, state = 'waiting', attempts = 0, not_before = NULL,
        created_at = excluded.created_at, changed_at = excluded.changed_at
    RETURNING id
    """
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that is being worked on. `repeated`: it was tried before, and nobody knows how that ended.

    A contact has no conversation but the proposal it came from.
    """

    id: int
    conversation_id: int | None
    proposal_id: int | None
    source: str
    kind: PushKind
    wanted: int
    attempts: int
    upto: int
    created_at: datetime
    repeated: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What a CRM was told about a conversation. `error` beside a `url` means: refused as a ticket, and
    put there as a note instead.
    """

    source: str
    kind: str
    state: str
    reference: str | None
    url: str | None
    error: str | None
    at: datetime


async def want(conn: AsyncConnection, conversation_id: int, source: str, now: datetime) -> int:
    """There is news for a conversation's ticket; returns the row to work on."""
    times = {"created_at": now, "changed_at": now}
    again = {"wanted": CrmPush.wanted + 1, "state": "waiting", "attempts": 0, "not_before": None, **times}
    statement = (
        insert(CrmPush)
        .values(conversation_id=conversation_id, source=source, kind="ticket", **times)
        .on_conflict_do_update(index_elements=["conversation_id", "source", "kind"], set_=again)
        .returning(CrmPush.id)
    )
    return int((await conn.execute(statement)).scalar_one())


async def want_contact(conn: AsyncConnection, proposal_id: int, source: str, now: datetime) -> int:
    """Somebody proposed was accepted and is to be a contact over there; returns the row to work on."""
    statement = (
        insert(CrmPush)
        .values(proposal_id=proposal_id, source=source, kind="contact", created_at=now, changed_at=now)
        .returning(CrmPush.id)
    )
    return int((await conn.execute(statement)).scalar_one())


async def want_transcripts(conn: AsyncConnection, since: datetime, now: datetime) -> list[int]:
    """Ask for the transcripts of conversations that were handed off and have ended; the rows to work on."""
    return [row.id for row in await conn.execute(_ENDED, {"since": since, "now": now})]


async def claim(conn: AsyncConnection, push_id: int, now: datetime) -> Claim | None:
    """Mark a row as being sent, before the call; None when there is nothing to do about it now."""
    open_now = (
        CrmPush.id == push_id,
        CrmPush.state.in_(("waiting", "sending")),
        or_(CrmPush.not_before.is_(None), CrmPush.not_before <= now),
    )
    row = (
        await conn.execute(
            update(CrmPush)
            .where(*open_now)
            .values(state="sending", attempts=CrmPush.attempts + 1, changed_at=now)
            .returning(CrmPush)
        )
    ).first()
    if row is None:
        return None
    return Claim(
        row.id,
        row.conversation_id,
        row.proposal_id,
        row.source,
        row.kind,
        row.wanted,
        row.attempts,
        row.upto or 0,
        row.created_at,
        row.attempts > 1,
    )


async def settle(conn: AsyncConnection, claimed: Claim, now: datetime, **values: Any) -> bool:
    """Write down how a call ended; True when there has been more news meanwhile."""
    row = (
        await conn.execute(
            update(CrmPush)
            .where(CrmPush.id == claimed.id)
            .values(**values, changed_at=now)
            .returning(CrmPush.wanted, CrmPush.state)
        )
    ).first()
    if row is None or row.wanted == claimed.wanted or row.state not in ("done", "failed"):
        return False
    await conn.execute(update(CrmPush).where(CrmPush.id == claimed.id).values(state="waiting", attempts=0))
    return True


async def ticket_of(conn: AsyncConnection, conversation_id: int, source: str) -> str | None:
    """The reference of a conversation's ticket; None while there is none, or where it stands as a note."""
    found: str | None = await conn.scalar(
        select(CrmPush.reference).where(
            CrmPush.conversation_id == conversation_id,
            CrmPush.source == source,
            CrmPush.kind == "ticket",
            CrmPush.error.is_(None),
        )
    )
    return found


async def told(conn: AsyncConnection, conversation_id: int) -> list[Told]:
    """What CRMs know of a conversation, for the console."""
    rows = await conn.execute(
        select(
            CrmPush.source,
            CrmPush.kind,
            CrmPush.state,
            CrmPush.reference,
            CrmPush.url,
            CrmPush.error,
            CrmPush.changed_at,
        )
        .where(CrmPush.conversation_id == conversation_id)
        .order_by(CrmPush.source, CrmPush.kind)
    )
    return [Told(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Accepted:
    """Somebody accepted who is to be a contact: who they are here, and of which account."""

    account_id: int
    customer_number: str
    person_id: int
    name: str
    phone: str


async def accepted(conn: AsyncConnection, proposal_id: int) -> Accepted | None:
    """Whom a contact's row is about; None when they are no longer on file."""
    row = (
        await conn.execute(
            select(Proposal.account_id, Account.customer_number, Person.id, Person.name, Proposal.address)
            .join(Account, Account.id == Proposal.account_id)
            .join(Person, Person.id == Proposal.person_id)
            .where(Proposal.id == proposal_id)
        )
    ).first()
    return Accepted(*row) if row is not None else None


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody accepted and how far they have come in a CRM, for the console."""

    id: int
    name: str
    source: str
    state: str
    url: str | None
    error: str | None
    at: datetime


async def contacts(conn: AsyncConnection, account_id: int, since: datetime) -> list[Contact]:
    """An account's contacts that are on their way or failed, and those written since then, latest first."""
    rows = await conn.execute(
        select(
            CrmPush.id,
            Person.name,
            CrmPush.source,
            CrmPush.state,
            CrmPush.url,
            CrmPush.error,
            CrmPush.changed_at,
        )
        .join(Proposal, Proposal.id == CrmPush.proposal_id)
        .join(Person, Person.id == Proposal.person_id)
        .where(Proposal.account_id == account_id, or_(CrmPush.state != "done", CrmPush.changed_at >= since))
        .order_by(CrmPush.id.desc())
    )
    return [Contact(*row) for row in rows]


async def forgotten(conn: AsyncConnection, now: datetime) -> list[int]:
    """Rows whose job was lost: due for a while and not being worked on."""
    overdue = now - timedelta(minutes=2)
    rows = await conn.execute(
        select(CrmPush.id).where(
            CrmPush.state.in_(("waiting", "sending")),
            CrmPush.changed_at < overdue,
            or_(CrmPush.not_before.is_(None), CrmPush.not_before < overdue),
        )
    )
    return [row.id for row in rows]


async def retry_failed(conn: AsyncConnection, source: str, now: datetime) -> list[int]:
    """Take up again what failed for good; the rows to work on."""
    rows = await conn.execute(
        update(CrmPush)
        .where(and_(CrmPush.source == source, CrmPush.state == "failed"))
        .values(state="waiting", not_before=None, created_at=now, changed_at=now)
        .returning(CrmPush.id)
    )
    return [row.id for row in rows]


async def retry_contacts(conn: AsyncConnection, now: datetime) -> list[int]:
    """Take up again the contacts that failed before their company came over (anew); the rows to work on."""
    there = select(Origin.id).where(
        Origin.source == CrmPush.source,
        Origin.kind == "account",
        Origin.account_id == Proposal.account_id,
        Origin.gone_at.is_(None),
        Origin.synced_at > CrmPush.changed_at,
    )
    rows = await conn.execute(
        update(CrmPush)
        .where(CrmPush.proposal_id == Proposal.id, CrmPush.state == "failed", there.exists())
        .values(state="waiting", not_before=None, created_at=now, changed_at=now)
        .returning(CrmPush.id)
    )
    return [row.id for row in rows]


async def counts(conn: AsyncConnection, source: str) -> dict[str, int]:
    """How many rows are in which state."""
    rows = await conn.execute(
        select(CrmPush.state, func.count().label("many"))
        .where(CrmPush.source == source)
        .group_by(CrmPush.state)
    )
    return {row.state: row.many for row in rows}


async def failures(conn: AsyncConnection, source: str, limit: int = 20) -> Sequence[tuple[str, str]]:
    """What could not be written ("conversation 17", "contact at K10215"), and why, latest first."""
    rows = await conn.execute(
        select(CrmPush.conversation_id, Account.customer_number, CrmPush.error)
        .outerjoin(Proposal, Proposal.id == CrmPush.proposal_id)
        .outerjoin(Account, Account.id == Proposal.account_id)
        .where(CrmPush.source == source, CrmPush.state == "failed")
        .order_by(CrmPush.changed_at.desc())
        .limit(limit)
    )
    return [
        (
            f"conversation {row.conversation_id}"
            if row.conversation_id
            else f"contact at {row.customer_number}",
            row.error or "",
        )
        for row in rows
    ]
