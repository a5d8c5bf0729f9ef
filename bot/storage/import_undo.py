"""Taking an import back: what it added goes, what it changed or took away is as it was.

While an import runs, triggers write what each of its statements did into `import_changes`. A row that
somebody has changed since stays as they left it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound
from bot.storage.tables import AccountImport, Base

_KEPT = 5  # imports that can be undone, one after the other
_CHILDREN_FIRST = ("identity_links", "memberships", "endpoints", "people", "accounts")
_LOOK_AGAIN = ("changed", "synced_at")  # columns that only say when


@dataclass(frozen=True, slots=True)
class Undone:
    """The import that was taken back, and how many rows went, came back, and were left as changed since."""

    files: tuple[str, ...]
    removed: int
    restored: int
    left: int


async def begin(conn: AsyncConnection, files: Sequence[str]) -> int:
    """Start remembering what this transaction does; returns the import's id. Forgets the oldest import."""
    import_id: int = (
        await conn.execute(insert(AccountImport).values(files=list(files)).returning(AccountImport.id))
    ).scalar_one()
    await conn.execute(
        text("DELETE FROM account_imports WHERE id <= (SELECT max(id) FROM account_imports) - :kept"),
        {"kept": _KEPT},
    )
    await _remember(conn, str(import_id))
    return import_id


async def finish(conn: AsyncConnection, import_id: int, *, accounts: int, people: int) -> None:
    """Stop remembering."""
    await _remember(conn, "")
    await conn.execute(
        update(AccountImport).where(AccountImport.id == import_id).values(accounts=accounts, people=people)
    )


async def undo_last(conn: AsyncConnection) -> Undone:
    """Take the last import back that has not been. Raises NotFound when there is none."""
    row = (
        await conn.execute(
            select(AccountImport.id, AccountImport.files)
            .where(AccountImport.undone_at.is_(None))
            .order_by(AccountImport.id.desc())
            .limit(1)
            .with_for_update()
        )
    ).first()
    if row is None:
        raise NotFound("no_import", "There is no import that could be undone.")
    removed = restored = left = 0
    for relation in _CHILDREN_FIRST:
        removed += await _remove(conn, row.id, relation)
    for relation in reversed(_CHILDREN_FIRST):
        restored += await _bring_back(conn, row.id, relation)
        mended, kept = await _mend(conn, row.id, relation)
        restored += mended
        left += kept
    await conn.execute(update(AccountImport).where(AccountImport.id == row.id).values(undone_at=func.now()))
    return Undone(tuple(row.files), removed, restored, left)


async def _remember(conn: AsyncConnection, import_id: str) -> None:
    await conn.execute(text("SELECT set_config('bauruf.import', :id, true)"), {"id": import_id})


async def _remove(conn: AsyncConnection, import_id: int, relation: str) -> int:
    """Rows the import added, unless it took them away itself."""
    result = await conn.execute(
        text(
            f"DELETE FROM {relation} WHERE id IN (SELECT unnest(inserted) FROM import_changes"  # noqa: S608 - our own tables
            " WHERE import_id = :id AND relation = :relation)"
        ),
        {"id": import_id, "relation": relation},
    )
    return result.rowcount


async def _bring_back(conn: AsyncConnection, import_id: int, relation: str) -> int:
    """Rows the import took away, as they were before its first change; where they still have a place."""
    result = await conn.execute(
        text(
            f"""
            INSERT INTO {relation}
            SELECT old.* FROM (
                SELECT DISTINCT ON (c.before -> 'id') c.before, bool_or(c.after IS NULL)
                    OVER (PARTITION BY c.before -> 'id') AS gone
                FROM import_changes AS c
                WHERE c.import_id = :id AND c.relation = :relation AND c.before IS NOT NULL
                AND NOT EXISTS (
                    SELECT FROM import_changes AS new WHERE new.import_id = :id AND new.relation = :relation
                    AND (c.before ->> 'id')::bigint = ANY(new.inserted))
                ORDER BY c.before -> 'id', c.id
            ) AS first, jsonb_populate_record(NULL::{relation}, first.before) AS old
            WHERE first.gone
            ON CONFLICT DO NOTHING
            """  # noqa: S608 - our own tables
        ),
        {"id": import_id, "relation": relation},
    )
    return result.rowcount


async def _mend(conn: AsyncConnection, import_id: int, relation: str) -> tuple[int, int]:
    """Give changed rows their former values; returns how many, and how many had been changed since."""
    columns = [
        column.name
        for column in Base.metadata.tables[relation].columns
        if column.name not in ("id", *_LOOK_AGAIN)
    ]
    listed = ", ".join(columns)
    olds = ", ".join(f"old.{column}" for column in columns)
    when = "'{" + ",".join(_LOOK_AGAIN) + "}'::text[]"
    first_and_last = """
        SELECT DISTINCT ON (c.before -> 'id') (c.before ->> 'id')::bigint AS id, c.before,
            last_value(c.after) OVER (PARTITION BY c.before -> 'id' ORDER BY c.id
                ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS after
        FROM import_changes AS c
        WHERE c.import_id = :id AND c.relation = :relation AND c.after IS NOT NULL
        ORDER BY c.before -> 'id', c.id
    """
    values = {"id": import_id, "relation": relation}
    result = await conn.execute(
        text(
            f"""
            UPDATE {relation} AS t SET ({listed}) = ROW({olds})
            FROM ({first_and_last}) AS one, jsonb_populate_record(NULL::{relation}, one.before) AS old
            WHERE t.id = one.id AND to_jsonb(t) - {when} = one.after - {when}
            """  # noqa: S608 - our own tables and columns
        ),
        values,
    )
    different = await conn.execute(
        text(
            f"""
            SELECT count(*) FROM ({first_and_last}) AS one JOIN {relation} AS t ON t.id = one.id
            WHERE to_jsonb(t) - {when} <> one.before - {when}
            """  # noqa: S608 - our own tables and columns
        ),
        values,
    )
    return result.rowcount, int(different.scalar_one())
