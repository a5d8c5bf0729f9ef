"""Accounts changed by hand: each change with its event, and told to whoever has the company on screen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound
from bot.storage import events
from bot.storage.events import NewEvent
from bot.storage.tables import Account, Conversation, Membership

FIELDS = ("name", "city", "tier", "owner")
"""What of an account is edited by hand. Its number is its identity; phones come from where it is kept."""


async def edit(
    conn: AsyncConnection, account_id: int, values: Mapping[str, str | None], *, actor: str
) -> None:
    """Change some of an account's `FIELDS`; no source overwrites them from then on. Raises NotFound."""
    columns = [Account.edited, *(getattr(Account, name) for name in FIELDS)]
    before = (await conn.execute(select(*columns).where(Account.id == account_id).with_for_update())).first()
    if before is None:
        raise NotFound("no_account", "There is no such account.")
    changed = {name: value for name, value in values.items() if before._mapping[name] != value}
    if not changed:
        return
    edited = sorted({*before.edited, *changed})
    await conn.execute(update(Account).where(Account.id == account_id).values(**changed, edited=edited))
    data = {"account_id": account_id, "before": {name: before._mapping[name] for name in changed}}
    await tell(conn, "account.edited", actor, data | {"after": changed}, [account_id])


async def edit_membership(
    conn: AsyncConnection,
    account_id: int,
    person_id: int,
    *,
    roles: Sequence[str],
    active: bool,
    today: date,
    actor: str,
) -> None:
    """Set what somebody does at an account, and whether they still do. Raises NotFound."""
    theirs = Membership.account_id == account_id, Membership.person_id == person_id
    before = (
        await conn.execute(select(Membership.roles, Membership.valid_until).where(*theirs).with_for_update())
    ).first()
    if before is None:
        raise NotFound("no_person", "This person does not belong to the account.")
    was_active = before.valid_until is None or before.valid_until >= today
    ends = before.valid_until if active == was_active else None if active else today - timedelta(days=1)
    await conn.execute(
        update(Membership).where(*theirs).values(roles=list(roles), valid_until=ends, edited=True)
    )
    data = {
        "account_id": account_id,
        "person_id": person_id,
        "before": {"roles": before.roles, "active": was_active},
        "after": {"roles": list(roles), "active": active},
    }
    await tell(conn, "account.member_edited", actor, data, [account_id])


async def tell(
    conn: AsyncConnection, kind: str, actor: str, data: dict[str, Any], accounts: Collection[int]
) -> None:
    """Write one event for the audit trail, and one for each open conversation that shows these accounts.

    The former's data name the `accounts`, so that their pages follow.
    """
    open_ones = await conn.execute(
        update(Conversation)
        .where(Conversation.account_id.in_(accounts), Conversation.turn != "CLOSED")
        .values(version=Conversation.version + 1)
        .returning(Conversation.id)
    )
    happened = [NewEvent(kind, actor, data=data | {"accounts": sorted(accounts)})]
    happened += [NewEvent("account.changed", actor, row.id, data=data) for row in open_ones]
    await events.append_all(conn, happened)
