"""What admins changed of the names of device families, laid over those that were shipped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import tables
from nlu.overlay import FamilyName


async def names(conn: AsyncConnection) -> list[FamilyName]:
    """All changes, in the order of families and names."""
    table = tables.FamilyName
    rows = await conn.execute(
        select(table.family, table.name, table.removed).order_by(table.family, table.key)
    )
    return [FamilyName(row.family, row.name, row.removed) for row in rows]


async def put(
    conn: AsyncConnection, names: Sequence[FamilyName], *, agent_id: int | None, now: datetime
) -> None:
    """Write changes; each replaces what was changed of the same name before."""
    if not names:
        return
    rows = {
        (one.family, one.name.casefold()): {
            "family": one.family,
            "key": one.name.casefold(),
            "name": one.name,
            "removed": one.removed,
            "agent_id": agent_id,
            "at": now,
        }
        for one in names
    }
    statement = upsert(tables.FamilyName)
    changed = {name: statement.excluded[name] for name in ("name", "removed", "agent_id", "at")}
    await conn.execute(
        statement.on_conflict_do_update(index_elements=["family", "key"], set_=changed), list(rows.values())
    )


async def drop(conn: AsyncConnection, family: str, name: str) -> None:
    """Take a change back: what was shipped counts again."""
    table = tables.FamilyName
    await conn.execute(delete(table).where(table.family == family, table.key == name.casefold()))


async def articles(conn: AsyncConnection) -> dict[str, int]:
    """How many articles each family of devices has, spare parts left out."""
    article = tables.Article
    rows = await conn.execute(
        select(article.family, func.count().label("articles"))
        .where(article.spare_for == [])
        .group_by(article.family)
    )
    return {row.family: row.articles for row in rows}
