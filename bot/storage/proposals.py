"""People found out in conversations who are not on file: proposed to the desk, which decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert as plain_insert
from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import BadInput, NotFound
from bot.storage import account_edits, crm_people
from bot.storage.accounts_import import EVIDENCE
from bot.storage.tables import Endpoint, IdentityLink, Membership, Person, Proposal

PHONE = "phone"
_COLUMNS = (
    Proposal.id,
    Proposal.account_id,
    Proposal.conversation_id,
    Proposal.name,
    Proposal.address,
    Proposal.evidence,
    Proposal.created_at,
)


@dataclass(frozen=True, slots=True)
class Proposed:
    """Somebody who might belong to an account, by an E.164 phone; `evidence` as in bot/proposing.py."""

    id: int
    account_id: int
    conversation_id: int | None
    name: str | None
    address: str
    evidence: str
    at: datetime


async def propose(
    conn: AsyncConnection,
    account_id: int,
    phone: str,
    *,
    name: str | None,
    evidence: str,
    conversation_id: int,
) -> None:
    """Propose somebody with this E.164 phone for an account, once; nothing when they are on file there."""
    on_file = await conn.scalar(
        select(IdentityLink.id)
        .join(Endpoint, Endpoint.id == IdentityLink.endpoint_id)
        .outerjoin(Membership, Membership.person_id == IdentityLink.person_id)
        .where(
            Endpoint.channel == PHONE,
            Endpoint.address == phone,
            or_(Membership.account_id == account_id, IdentityLink.account_id == account_id),
        )
        .limit(1)
    )
    if on_file is None:
        await conn.execute(
            insert(Proposal)
            .values(
                account_id=account_id,
                conversation_id=conversation_id,
                channel=PHONE,
                address=phone,
                name=name,
                evidence=evidence,
            )
            .on_conflict_do_nothing(index_elements=["account_id", "channel", "address"])
        )


async def open_for(conn: AsyncConnection, account_id: int) -> list[Proposed]:
    """Who is proposed for an account and not decided about, latest first."""
    rows = await conn.execute(
        select(*_COLUMNS)
        .where(Proposal.account_id == account_id, Proposal.state == "open")
        .order_by(Proposal.id.desc())
    )
    return [Proposed(*row) for row in rows]


async def accept(
    conn: AsyncConnection, proposal_id: int, *, name: str | None, agent_id: int, now: datetime
) -> tuple[int, int]:
    """Put somebody proposed on file, under `name` if one is given; (account id, person id).

    From then on their phone proves them. Raises NotFound, and BadInput when nobody says their name.
    """
    row = await _decide(conn, proposal_id, "accepted", agent_id, now)
    called = (name or row.name or "").strip()
    if not called:
        raise BadInput("no_name", "name: expected the person's name; the chat did not tell it.")
    person_id: int = (
        await conn.execute(plain_insert(Person).values(name=called, source="console").returning(Person.id))
    ).scalar_one()
    await conn.execute(update(Proposal).where(Proposal.id == proposal_id).values(person_id=person_id))
    # A person at the desk has said so: no source may take it back.
    await conn.execute(
        plain_insert(Membership).values(person_id=person_id, account_id=row.account_id, roles=[], edited=True)
    )
    endpoint_id: int = (
        await conn.execute(
            insert(Endpoint)
            .values(channel=PHONE, address=row.address, thread=f"{PHONE}:{row.address}")
            .on_conflict_do_update(index_elements=["channel", "address"], set_={"channel": PHONE})
            .returning(Endpoint.id)
        )
    ).scalar_one()
    await conn.execute(
        insert(IdentityLink)
        .values(endpoint_id=endpoint_id, person_id=person_id, trust=1, evidence=EVIDENCE)
        .on_conflict_do_nothing()
    )
    await crm_people.settle(conn, {endpoint_id}, now.date())
    data = {"account_id": row.account_id, "person_id": person_id}
    await account_edits.tell(conn, "account.member_added", f"agent:{agent_id}", data, [row.account_id])
    return row.account_id, person_id


async def decline(conn: AsyncConnection, proposal_id: int, *, agent_id: int, now: datetime) -> int:
    """Do not propose them again; the account. Raises NotFound."""
    return (await _decide(conn, proposal_id, "declined", agent_id, now)).account_id


async def _decide(
    conn: AsyncConnection, proposal_id: int, state: str, agent_id: int, now: datetime
) -> Proposed:
    row = (
        await conn.execute(
            update(Proposal)
            .where(Proposal.id == proposal_id, Proposal.state == "open")
            .values(state=state, agent_id=agent_id, decided_at=now)
            .returning(*_COLUMNS)
        )
    ).first()
    if row is None:
        raise NotFound("no_proposal", "There is no such proposal, or somebody has decided about it.")
    return Proposed(*row)
