"""Who an endpoint has proven to belong to, and what was guessed over it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.trust import CLAIMED
from bot.storage.tables import Conversation, Guess, IdentityLink, Membership

_GUESSES = select(func.count(Guess.id)).where(
    Guess.endpoint_id == bindparam("endpoint_id"), Guess.at > bindparam("since")
)


async def link(
    conn: AsyncConnection,
    endpoint_id: int,
    *,
    person_id: int | None,
    account_id: int | None,
    trust: int,
    evidence: str,
    expires_at: datetime | None,
) -> None:
    """Remember that an endpoint belongs to a person, at one company or all of theirs, or to a company.

    Whoever it was linked to before is forgotten, and what the new link says again: repeated evidence
    renews it, weaker evidence about the same person replaces it.
    """
    others = IdentityLink.person_id.is_distinct_from(person_id)
    if person_id is not None and account_id is None:
        others = or_(others, IdentityLink.account_id.is_not(None))
    await conn.execute(
        delete(IdentityLink).where(
            IdentityLink.endpoint_id == endpoint_id,
            or_(others, and_(IdentityLink.account_id.is_(None), IdentityLink.trust <= CLAIMED)),
        )
    )
    values = {"trust": trust, "evidence": evidence, "expires_at": expires_at}
    await conn.execute(
        upsert(IdentityLink)
        .values(endpoint_id=endpoint_id, person_id=person_id, account_id=account_id, **values)
        .on_conflict_do_update(index_elements=["endpoint_id", "person_id", "account_id"], set_=values)
    )


async def doubt(conn: AsyncConnection, endpoint_id: int, person_id: int | None, evidence: str) -> None:
    """Let nothing proven over an endpoint count any more, a phone on file of `person_id` included."""
    await conn.execute(
        update(IdentityLink)
        .where(IdentityLink.endpoint_id == endpoint_id, IdentityLink.trust > CLAIMED)
        .values(trust=CLAIMED, evidence=evidence, expires_at=None)
    )
    if person_id is not None:
        await conn.execute(
            upsert(IdentityLink)
            .values(endpoint_id=endpoint_id, person_id=person_id, trust=CLAIMED, evidence=evidence)
            .on_conflict_do_nothing()
        )


async def unlink(conn: AsyncConnection, endpoint_id: int) -> None:
    """Forget whom an endpoint belonged to."""
    await conn.execute(delete(IdentityLink).where(IdentityLink.endpoint_id == endpoint_id))


async def guesses(conn: AsyncConnection, endpoint_id: int, since: datetime) -> int:
    """How many names and numbers were tried over an endpoint since then."""
    found = await conn.execute(_GUESSES, {"endpoint_id": endpoint_id, "since": since})
    return int(found.scalar_one())


async def note_guess(conn: AsyncConnection, endpoint_id: int, kind: str, now: datetime) -> None:
    """Count one more."""
    await conn.execute(insert(Guess).values(endpoint_id=endpoint_id, kind=kind, at=now))


@dataclass(frozen=True, slots=True)
class Standing:
    """How a conversation's trust stands, for whom."""

    trust: int
    evidence: str
    until: datetime | None
    person_id: int | None
    account_id: int | None
    roles: tuple[str, ...]


async def standing(
    conn: AsyncConnection, conversation_id: int, person_id: int | None, today: date
) -> Standing:
    """How a conversation stands; with `person_id`, as if that member of its company were writing.

    `person_id` of the result is None when that is nobody active there.
    """
    who = Conversation.person_id if person_id is None else literal(person_id, BigInteger)
    row = (
        await conn.execute(
            select(
                Conversation.trust,
                Conversation.evidence,
                Conversation.trusted_until,
                Conversation.account_id,
                Conversation.person_id,
                Membership.person_id.label("member"),
                Membership.roles,
            )
            .outerjoin(
                Membership,
                and_(
                    Membership.person_id == who,
                    Membership.account_id == Conversation.account_id,
                    or_(Membership.valid_until.is_(None), Membership.valid_until >= today),
                ),
            )
            .where(Conversation.id == conversation_id)
        )
    ).one()
    person = row.person_id if person_id is None else row.member
    return Standing(
        row.trust, row.evidence, row.trusted_until, person, row.account_id, tuple(row.roles or ())
    )


async def settle(
    conn: AsyncConnection,
    conversation_id: int,
    *,
    person_id: int | None,
    account_id: int | None,
    trust: int,
    evidence: str,
    until: datetime | None,
) -> None:
    """Write who a conversation is taken to be with; raises its version, so that a turn thinks again."""
    await conn.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(
            person_id=person_id,
            account_id=account_id,
            trust=trust,
            evidence=evidence,
            trusted_until=until,
            version=Conversation.version + 1,
        )
    )
