"""The outbound queue: parts in order, one at a time per endpoint, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Text,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from bot.messages import Delivery, Part
from bot.storage import reports
from bot.storage.tables import (
    Conversation,
    DeliveryPart,
    Endpoint,
    Media,
    Message,
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
_FIRST = (
    select(DeliveryPart.id)
    .join(Endpoint, Endpoint.id == DeliveryPart.endpoint_id)
    .where(Endpoint.thread == bindparam("thread"), DeliveryPart.state.in_(_OPEN))
    .order_by(DeliveryPart.id)
    .limit(1)
    .scalar_subquery()
)
_BEHIND = aliased(DeliveryPart)
_CLAIM = (
    update(DeliveryPart)
    .where(
        DeliveryPart.id == _FIRST,
        or_(DeliveryPart.not_before.is_(None), DeliveryPart.not_before <= bindparam("now")),
        Endpoint.id == DeliveryPart.endpoint_id,
        Message.id == DeliveryPart.message_id,
        Conversation.id == Message.conversation_id,
    )
    .values(
        state=Delivery.SENDING.value,
        attempts=DeliveryPart.attempts + 1,
        resent=or_(DeliveryPart.resent, DeliveryPart.state == Delivery.SENDING.value),
    )
    .returning(
        DeliveryPart.id,
        Endpoint.channel,
        Endpoint.address,
        Endpoint.scoped_id,
        DeliveryPart.body,
        DeliveryPart.media_id,
        DeliveryPart.message_id,
        Message.conversation_id,
        DeliveryPart.attempts,
        DeliveryPart.created_at,
        and_(DeliveryPart.epoch.is_not(None), DeliveryPart.epoch != Conversation.epoch).label("stale"),
        exists()
        .where(
            _BEHIND.endpoint_id == DeliveryPart.endpoint_id,
            _BEHIND.id > DeliveryPart.id,
            _BEHIND.state.in_(_OPEN),
        )
        .label("more"),
    )
)


async def claim(conn: AsyncConnection, thread: str, now: datetime) -> Claimed | None:
    """Mark the thread's next part as `sending` and return it; None when nothing is due.

    A part found in `sending` was left behind by a crash: it may have gone out, so it is flagged.
    The first open part decides: one that waits for its time holds back those behind it.
    """
    row = (await conn.execute(_CLAIM, {"thread": thread, "now": now})).first()
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
        bool(row.stale),
        row.more,
    )


async def _file(conn: AsyncConnection, media_id: int) -> StoredFile | None:
    row = (await conn.execute(select(Media).where(Media.id == media_id))).first()
    if row is None or row.path is None:
        return None
    return StoredFile(
        row.id,
        PurePosixPath(row.path),
        row.mime or "application/octet-stream",
        row.filename or "file",
        row.size or 0,
    )


_SETTLE = (
    update(DeliveryPart)
    .where(DeliveryPart.id == bindparam("this"))
    .values(
        state=bindparam("state"),
        error_code=bindparam("error_code"),
        error=bindparam("error"),
        not_before=bindparam("not_before"),
        resent=or_(DeliveryPart.resent, bindparam("resent")),
        sent_at=func.coalesce(bindparam("sent_at", type_=DateTime(timezone=True)), DeliveryPart.sent_at),
        provider_id=func.coalesce(bindparam("provider_id", type_=Text), DeliveryPart.provider_id),
    )
)


async def settle(
    conn: AsyncConnection,
    delivery_id: int,
    state: Delivery,
    *,
    provider_id: str | None = None,
    code: str | None = None,
    plain: str | None = None,
    not_before: datetime | None = None,
    resent: bool = False,
    reported: bool = True,
    now: datetime,
) -> None:
    """Write what became of a part.

    With `reported`, the provider's reports may have come before its id was known to us; those are
    applied now.
    """
    early = provider_id if reported else None
    if early is not None:
        await reports.alone_with(conn, early)
    await conn.execute(
        _SETTLE,
        {
            "this": delivery_id,
            "state": state.value,
            "error_code": code,
            "error": plain,
            "not_before": not_before,
            "resent": resent,
            "sent_at": now if state is Delivery.SENT else None,
            "provider_id": provider_id,
        },
    )
    if early is not None:
        await reports.apply_early(conn, early)


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
