"""Files of messages: waiting to be fetched, stored, or failed with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Kind, MediaSource
from bot.storage.tables import Endpoint, Media, Message


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that is stored already and belongs to an outgoing message."""

    kind: Kind
    path: str
    mime: str
    filename: str
    size: int


@dataclass(frozen=True, slots=True)
class Unfetched:
    """A file that waits to be fetched from its channel."""

    id: int
    message_id: int
    conversation_id: int
    channel: str
    source: MediaSource
    attempts: int


@dataclass(frozen=True, slots=True)
class StoredMedia:
    """A stored file, ready to be shown. `path` is relative to the media directory."""

    id: int
    endpoint_id: int
    kind: str
    path: str
    mime: str
    filename: str
    size: int


async def expect(conn: AsyncConnection, message_id: int, sources: Sequence[MediaSource]) -> list[int]:
    """Note the files of an inbound message; returns the ids of those that have to be fetched."""
    rows = [
        {
            "message_id": message_id,
            "kind": source.kind.value,
            "mime": source.mime,
            "filename": source.filename,
            "size": source.size,
            "source": {"reference": source.reference} if source.reference else {},
            "state": "stored" if source.local else "waiting",
            "path": source.local,
        }
        for source in sources
    ]
    result = await conn.execute(
        insert(Media).returning(Media.id, Media.state, sort_by_parameter_order=True), rows
    )
    return [row.id for row in result if row.state == "waiting"]


async def attach(conn: AsyncConnection, message_id: int, files: Sequence[NewFile]) -> list[int]:
    """Note the files of an outgoing message; returns their ids in order."""
    rows = [
        {**asdict(file), "kind": file.kind.value, "message_id": message_id, "source": {}, "state": "stored"}
        for file in files
    ]
    result = await conn.execute(insert(Media).returning(Media.id, sort_by_parameter_order=True), rows)
    return [row.id for row in result]


async def unfetched(conn: AsyncConnection, media_id: int) -> Unfetched | None:
    """A file that still waits; None when it has been dealt with or its message is gone."""
    row = (
        await conn.execute(
            select(
                Media.id,
                Media.message_id,
                Message.conversation_id,
                Endpoint.channel,
                Media.kind,
                Media.mime,
                Media.filename,
                Media.size,
                Media.source,
                Media.attempts,
            )
            .join(Message, Message.id == Media.message_id)
            .join(Endpoint, Endpoint.id == Message.endpoint_id)
            .where(Media.id == media_id, Media.state == "waiting")
        )
    ).first()
    if row is None:
        return None
    source = MediaSource(
        Kind(row.kind), row.mime, row.filename, row.size, reference=row.source.get("reference")
    )
    return Unfetched(row.id, row.message_id, row.conversation_id, row.channel, source, row.attempts)


async def settle(conn: AsyncConnection, media_id: int, **values: Any) -> None:
    """Write what became of a file: state, problem, path, mime, filename, size, attempts."""
    await conn.execute(update(Media).where(Media.id == media_id).values(**values))


async def stored(conn: AsyncConnection, media_id: int) -> StoredMedia | None:
    """A stored file with the endpoint it belongs to; None when there is none to show."""
    row = (
        await conn.execute(
            select(
                Media.id,
                Message.endpoint_id,
                Media.kind,
                Media.path,
                Media.mime,
                Media.filename,
                Media.size,
            )
            .join(Message, Message.id == Media.message_id)
            .where(Media.id == media_id, Media.state == "stored")
        )
    ).first()
    if row is None:
        return None
    return StoredMedia(
        row.id,
        row.endpoint_id,
        row.kind,
        row.path,
        row.mime or "application/octet-stream",
        row.filename or "file",
        row.size or 0,
    )


async def forgotten(conn: AsyncConnection, older_than: datetime, limit: int = 200) -> list[int]:
    """Files whose message came before `older_than` and that nobody has fetched: a lost job."""
    rows = await conn.execute(
        select(Media.id)
        .join(Message, Message.id == Media.message_id)
        .where(Media.state == "waiting", Message.at < older_than)
        .order_by(Media.id)
        .limit(limit)
    )
    return [row.id for row in rows]


async def paths_of_address(conn: AsyncConnection, channel: str, address: str) -> list[str]:
    """The stored files of everything said over an address, except the library's documents."""
    rows = await conn.execute(
        select(Media.path)
        .join(Message, Message.id == Media.message_id)
        .join(Endpoint, Endpoint.id == Message.endpoint_id)
        .where(Endpoint.channel == channel, Endpoint.address == address, Media.path.is_not(None))
    )
    return [row.path for row in rows if not row.path.startswith("library/")]
