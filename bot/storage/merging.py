"""Two accounts that are one company: merged, and taken apart again as they were.

A merge moves everything that points to the one account over to the other and takes its row away, so
that no query has to know of merges. What moved is written down, row by row, for the way back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, bindparam, delete, func, insert, literal_column, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Conflict, NotFound
from bot.storage.account_edits import tell
from bot.storage.tables import (
    Account,
    AccountMerge,
    Base,
    Conversation,
    IdentityLink,
    Membership,
)

_MEMBERSHIPS: Table = Membership.__table__  # type: ignore[assignment]
_LINKS: Table = IdentityLink.__table__  # type: ignore[assignment]
_ROLES = "roles"
_JOINED = ("trunk_phones", "domains", "former_names")
_FILLED = ("city", "tier", "owner")


def _references() -> list[Column[Any]]:
    """Every column that points to an account; that of merges too: a number finds its way through several."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column is Account.__table__.c.id for key in column.foreign_keys)
    ]


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge that can still be undone."""

    id: int
    number: str
    name: str
    at: datetime
    actor: str


async def merge(conn: AsyncConnection, kept: int, gone: int, *, actor: str) -> int:
    """Make the account `gone` part of `kept`; returns the merge's number, for `undo`.

    Name, city, tier and owner stay as `kept` has them, where it has any. Raises NotFound when there is
    no such account, and Conflict (`same_account`) when both are the same.
    """
    if kept == gone:
        raise Conflict("same_account", "An account cannot be merged with itself.")
    rows = await _locked(conn, kept, gone)
    moved: dict[str, Any] = {
        "kept": kept,
        "before": await _take_over(conn, rows[kept], rows[gone]),
        "replaced": await _replaced(conn, kept, gone),
        "rows": {},
    }
    for column in _references():
        (key,) = column.table.primary_key.columns
        changed = await conn.execute(
            update(column.table).where(column == gone).values({column: kept}).returning(key)
        )
        if found := [row[0] for row in changed]:
            moved["rows"][f"{column.table.name}.{column.name}"] = found
    # Where the gone one was the parent, the account has just become its own.
    parent = rows[gone]["parent_id"] if rows[kept]["parent_id"] == gone else None
    await conn.execute(
        update(Account).where(Account.id == kept, Account.parent_id == kept).values(parent_id=parent)
    )
    await conn.execute(delete(Account).where(Account.id == gone))
    number, name = rows[gone]["customer_number"], rows[gone]["name"]
    merge_id: int = (
        await conn.execute(
            insert(AccountMerge)
            .values(kept_id=kept, number=number, name=name, gone=rows[gone], moved=moved, actor=actor)
            .returning(AccountMerge.id)
        )
    ).scalar_one()
    data = {"account_id": kept, "merge_id": merge_id, "number": number, "name": name}
    await tell(conn, "account.merged", actor, data, [kept])
    return merge_id


async def undo(conn: AsyncConnection, merge_id: int, *, actor: str, now: datetime) -> tuple[int, int]:
    """Take a merge apart: (the account that was kept, the one that is back).

    What moved goes back, unless it has moved on since; what came after the merge stays where it is.
    Raises NotFound when there is nothing to undo, and Conflict when the account has itself been merged
    into another (`merged_on`) or another one has the customer number by now (`number_taken`).
    """
    row = (
        await conn.execute(
            select(AccountMerge)
            .where(AccountMerge.id == merge_id, AccountMerge.undone_at.is_(None))
            .with_for_update()
        )
    ).first()
    if row is None:
        raise NotFound("no_merge", "There is no such merge, or it has been undone.")
    if row.kept_id != row.moved["kept"]:
        raise Conflict("merged_on", "The account has been merged into another since; undo that first.")
    if await conn.scalar(select(Account.id).where(Account.customer_number == row.number)):
        raise Conflict("number_taken", f"Customer number {row.number} belongs to another account by now.")
    kept, gone, moved = row.kept_id, int(row.gone["id"]), row.moved
    await _insert_back(conn, "accounts", [row.gone])
    for column in _references():
        (key,) = column.table.primary_key.columns
        ids = moved["rows"].get(f"{column.table.name}.{column.name}", [])
        if ids:
            await conn.execute(
                update(column.table).where(key.in_(ids), column == kept).values({column: gone})
            )
    for table, rows in moved["replaced"]["rows"].items():
        await _insert_back(conn, table, rows)
    for membership in moved["replaced"][_ROLES]:
        await conn.execute(
            update(Membership).where(Membership.id == membership["id"]).values(roles=membership[_ROLES])
        )
    await _give_back(conn, kept, row.gone, moved["before"])
    await conn.execute(update(AccountMerge).where(AccountMerge.id == merge_id).values(undone_at=now))
    data = {"account_id": kept, "merge_id": merge_id, "number": row.number, "name": row.name}
    await tell(conn, "account.unmerged", actor, data, [kept, gone])
    return kept, gone


async def split(
    conn: AsyncConnection,
    account_id: int,
    people: Collection[int],
    *,
    customer_number: str,
    name: str,
    city: str | None,
    actor: str,
) -> int:
    """Make an account of its own for some of an account's people; returns the new account.

    Their conversations about the account go with them; its orders stay. Raises NotFound when the
    account or one of the people is not there, and Conflict (`number_taken`).
    """
    if await conn.scalar(select(Account.id).where(Account.customer_number == customer_number)):
        raise Conflict("number_taken", f"There is an account with the number {customer_number} already.")
    present = await conn.execute(
        select(Membership.person_id).where(
            Membership.account_id == account_id, Membership.person_id.in_(people)
        )
    )
    if not people or {row.person_id for row in present} != set(people):
        raise NotFound("no_person", "Not all of these people belong to the account.")
    new: int = (
        await conn.execute(
            insert(Account)
            .values(customer_number=customer_number, name=name, city=city, source="console")
            .returning(Account.id)
        )
    ).scalar_one()
    for table in (Membership, IdentityLink, Conversation):
        await conn.execute(
            update(table)
            .where(table.account_id == account_id, table.person_id.in_(people))
            .values(account_id=new)
        )
    data = {"account_id": account_id, "new_account_id": new, "number": customer_number, "name": name}
    await tell(conn, "account.split", actor, data, [account_id, new])
    return new


async def standing(conn: AsyncConnection, account_id: int, limit: int = 20) -> list[Merged]:
    """The merges of an account that can be undone, latest first."""
    rows = await conn.execute(
        select(AccountMerge.id, AccountMerge.number, AccountMerge.name, AccountMerge.at, AccountMerge.actor)
        .where(AccountMerge.kept_id == account_id, AccountMerge.undone_at.is_(None))
        .order_by(AccountMerge.id.desc())
        .limit(limit)
    )
    return [Merged(**row._mapping) for row in rows]


async def survivor(conn: AsyncConnection, customer_number: str) -> int | None:
    """The account that a merged-away customer number belongs to now."""
    found: int | None = await conn.scalar(
        select(AccountMerge.kept_id)
        .where(AccountMerge.number == customer_number, AccountMerge.undone_at.is_(None))
        .order_by(AccountMerge.id.desc())
        .limit(1)
    )
    return found


async def numbered(conn: AsyncConnection, customer_number: str) -> int:
    """The account with this customer number. Raises NotFound."""
    found: int | None = await conn.scalar(
        select(Account.id).where(Account.customer_number == customer_number.strip())
    )
    if found is None:
        raise NotFound("no_account", f"There is no account with the customer number {customer_number}.")
    return found


async def _locked(conn: AsyncConnection, *ids: int) -> dict[int, dict[str, Any]]:
    """The accounts as JSON, locked in one order, so that two merges never wait for each other in a circle."""
    rows = await conn.execute(
        select(Account.id, func.to_jsonb(literal_column("accounts.*"), type_=JSONB).label("row"))
        .where(Account.id.in_(ids))
        .order_by(Account.id)
        .with_for_update()
    )
    found = {row.id: row.row for row in rows}
    if len(found) < len(ids):
        raise NotFound("no_account", "There is no such account.")
    return found


async def _take_over(conn: AsyncConnection, kept: dict[str, Any], gone: dict[str, Any]) -> dict[str, Any]:
    """Give the kept account what it lacks; returns what it had before."""
    brought = _brought(gone)
    joined = {
        name: [*kept[name], *(value for value in brought[name] if value not in kept[name])]
        for name in _JOINED
    }
    filled = {name: kept[name] or gone[name] for name in _FILLED}
    await conn.execute(update(Account).where(Account.id == kept["id"]).values(**joined, **filled))
    return {name: kept[name] for name in (*_JOINED, *_FILLED, "parent_id")}


def _brought(gone: dict[str, Any]) -> dict[str, list[str]]:
    """What the gone account adds to the kept one's lists; its name is still what people will call it."""
    return {name: gone[name] for name in _JOINED} | {"former_names": [*gone["former_names"], gone["name"]]}


async def _give_back(conn: AsyncConnection, kept: int, gone: dict[str, Any], before: dict[str, Any]) -> None:
    """Undo `_take_over`, and leave alone what somebody has changed since."""
    names = (*_JOINED, *_FILLED)
    columns = [getattr(Account, name) for name in names]
    now = (await conn.execute(select(*columns).where(Account.id == kept).with_for_update())).one()._mapping
    theirs = {name: set(values) - set(before[name]) for name, values in _brought(gone).items()}
    values = {name: [value for value in now[name] if value not in theirs[name]] for name in _JOINED}
    values |= {name: before[name] for name in _FILLED if not before[name] and now[name] == gone[name]}
    await conn.execute(
        update(Account).where(Account.id == kept).values(parent_id=before["parent_id"], **values)
    )


async def _replaced(conn: AsyncConnection, kept: int, gone: int) -> dict[str, Any]:
    """Take away what the kept account has already: people in both, links to both.

    Somebody in both keeps the roles of both. Returns the rows, and the roles as they were.
    """
    twice = select(Membership.person_id).where(Membership.account_id == kept)
    memberships = await _pop(
        conn, _MEMBERSHIPS, Membership.account_id == gone, Membership.person_id.in_(twice)
    )
    roles = []
    for row in memberships:
        theirs = Membership.account_id == kept, Membership.person_id == row["person_id"]
        present = (await conn.execute(select(Membership.id, Membership.roles).where(*theirs))).one()
        roles.append({"id": present.id, _ROLES: present.roles})
        both = [*present.roles, *(role for role in row[_ROLES] if role not in present.roles)]
        await conn.execute(update(Membership).where(*theirs).values(roles=both))
    other = _LINKS.alias("other")
    linked = select(other.c.id).where(
        other.c.account_id == kept,
        other.c.endpoint_id == _LINKS.c.endpoint_id,
        other.c.person_id.is_not_distinct_from(_LINKS.c.person_id),
    )
    links = await _pop(conn, _LINKS, IdentityLink.account_id == gone, linked.exists())
    return {"rows": {_MEMBERSHIPS.name: memberships, _LINKS.name: links}, _ROLES: roles}


async def _pop(conn: AsyncConnection, table: Table, *conditions: Any) -> list[dict[str, Any]]:
    rows = await conn.execute(
        delete(table)
        .where(*conditions)
        .returning(func.to_jsonb(literal_column(f"{table.name}.*"), type_=JSONB).label("row"))
    )
    return [row.row for row in rows]


async def _insert_back(conn: AsyncConnection, table: str, rows: list[dict[str, Any]]) -> None:
    """Insert rows from their JSON; one that something new has taken the place of stays away."""
    if rows:
        statement = text(
            f"INSERT INTO {table} SELECT * FROM jsonb_populate_recordset(NULL::{table}, :rows)"  # noqa: S608 - one of our own tables
            " ON CONFLICT DO NOTHING"
        )
        await conn.execute(statement.bindparams(bindparam("rows", rows, type_=JSONB)))
