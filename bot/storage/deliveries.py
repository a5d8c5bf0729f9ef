"""The outbound queue: parts in order, one at a time per endpoint, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import (
    ColumnElement,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Delivery, Part
from bot.storage import reports
from bot.storage.database import Connection, run_for_one
from bot.storage.tables import (
    DeliveryPart,
    Endpoint,
)

# Spelled out and not bound, so that every plan can see that the partial index fits.
_OPEN: tuple[ColumnElement[str], ...] = (literal_column("'queued'"), literal_column("'sending'"))


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A stored file of a part; `path` is relative to the media directory."""

    media_id: int
    path: PurePosixPath
    mime: str
    filename: str
    size: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """A part this drain is about to send. `stale` means: written under an older epoch, don't. `more`
    means that others wait behind it.
    """

    id: int
    channel: str
    address: str
    scoped_id: str | None
    body: Mapping[str, Any]
    file: StoredFile | None
    message_id: int
    conversation_id: int
    attempts: int
    first_tried_at: datetime
    stale: bool
    more: bool


async def queue(
    conn: AsyncConnection, parts: Sequence[Part], *, endpoint_id: int, message_id: int, epoch: int | None
) -> None:
    """Append the parts of one message to the queue."""
    rows = [
        {
            "endpoint_id": endpoint_id,
            "message_id": message_id,
            "media_id": part.media_id,
            "body": dict(part.body),
            "epoch": epoch,
        }
        for part in parts
    ]
    await conn.execute(_QUEUE, rows)


# Built once: putting a statement together costs more than running it.
_QUEUE = insert(DeliveryPart)
_CLAIM = """
    UPDATE deliveries AS part
    SET state = 'sending', attempts = part.attempts + 1, resent = part.resent OR part.state = 'sending'
    FROM endpoints, messages, conversations
    WHERE part.id = (
            SELECT deliveries.id
            FROM deliveries JOIN endpoints ON endpoints.id = deliveries.endpoint_id
            WHERE endpoints.thread = %(thread)s AND deliveries.state IN ('queued', 'sending')
            ORDER BY deliveries.id LIMIT 1
        )
        AND (part.not_before IS NULL OR part.not_before <= %(now)s)
        AND endpoints.id = part.endpoint_id
        AND messages.id = part.message_id
        AND conversations.id = messages.conversation_id
    RETURNING part.id, endpoints.channel, endpoints.address, endpoints.scoped_id, part.body, part.media_id,
        part.message_id, messages.conversation_id, part.attempts, part.created_at,
        part.epoch IS NOT NULL AND part.epoch <> conversations.epoch AS stale,
        EXISTS (
            SELECT FROM deliveries AS behind
            WHERE behind.endpoint_id = part.endpoint_id AND behind.id > part.id
                AND behind.state IN ('queued', 'sending')
        ) AS more"""


async def claim(conn: Connection, thread: str, now: datetime) -> Claimed | None:
    """Mark the thread's next part as `sending` and return it; None when nothing is due.

    A part found in `sending` was left behind by a crash: it may have gone out, so it is flagged.
    The first open part decides: one that waits for its time holds back those behind it.
    """
    row = await run_for_one(conn, _CLAIM, {"thread": thread, "now": now})
    if row is None:
        return None
    file = await _file(conn, row.media_id) if row.media_id is not None else None
    return Claimed(
        row.id,
        row.channel,
        row.address,
        row.scoped_id,
        row.body,
        file,
        row.message_id,
        row.conversation_id,
        row.attempts,
        row.created_at,
        row.stale,
        row.more,
    )


_FILE = "SELECT id, path, mime, filename, size FROM media WHERE id = %(id)s"


async def _file(conn: Connection, media_id: int) -> StoredFile | None:
    row = await run_for_one(conn, _FILE, {"id": media_id})
    if row is None or row.path is None:
        return None
    return StoredFile(
        row.id,
        PurePosixPath(row.path),
        row.mime or "application/octet-stream",
        row.filename or "file",
        row.size or 0,
    )


_SETTLE = """
    WITH settled AS (
        UPDATE deliveries
        SET state = %(state)s, error_code = %(code)s, error = %(plain)s, not_before = %(not_before)s,
            resent = resent OR %(resent)s, sent_at = coalesce(%(sent_at)s, sent_at),
            provider_id = coalesce(%(provider_id)s, provider_id)
        WHERE id = %(id)s
        RETURNING endpoint_id, message_id
    ), noted AS (
        INSERT INTO events (conversation_id, message_id, kind, actor)
        SELECT messages.conversation_id, messages.id, 'delivery.changed', 'system'
        FROM settled JOIN messages ON messages.id = settled.message_id
    )
    SELECT EXISTS (SELECT FROM inbox WHERE thread = endpoints.thread AND state = 'waiting') AS heard
    FROM settled JOIN endpoints ON endpoints.id = settled.endpoint_id"""


async def settle(
    conn: Connection,
    delivery_id: int,
    state: Delivery,
    *,
    provider_id: str | None = None,
    code: str | None = None,
    plain: str | None = None,
    not_before: datetime | None = None,
    resent: bool = False,
    now: datetime,
) -> bool:
    """Write what became of a part; returns whether new messages wait on its thread.

    One statement, so that it is a transaction of its own where the caller has none.
    """
    told = {
        "id": delivery_id,
        "state": state.value,
        "code": code,
        "plain": plain,
        "not_before": not_before,
        "resent": resent,
        "sent_at": now if state is Delivery.SENT else None,
        "provider_id": provider_id,
    }
    row = await run_for_one(conn, _SETTLE, told)
    return row is not None and row.heard


async def settle_reported(
    conn: AsyncConnection, delivery_id: int, provider_id: str, *, now: datetime
) -> bool:
    """The same for a part that was sent over a channel that reports on it.

    Its reports may have come before its id was known to us; those are applied now.
    """
    await reports.alone_with(conn, provider_id)
    heard = await settle(conn, delivery_id, Delivery.SENT, provider_id=provider_id, now=now)
    await reports.apply_early(conn, provider_id)
    return heard


async def requeue(conn: AsyncConnection, provider_id: str, not_before: datetime) -> str | None:
    """Put a part that the provider gave up on for now back into the queue; returns its thread."""
    statement = (
        update(DeliveryPart)
        .where(DeliveryPart.provider_id == provider_id, Endpoint.id == DeliveryPart.endpoint_id)
        .values(state=Delivery.QUEUED.value, provider_id=None, not_before=not_before)
        .returning(Endpoint.thread)
    )
    return (await conn.execute(statement)).scalar()


async def retry_message(conn: AsyncConnection, message_id: int) -> bool:
    """Queue the failed parts of a message again; False when none had failed."""
    result = await conn.execute(
        update(DeliveryPart)
        .where(DeliveryPart.message_id == message_id, DeliveryPart.state == Delivery.FAILED.value)
        .values(
            state=Delivery.QUEUED.value,
            provider_id=None,
            not_before=None,
            error=None,
            error_code=None,
            attempts=0,
            created_at=func.now(),
        )
    )
    return result.rowcount > 0


async def move_endpoint(conn: AsyncConnection, channel: str, old: str, new: str) -> None:
    """The provider gave an endpoint a new address."""
    await conn.execute(
        update(Endpoint).where(Endpoint.channel == channel, Endpoint.address == old).values(address=new)
    )


async def block_endpoint(conn: AsyncConnection, channel: str, address: str) -> None:
    """The provider says that this endpoint does not want to hear from us. Its next message lifts it."""
    await conn.execute(
        update(Endpoint).where(Endpoint.channel == channel, Endpoint.address == address).values(blocked=True)
    )


async def forgotten_threads(conn: AsyncConnection, older_than: datetime, limit: int = 500) -> list[str]:
    """Threads with parts that were due before `older_than` and still lie there: a lost wake-up."""
    due = func.coalesce(DeliveryPart.not_before, DeliveryPart.created_at)
    rows = await conn.execute(
        select(Endpoint.thread)
        .join(DeliveryPart, DeliveryPart.endpoint_id == Endpoint.id)
        .where(DeliveryPart.state.in_(_OPEN), due < older_than)
        .distinct()
        .limit(limit)
    )
    return [row.thread for row in rows]
