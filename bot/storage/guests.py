"""People of a rehearsal: somebody known by a phone at a company, made up where nobody is on file."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Sender
from bot.storage import identity
from bot.storage.conversations import keep_endpoint
from bot.storage.tables import Account, Endpoint, IdentityLink, Membership, Person

EVIDENCE = "named in the dialogue"
_TRUST = 2  # recognised by the phone


async def account(conn: AsyncConnection, customer_number: str) -> int:
    """The account with this number, made when there is none; returns its id."""
    await conn.execute(
        insert(Account)
        .values(customer_number=customer_number, name=f"Firma {customer_number}", source="rehearsal")
        .on_conflict_do_nothing(index_elements=["customer_number"])
    )
    found: int = (
        await conn.execute(select(Account.id).where(Account.customer_number == customer_number))
    ).scalar_one()
    return found


async def person(conn: AsyncConnection, account_id: int, phone: str) -> int:
    """Who has this phone at this company, made when nobody has; from then on it is theirs alone."""
    found: int | None = (
        await conn.execute(
            select(Person.id)
            .join(Membership, Membership.person_id == Person.id)
            .join(IdentityLink, IdentityLink.person_id == Person.id)
            .join(Endpoint, Endpoint.id == IdentityLink.endpoint_id)
            .where(
                Membership.account_id == account_id, Endpoint.channel == "phone", Endpoint.address == phone
            )
            .order_by(Person.id)
            .limit(1)
        )
    ).scalar()
    if found is not None:
        return found
    made: int = (
        await conn.execute(
            insert(Person).values(name=f"Person {phone[-4:]}", source="rehearsal").returning(Person.id)
        )
    ).scalar_one()
    await conn.execute(insert(Membership).values(person_id=made, account_id=account_id, roles=["fitter"]))
    endpoint_id = await keep_endpoint(conn, Sender("phone", phone))
    await conn.execute(delete(IdentityLink).where(IdentityLink.endpoint_id == endpoint_id))
    await _link(conn, endpoint_id, made)
    return made


async def recognise(conn: AsyncConnection, sender: Sender, person_id: int) -> None:
    """Let a channel that tells no phone know this sender, as if they had shared their own contact."""
    endpoint_id = await keep_endpoint(conn, sender)
    await _link(conn, endpoint_id, person_id)


async def _link(conn: AsyncConnection, endpoint_id: int, person_id: int) -> None:
    await identity.link(
        conn,
        endpoint_id,
        person_id=person_id,
        account_id=None,
        trust=_TRUST,
        evidence=EVIDENCE,
        expires_at=None,
    )
