"""The inbox: every provider call once, byte for byte, before it is acknowledged."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb
from pydantic import TypeAdapter
from sqlalchemy import ARRAY, BigInteger, any_, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Inbound
from bot.storage import wakeups
from bot.storage.database import Connection, run
from bot.storage.tables import InboxItem

_INBOUND = TypeAdapter(Inbound)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One provider call. Without `inbound` it goes to quarantine, with its `reason` (no user text in it).

    `provider_id` is unique per channel; where the provider gives none it is "sha256:<hex of raw>".
    """

    channel: str
    provider_id: str
    raw: bytes
    inbound: Inbound | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stored message nobody has looked at yet."""

    id: int
    inbound: Inbound
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A provider call that could not be read."""

    id: int
    channel: str
    provider_id: str
    reason: str
    received_at: datetime
    raw: bytes


def _storable(value: Any) -> Any:
    """PostgreSQL's text and jsonb hold no NUL and no lone surrogate; both become U+FFFD."""
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {key: _storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_storable(item) for item in value]
    return value


def _row(arrival: Arrival) -> dict[str, Any]:
    inbound = arrival.inbound
    return {
        "channel": arrival.channel,
        "provider_id": _storable(arrival.provider_id),
        "thread": _storable(inbound.sender.thread) if inbound else None,
        "raw": arrival.raw,
        "inbound": _storable(_INBOUND.dump_python(inbound, mode="json")) if inbound else None,
        "state": "waiting" if inbound else "quarantined",
        "reason": arrival.reason,
    }


# Built once: putting a statement together costs more than running it.
_STORE = f"""
    WITH stored AS (
        INSERT INTO inbox (channel, provider_id, thread, raw, inbound, state, reason)
        SELECT channel, provider_id, thread, decode(raw, 'base64'), inbound, state, reason
        FROM ROWS FROM (jsonb_to_recordset(%(calls)s) AS (
            channel text, provider_id text, thread text, raw text, inbound jsonb, state text, reason text
        )) WITH ORDINALITY AS came (channel, provider_id, thread, raw, inbound, state, reason, place)
        ORDER BY place
        ON CONFLICT (channel, provider_id) DO NOTHING
        RETURNING channel, provider_id, thread
    ), asleep AS (
        SELECT DISTINCT thread FROM stored WHERE thread IS NOT NULL
    ), woken AS ({wakeups.INSERT}
    )
    SELECT channel, provider_id FROM stored"""  # noqa: S608 - a constant
_WAITING = """
    SELECT id, inbound, received_at FROM inbox
    WHERE thread = %(thread)s AND state = 'waiting' ORDER BY id LIMIT %(limit)s"""
_DONE = (
    update(InboxItem)
    .where(InboxItem.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
    .values(state="done")
)


async def store(conn: Connection, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Store each call unless it is known already, and wake the threads of the new ones; returns those,
    in order. One statement, so that it is a transaction of its own where the caller has none.
    """
    # As JSON, because the driver takes ten times as long for arrays.
    calls = [{**_row(arrival), "raw": b64encode(arrival.raw).decode()} for arrival in arrivals]
    new = {(row.channel, row.provider_id) for row in await run(conn, _STORE, {"calls": Jsonb(calls)})}
    fresh: list[Arrival] = []
    for arrival in arrivals:
        key = (arrival.channel, _storable(arrival.provider_id))
        if key in new:
            new.discard(key)
            fresh.append(arrival)
    return fresh


async def waiting(conn: Connection, thread: str, limit: int = 50) -> list[Waiting]:
    """The messages of one thread that wait for their turn, oldest first."""
    rows = await run(conn, _WAITING, {"thread": thread, "limit": limit})
    return [Waiting(row.id, _INBOUND.validate_python(row.inbound), row.received_at) for row in rows]


async def mark_done(conn: AsyncConnection, ids: Sequence[int]) -> None:
    """Mark items as taken into the conversation."""
    await conn.execute(_DONE, {"ids": list(ids)})


async def quarantined(conn: AsyncConnection, limit: int = 200) -> list[Quarantined]:
    """What waits in quarantine, newest first."""
    rows = await conn.execute(
        select(InboxItem).where(InboxItem.state == "quarantined").order_by(InboxItem.id.desc()).limit(limit)
    )
    return [Quarantined(r.id, r.channel, r.provider_id, r.reason or "", r.received_at, r.raw) for r in rows]


async def quarantined_item(conn: AsyncConnection, item_id: int) -> Quarantined | None:
    """One quarantined call, locked for the caller's transaction; None if it is not in quarantine."""
    row = (
        await conn.execute(
            select(InboxItem)
            .where(InboxItem.id == item_id, InboxItem.state == "quarantined")
            .with_for_update()
        )
    ).first()
    if row is None:
        return None
    return Quarantined(row.id, row.channel, row.provider_id, row.reason or "", row.received_at, row.raw)


async def take_up(conn: AsyncConnection, item_id: int, arrival: Arrival) -> None:
    """Replace what a quarantined call was understood as; it waits for its turn if it can be read now.

    It then stands under its provider's id, so that the provider's repeat has no effect; if that has
    come already, there is nothing left to take up.
    """
    row = _row(arrival)
    repeated = select(InboxItem.id).where(
        InboxItem.channel == row["channel"],
        InboxItem.provider_id == row["provider_id"],
        InboxItem.id != item_id,
    )
    if (await conn.execute(repeated)).first() is not None:
        await conn.execute(delete(InboxItem).where(InboxItem.id == item_id))
        return
    taken = ("provider_id", "inbound", "thread", "state", "reason")
    await conn.execute(
        update(InboxItem).where(InboxItem.id == item_id).values({name: row[name] for name in taken})
    )


async def forgotten_threads(conn: AsyncConnection, older_than: datetime, limit: int = 500) -> list[str]:
    """Threads whose messages have waited since before `older_than`: a lost wake-up, to be repeated."""
    rows = await conn.execute(
        select(InboxItem.thread)
        .where(InboxItem.state == "waiting", InboxItem.received_at < older_than)
        .distinct()
        .limit(limit)
    )
    return [row.thread for row in rows if row.thread is not None]


async def forget_raw(conn: AsyncConnection, before: datetime) -> int:
    """Delete finished provider calls older than `before`; returns how many.

    Their messages stay. A provider repeats a call for a day at most, so `before` must be older.
    """
    result = await conn.execute(
        delete(InboxItem).where(InboxItem.received_at < before, InboxItem.state == "done")
    )
    return result.rowcount


async def forget_thread(conn: AsyncConnection, thread: str) -> None:
    """Delete all that a thread's provider calls said."""
    await conn.execute(delete(InboxItem).where(InboxItem.thread == thread))
