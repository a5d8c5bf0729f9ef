"""What admins changed in the corpus: examples and intents, laid over what was shipped."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import Agent, Answer, Example, Intent, Review
from nlu.overlay import Change, key_of


@dataclass(frozen=True, slots=True)
class Changed:
    """One changed text, with who changed it and where it came from."""

    key: str
    change: Change
    source: str
    by: str | None
    at: datetime


_EXAMPLES = select(
    Example.key,
    Example.text,
    Example.intent,
    Example.language,
    Example.removed,
    Example.urgency,
    Example.complex,
    Example.entities,
    Example.source,
    Agent.name.label("agent"),
    Example.created_at,
).outerjoin(Agent, Agent.id == Example.agent_id)


def _changed(row: Any) -> Changed:
    change = Change(
        row.text,
        row.intent,
        row.language,
        row.removed,
        row.source,
        row.urgency,
        row.complex,
        tuple((e["entity"], e["value"], e["start"], e["end"]) for e in row.entities),
    )
    return Changed(row.key, change, row.source, row.agent, row.created_at)


async def lock(conn: AsyncConnection) -> None:
    """Let nobody else change the corpus until the caller's transaction ends."""
    await conn.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('bauruf:corpus', 0))"))


async def changes(conn: AsyncConnection) -> list[Changed]:
    """All changed texts, oldest first."""
    rows = await conn.execute(_EXAMPLES.order_by(Example.created_at, Example.key))
    return [_changed(row) for row in rows]


_STAMP = text("SELECT count(*) AS texts, coalesce(max(xmin::text::bigint), 0) AS newest FROM examples")


async def stamp(conn: AsyncConnection) -> tuple[int, int]:
    """What changes whenever a text is changed: how many there are, and the newest writing transaction."""
    row = (await conn.execute(_STAMP)).one()
    return row.texts, row.newest


async def find(conn: AsyncConnection, keys: Collection[str]) -> dict[str, Changed]:
    """These texts, as far as they were changed."""
    rows = await conn.execute(_EXAMPLES.where(Example.key.in_(keys)))
    return {row.key: _changed(row) for row in rows}


async def intents(conn: AsyncConnection) -> dict[str, bool]:
    """Intents that admins added (True) or removed (False)."""
    return {row.name: not row.removed for row in await conn.execute(select(Intent.name, Intent.removed))}


async def put(
    conn: AsyncConnection, changes: Sequence[Change], *, source: str, agent_id: int | None, now: datetime
) -> None:
    """Write changes; each replaces what was changed of the same text before."""
    if not changes:
        return
    rows = [
        {
            "key": key_of(change.text),
            "text": change.text,
            "intent": change.intent,
            "language": change.language,
            "entities": [
                {"entity": name, "value": value, "start": start, "end": end}
                for name, value, start, end in change.entities
            ],
            "urgency": change.urgency,
            "complex": change.complex,
            "removed": change.removed,
            "source": source,
            "agent_id": agent_id,
            "created_at": now,
        }
        for change in {key_of(change.text): change for change in changes}.values()
    ]
    statement = upsert(Example)
    columns = [name for name in rows[0] if name != "key"]
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=["key"], set_={name: statement.excluded[name] for name in columns}
        ),
        rows,
    )


async def drop(conn: AsyncConnection, keys: Collection[str]) -> int:
    """Take changes back: what was shipped counts again. Returns how many there were."""
    result = await conn.execute(delete(Example).where(Example.key.in_(keys)).returning(Example.key))
    return len(result.all())


async def put_intent(
    conn: AsyncConnection, name: str, *, removed: bool, agent_id: int | None, now: datetime
) -> None:
    """Add an intent, or remove one."""
    values = {"removed": removed, "agent_id": agent_id, "at": now}
    await conn.execute(
        upsert(Intent).values(name=name, **values).on_conflict_do_update(index_elements=["name"], set_=values)
    )


async def rename_intent(
    conn: AsyncConnection, name: str, new: str, *, agent_id: int | None, now: datetime
) -> None:
    """Give an added intent another name, everywhere it is written down but in what was understood before."""
    await put_intent(conn, new, removed=False, agent_id=agent_id, now=now)
    await put_intent(conn, name, removed=True, agent_id=agent_id, now=now)
    await conn.execute(update(Example).where(Example.intent == name).values(intent=new))
    await conn.execute(update(Review).where(Review.intent == name).values(intent=new))
    columns = [Answer.language, Answer.version, Answer.text, Answer.agent_id, Answer.at]
    words = select(literal(new), *columns).where(Answer.key == name)
    await conn.execute(insert(Answer).from_select(["key", *(column.key for column in columns)], words))


async def drop_intent(conn: AsyncConnection, name: str) -> None:
    """Take back that an intent was added or removed."""
    await conn.execute(delete(Intent).where(Intent.name == name))
