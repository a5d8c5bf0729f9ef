"""Proofs under way: codes by e-mail and approvals by members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.trust import MEMBER
from bot.storage.tables import Account, Conversation, Endpoint, IdentityLink, Membership, Person, Proof

_UNDER_WAY = ("waiting", "open")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An e-mail address on file. `shared` ones (info@) are read by several people."""

    id: int
    address: str
    shared: bool


@dataclass(frozen=True, slots=True)
class OpenProof:
    """A proof under way; `code_hash` None until a mail has gone."""

    id: int
    kind: str
    state: str
    conversation_id: int
    endpoint_id: int
    person_id: int
    person: str
    account_id: int
    company: str
    shared: bool | None
    code_hash: bytes | None
    tries: int
    asked: tuple[int, ...]
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reachable:
    """A member who may be asked: the endpoint, its channel, and when they last wrote."""

    endpoint_id: int
    channel: str
    last_inbound_at: datetime | None


async def mailboxes(conn: AsyncConnection, person_id: int, account_id: int) -> list[Mailbox]:
    """The addresses on file of a person or of the company itself: one's own first."""
    rows = await conn.execute(
        select(Endpoint.id, Endpoint.address, Endpoint.shared)
        .join(IdentityLink, IdentityLink.endpoint_id == Endpoint.id)
        .where(
            Endpoint.channel == "email",
            or_(IdentityLink.person_id == person_id, IdentityLink.account_id == account_id),
        )
        .distinct()
        .order_by(Endpoint.shared, Endpoint.id)
    )
    return [Mailbox(row.id, row.address, row.shared) for row in rows]


_PROOF = (
    select(
        Proof.id,
        Proof.kind,
        Proof.state,
        Proof.conversation_id,
        Proof.endpoint_id,
        Proof.person_id,
        Person.name.label("person"),
        Proof.account_id,
        Account.name.label("company"),
        Endpoint.shared,
        Proof.code_hash,
        Proof.tries,
        Proof.asked,
        Proof.expires_at,
    )
    .join(Person, Person.id == Proof.person_id)
    .join(Account, Account.id == Proof.account_id)
    .outerjoin(Endpoint, Endpoint.id == Proof.mailbox_id)
)


def _proof(row: Any) -> OpenProof:
    return OpenProof(**{**row._mapping, "asked": tuple(row.asked)})


async def code_under_way(conn: AsyncConnection, conversation_id: int) -> OpenProof | None:
    """The code a conversation waits for, sent already or not."""
    row = (
        await conn.execute(
            _PROOF.where(
                Proof.conversation_id == conversation_id, Proof.kind == "code", Proof.state.in_(_UNDER_WAY)
            )
            .order_by(Proof.id.desc())
            .limit(1)
        )
    ).first()
    return _proof(row) if row else None


async def find(conn: AsyncConnection, proof_id: int) -> OpenProof | None:
    """One proof, whatever became of it."""
    row = (await conn.execute(_PROOF.where(Proof.id == proof_id))).first()
    return _proof(row) if row else None


async def recent_codes(conn: AsyncConnection, endpoint_id: int, mailbox_id: int, since: datetime) -> int:
    """How many codes were asked for since then, over this endpoint or for this mailbox."""
    found = await conn.execute(
        select(func.count(Proof.id)).where(
            Proof.kind == "code",
            Proof.created_at > since,
            or_(Proof.endpoint_id == endpoint_id, Proof.mailbox_id == mailbox_id),
        )
    )
    return int(found.scalar_one())


async def locked_out(conn: AsyncConnection, endpoint_id: int, since: datetime) -> bool:
    """Whether a code was typed wrong too often over this endpoint since then."""
    found = await conn.execute(
        select(Proof.id)
        .where(
            Proof.endpoint_id == endpoint_id,
            Proof.kind == "code",
            Proof.state == "failed",
            Proof.created_at > since,
        )
        .limit(1)
    )
    return found.first() is not None


async def members(
    conn: AsyncConnection, account_id: int, but_person: int, now: datetime, limit: int = 20
) -> list[Reachable]:
    """Messenger endpoints of other people proven to be members of a company today, the latest first.

    Left out is whoever is talking to a person of ours: there the bot keeps silent.
    """
    rows = await conn.execute(
        select(Endpoint.id, Endpoint.channel, func.max(Conversation.last_inbound_at).label("last"))
        .join(IdentityLink, IdentityLink.endpoint_id == Endpoint.id)
        .join(
            Membership,
            and_(
                Membership.person_id == IdentityLink.person_id,
                Membership.account_id == account_id,
                or_(Membership.valid_until.is_(None), Membership.valid_until >= now.date()),
            ),
        )
        .join(Conversation, Conversation.endpoint_id == Endpoint.id)
        .where(
            IdentityLink.account_id == account_id,
            IdentityLink.trust >= MEMBER,
            IdentityLink.person_id != but_person,
            or_(IdentityLink.expires_at.is_(None), IdentityLink.expires_at > now),
            ~Endpoint.blocked,
        )
        .group_by(Endpoint.id, Endpoint.channel)
        .having(func.bool_and(Conversation.turn.in_(("BOT", "CLOSED"))))
        .order_by(func.max(Conversation.last_inbound_at).desc().nulls_last())
        .limit(limit)
    )
    return [Reachable(row.id, row.channel, row.last) for row in rows]


async def begin(conn: AsyncConnection, values: dict[str, Any]) -> int:
    """Begin a proof; one of the same kind under way in the conversation is replaced. Returns its id."""
    await conn.execute(
        update(Proof)
        .where(
            Proof.conversation_id == values["conversation_id"],
            Proof.kind == values["kind"],
            Proof.state.in_(_UNDER_WAY),
        )
        .values(state="replaced")
    )
    return int((await conn.execute(insert(Proof).values(values).returning(Proof.id))).scalar_one())


async def count_try(conn: AsyncConnection, proof_id: int, tries: int, state: str | None) -> bool:
    """Count a typed code, if nobody has since `tries` was read; `state` when that settles it."""
    values: dict[str, Any] = {"tries": tries + 1} | ({"state": state} if state else {})
    result = await conn.execute(
        update(Proof)
        .where(Proof.id == proof_id, Proof.tries == tries, Proof.state.in_(_UNDER_WAY))
        .values(values)
    )
    return result.rowcount == 1


async def settle(conn: AsyncConnection, proof_id: int, state: str, *, only_from: Sequence[str]) -> bool:
    """Change what became of a proof, once."""
    result = await conn.execute(
        update(Proof).where(Proof.id == proof_id, Proof.state.in_(only_from)).values(state=state)
    )
    return result.rowcount == 1


async def overdue_approvals(conn: AsyncConnection, now: datetime) -> list[OpenProof]:
    """Approvals nobody gave in time."""
    rows = await conn.execute(
        _PROOF.where(Proof.kind == "approval", Proof.state == "open", Proof.expires_at <= now).limit(100)
    )
    return [_proof(row) for row in rows]


async def unsent_codes(conn: AsyncConnection, now: datetime) -> list[int]:
    """Codes whose mail has still to go and may be tried again now."""
    rows = await conn.execute(
        select(Proof.id)
        .where(Proof.kind == "code", Proof.state == "waiting", Proof.next_try_at <= now)
        .limit(100)
    )
    return [row.id for row in rows]


@dataclass(frozen=True, slots=True)
class Letter:
    """What the mail of a code needs to be written. `attempts` were made before."""

    to: str
    person: str
    channel: str
    language: str
    conversation_id: int
    endpoint_id: int
    created_at: datetime
    attempts: int


async def claim_letter(
    conn: AsyncConnection,
    proof_id: int,
    code_hash: bytes,
    now: datetime,
    *,
    expires_at: datetime,
    again_at: datetime,
) -> Letter | None:
    """Put a code's hash in place before its mail goes; None when there is nothing to send (any more)."""
    claimed = await conn.execute(
        update(Proof)
        .where(Proof.id == proof_id, Proof.state == "waiting", Proof.next_try_at <= now)
        .values(code_hash=code_hash, expires_at=expires_at, next_try_at=again_at, attempts=Proof.attempts + 1)
        .returning(Proof.mailbox_id, Proof.endpoint_id, Proof.attempts)
    )
    row = claimed.first()
    if row is None:
        return None
    letter = (
        await conn.execute(
            select(
                Endpoint.address,
                Person.name,
                Conversation.language,
                Conversation.id.label("conversation_id"),
                Proof.created_at,
            )
            .select_from(Proof)
            .join(Endpoint, Endpoint.id == Proof.mailbox_id)
            .join(Person, Person.id == Proof.person_id)
            .join(Conversation, Conversation.id == Proof.conversation_id)
            .where(Proof.id == proof_id)
        )
    ).one()
    channel = await conn.execute(select(Endpoint.channel).where(Endpoint.id == row.endpoint_id))
    return Letter(
        letter.address,
        letter.name,
        channel.scalar_one(),
        letter.language,
        letter.conversation_id,
        row.endpoint_id,
        letter.created_at,
        row.attempts - 1,
    )


async def sent(conn: AsyncConnection, proof_id: int, expires_at: datetime) -> None:
    """The mail has gone: its code counts from now on."""
    await conn.execute(
        update(Proof)
        .where(Proof.id == proof_id, Proof.state == "waiting")
        .values(state="open", expires_at=expires_at, next_try_at=None)
    )


async def delay(conn: AsyncConnection, proof_id: int, again_at: datetime) -> None:
    """The mail has not gone: try again then."""
    await conn.execute(
        update(Proof).where(Proof.id == proof_id, Proof.state == "waiting").values(next_try_at=again_at)
    )
