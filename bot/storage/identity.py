"""Who an endpoint has proven to belong to, and what was guessed over it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.trust import CLAIMED
from bot.storage.tables import Guess, IdentityLink

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
