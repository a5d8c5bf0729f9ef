"""What only the operator can mend: one row a problem, shown until it is gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import events
from bot.storage.tables import Notice


@dataclass(frozen=True, slots=True)
class StandingNotice:
    """A problem that stands, since when."""

    key: str
    text: str
    since: datetime


async def show(conn: AsyncConnection, key: str, text: str) -> None:
    """Raise or reword a notice; an unchanged one writes nothing."""
    statement = (
        insert(Notice)
        .values(key=key, text=text)
        .on_conflict_do_update(index_elements=["key"], set_={"text": text}, where=Notice.text != text)
        .returning(Notice.key)
    )
    if (await conn.execute(statement)).first():
        await events.append(conn, kind="notice.changed", actor="system", data={"key": key})


async def clear(conn: AsyncConnection, key: str) -> None:
    """Take a notice down; does nothing when there is none."""
    if (await conn.execute(delete(Notice).where(Notice.key == key).returning(Notice.key))).first():
        await events.append(conn, kind="notice.changed", actor="system", data={"key": key})


async def standing(conn: AsyncConnection) -> list[StandingNotice]:
    """All notices, oldest first."""
    rows = await conn.execute(select(Notice).order_by(Notice.since))
    return [StandingNotice(row.key, row.text, row.since) for row in rows]
