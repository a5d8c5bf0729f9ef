"""Fetching the files of messages, in the background, capped, and stored under the data directory."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channel import Channel, FetchedMedia, MediaRefused, RetryLater
from bot.jobs import Jobs
from bot.storage import events, media
from bot.storage.database import Database
from bot.storage.media import Unfetched

log = structlog.get_logger(__name__)

_TRIES = 6


class MediaFetch:
    """Fetches one file per job."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        jobs: Jobs,
        media_dir: Path,
        max_bytes: int,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._channels = channels
        self._jobs = jobs
        self._media_dir = media_dir
        self._max_bytes = max_bytes
        self._clock = clock

    async def __call__(self, media_id: int) -> None:
        """Fetch a file unless that has been done; a passing failure is tried again later."""
        async with self._database.read() as conn:
            waiting = await media.unfetched(conn, media_id)
        if waiting is None:
            return
        try:
            fetched = await self._fetch(waiting)
        except MediaRefused as refused:
            await self._failed(waiting, str(refused))
        except RetryLater as later:
            await self._again(waiting, later)
        else:
            await self._store(waiting, fetched)

    async def _fetch(self, waiting: Unfetched) -> FetchedMedia:
        channel = self._channels.get(waiting.channel)
        if channel is None:
            raise MediaRefused("The channel is not connected any more.")
        if waiting.source.size is not None and waiting.source.size > self._max_bytes:
            raise MediaRefused(f"Larger than {self._max_bytes // 1_000_000} MB.")
        fetched = await channel.fetch(waiting.source)
        if len(fetched.content) > self._max_bytes:
            raise MediaRefused(f"Larger than {self._max_bytes // 1_000_000} MB.")
        return fetched

    async def _store(self, waiting: Unfetched, fetched: FetchedMedia) -> None:
        name = await asyncio.to_thread(store_file, self._media_dir, fetched.content)
        async with self._database.begin() as conn:
            await media.settle(
                conn,
                waiting.id,
                state="stored",
                path=name,
                mime=fetched.mime or waiting.source.mime,
                filename=waiting.source.filename or fetched.filename,
                size=len(fetched.content),
                problem=None,
            )
            await _changed(conn, waiting)

    async def _failed(self, waiting: Unfetched, problem: str) -> None:
        log.warning("file not fetched", channel=waiting.channel, media=waiting.id)
        async with self._database.begin() as conn:
            await media.settle(conn, waiting.id, state="failed", problem=problem)
            await _changed(conn, waiting)

    async def _again(self, waiting: Unfetched, later: RetryLater) -> None:
        if waiting.attempts + 1 >= _TRIES:
            await self._failed(waiting, later.plain)
            return
        pause = later.after or timedelta(seconds=2 ** (waiting.attempts + 1))
        async with self._database.begin() as conn:
            await media.settle(conn, waiting.id, attempts=waiting.attempts + 1, problem=later.plain)
            await self._jobs.at(conn, self._clock() + pause, "fetch_media", media_id=waiting.id)


async def _changed(conn: AsyncConnection, waiting: Unfetched) -> None:
    await events.append(
        conn,
        kind="media.changed",
        actor="system",
        conversation_id=waiting.conversation_id,
        message_id=waiting.message_id,
    )


def store_file(media_dir: Path, content: bytes) -> str:
    """Write a file under a name nobody can guess; returns its path relative to the media directory."""
    name = secrets.token_hex(16)
    path = Path(name[:2]) / name
    target = media_dir / path
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part")
    partial.write_bytes(content)
    partial.rename(target)
    return path.as_posix()
