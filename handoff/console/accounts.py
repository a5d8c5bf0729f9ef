"""The accounts: found, seen whole, and mended by whoever works at the desk."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import AfterValidator, Field

from bot.errors import BadInput
from bot.storage import account_edits, merging, proposals
from handoff.accounts import page, search
from handoff.accounts.page import AccountPage
from handoff.accounts.search import Entry
from handoff.console.parts import Changing, Console, Id, Number, SignedIn, SmallBody, TheConsole, Words
from handoff.console.shapes import Shape
from handoff.queue import crm
from handoff.queue.crm import Record
from handoff.sessions import Session

router = APIRouter(route_class=SmallBody, tags=["accounts"])

RoleName = Literal["fitter", "site manager", "purchasing", "accounting", "management"]


def _said(value: str) -> str:
    if not value.strip():
        raise ValueError("expected at least one letter")
    return value.strip()


Line = Annotated[Words, AfterValidator(_said), Field(max_length=200)]


class Entries(Shape):
    """Accounts in a list."""

    accounts: list[Entry]


class Records(Shape):
    """An account's records in the CRMs."""

    records: list[Record]


class AccountChange(Shape):
    """What is to be different; what is not named stays. Null empties a field."""

    name: Line | None = None
    city: Line | None = None
    tier: Line | None = None
    owner: Line | None = None


class MemberChange(Shape):
    """What somebody does at the account, and whether they still do."""

    roles: Annotated[list[RoleName], Field(max_length=5)]
    active: bool


class Merge(Shape):
    """The account that becomes part of this one."""

    gone: Number


class Accept(Shape):
    """What somebody proposed is called, where the chat did not tell it or told it wrong."""

    name: Line | None = None


class Split(Shape):
    """An account of their own for these people."""

    people: Annotated[list[Number], Field(min_length=1, max_length=50)]
    customer_number: Line
    name: Line
    city: Line | None = None


@router.get("/accounts")
async def find(console: TheConsole, _: SignedIn, q: Annotated[Words, Query(max_length=200)] = "") -> Entries:
    """Accounts by name, person, phone, customer number or order; without a question those who wrote last."""
    async with console.database.read() as conn:
        found = await (search.search(conn, q) if q.strip() else search.latest(conn))
    return Entries(accounts=found)


@router.get("/accounts/{account_id}")
async def account(console: TheConsole, _: SignedIn, account_id: Id) -> AccountPage:
    """The whole of an account."""
    return await _page(console, account_id)


@router.get("/accounts/{account_id}/records")
async def records(console: TheConsole, _: SignedIn, account_id: Id) -> Records:
    """The account in the CRMs, with what is open there now; as last read where a CRM does not answer."""
    await console.crms.live.open_items(account_id)
    async with console.database.read() as conn:
        return Records(records=await crm.records(conn, account_id))


@router.patch("/accounts/{account_id}")
async def change(console: TheConsole, session: Changing, account_id: Id, to: AccountChange) -> AccountPage:
    """Change an account by hand."""
    values = to.model_dump(exclude_unset=True)
    if values.get("name", "") is None:
        raise BadInput("account_name", "An account needs a name.")
    async with console.database.begin() as conn:
        await account_edits.edit(conn, account_id, values, actor=_actor(session))
    return await _page(console, account_id)


@router.put("/accounts/{account_id}/people/{person_id}")
async def change_member(
    console: TheConsole, session: Changing, account_id: Id, person_id: Id, to: MemberChange
) -> AccountPage:
    """Change what somebody does at an account."""
    async with console.database.begin() as conn:
        await account_edits.edit_membership(
            conn,
            account_id,
            person_id,
            roles=list(dict.fromkeys(to.roles)),
            active=to.active,
            today=console.clock().date(),
            actor=_actor(session),
        )
    return await _page(console, account_id)


@router.post("/accounts/{account_id}/merge")
async def merge(console: TheConsole, session: Changing, account_id: Id, other: Merge) -> AccountPage:
    """Make another account part of this one."""
    async with console.database.begin() as conn:
        await merging.merge(conn, account_id, other.gone, actor=_actor(session))
    return await _page(console, account_id)


@router.post("/accounts/merges/{merge_id}/undo")
async def undo(console: TheConsole, session: Changing, merge_id: Id) -> AccountPage:
    """Take a merge apart; answers with the account that was kept."""
    async with console.database.begin() as conn:
        kept, _ = await merging.undo(conn, merge_id, actor=_actor(session), now=console.clock())
    return await _page(console, kept)


@router.post("/accounts/proposals/{proposal_id}/accept")
async def accept(console: TheConsole, session: Changing, proposal_id: Id, to: Accept) -> AccountPage:
    """Put somebody on file whom a conversation brought up: from then on their phone proves them.

    Every CRM is told; the page's `contacts` say how that goes, and what to do where the company is missing.
    """
    async with console.database.begin() as conn:
        account_id, _ = await proposals.accept(
            conn, proposal_id, name=to.name, agent_id=session.agent.id, now=console.clock()
        )
        await console.crms.write_back.accepted(conn, proposal_id)
    return await _page(console, account_id)


@router.post("/accounts/proposals/{proposal_id}/decline")
async def decline(console: TheConsole, session: Changing, proposal_id: Id) -> AccountPage:
    """Do not propose them again."""
    async with console.database.begin() as conn:
        account_id = await proposals.decline(
            conn, proposal_id, agent_id=session.agent.id, now=console.clock()
        )
    return await _page(console, account_id)


@router.post("/accounts/{account_id}/split", status_code=201)
async def split(console: TheConsole, session: Changing, account_id: Id, off: Split) -> AccountPage:
    """Give some of the people an account of their own; answers with the new one."""
    async with console.database.begin() as conn:
        new = await merging.split(
            conn,
            account_id,
            frozenset(off.people),
            customer_number=off.customer_number,
            name=off.name,
            city=off.city,
            actor=_actor(session),
        )
    return await _page(console, new)


async def _page(console: Console, account_id: int) -> AccountPage:
    now = console.clock()
    async with console.database.read() as conn:
        return await page.read(conn, account_id, now=now, today=now.date())


def _actor(session: Session) -> str:
    return f"agent:{session.agent.id}"
