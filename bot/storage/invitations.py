"""One-time links that bring somebody to the bot as a person or company we know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import Account, Invitation, Membership, Person


@dataclass(frozen=True, slots=True)
class Valid:
    """An invitation that may still be used."""

    id: int
    account_id: int
    person_id: int | None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody at a company who can be invited."""

    person_id: int
    name: str


async def make(conn: AsyncConnection, values: dict[str, Any]) -> None:
    """Store an invitation; `values` are the columns of the table."""
    await conn.execute(insert(Invitation).values(values))


async def find(conn: AsyncConnection, token_hash: bytes, now: datetime) -> Valid | None:
    """The invitation of a token, unless it has been used, has expired, or its person has left."""
    row = (
        await conn.execute(
            select(Invitation.id, Invitation.account_id, Invitation.person_id)
            .outerjoin(
                Membership,
                and_(
                    Membership.person_id == Invitation.person_id,
                    Membership.account_id == Invitation.account_id,
                    or_(Membership.valid_until.is_(None), Membership.valid_until >= now.date()),
                ),
            )
            .where(
                Invitation.token_hash == token_hash,
                Invitation.used_at.is_(None),
                Invitation.expires_at > now,
                or_(Invitation.person_id.is_(None), Membership.id.is_not(None)),
            )
        )
    ).first()
    return Valid(row.id, row.account_id, row.person_id) if row else None


async def use(conn: AsyncConnection, invitation_id: int, endpoint_id: int, now: datetime) -> bool:
    """Use an invitation up; False when somebody was faster."""
    result = await conn.execute(
        update(Invitation)
        .where(Invitation.id == invitation_id, Invitation.used_at.is_(None))
        .values(used_at=now, used_by=endpoint_id)
    )
    return result.rowcount == 1


async def colleagues(
    conn: AsyncConnection, account_id: int, but: int | None, now: datetime, limit: int
) -> list[Colleague]:
    """The people of a company today, by name."""
    query = (
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.account_id == account_id,
            or_(Membership.valid_until.is_(None), Membership.valid_until >= now.date()),
        )
        .order_by(Person.name, Person.id)
        .limit(limit)
    )
    if but is not None:
        query = query.where(Person.id != but)
    return [Colleague(row.id, row.name) for row in await conn.execute(query)]


async def fits(conn: AsyncConnection, account_id: int, person_id: int | None, now: datetime) -> bool:
    """Whether there is such a company, and the person is active there."""
    if person_id is None:
        return (await conn.execute(select(Account.id).where(Account.id == account_id))).first() is not None
    found = await conn.execute(
        select(Membership.id).where(
            Membership.account_id == account_id,
            Membership.person_id == person_id,
            or_(Membership.valid_until.is_(None), Membership.valid_until >= now.date()),
        )
    )
    return found.first() is not None
