"""Connections: the pool, transactions, leadership of a role, and the hint that something happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import psycopg
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

HINT_CHANNEL = "bauruf_events"
_HINT_PAUSE = 0.02  # seconds; one NOTIFY a transaction costs 3-5 times the commit rate (DESIGN §3)
_LEADER_RETRY = 2.0  # seconds between two tries to become the leader

log = structlog.get_logger(__name__)


def _engine(url: str, pool_size: int, **more: Any) -> AsyncEngine:
    return create_async_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=pool_size,
        max_overflow=pool_size // 2,
        pool_timeout=10,
        pool_recycle=1800,
        **more,
    )


class Database:
    """The connections to one PostgreSQL (15+), and what is done with a connection of its own.

    There are two pools, for writing and for reading, each of `pool_size` and half as many more in a
    rush: switching a connection between transactions and autocommit costs more than keeping both.
    Four processes with the default stay below PostgreSQL's default of 100 connections.
    """

    def __init__(self, url: str, *, pool_size: int = 6) -> None:
        self.url = url
        self.engine = _engine(url, pool_size)
        self._reader = _engine(url, pool_size, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)
        self._hinter: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: committed at the end, rolled back on an error. Hints listeners on commit."""
        async with self.engine.begin() as connection:
            yield connection
        self.hint()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading, without a transaction around its statements."""
        async with self._reader.connect() as connection:
            yield connection

    def hint(self) -> None:
        """Tell listening processes soon that events may have been written; many calls make one NOTIFY."""
        if self._hinter is None or self._hinter.done():
            self._hinter = asyncio.get_running_loop().create_task(self._notify(), name="hint")

    async def _notify(self) -> None:
        await asyncio.sleep(_HINT_PAUSE)
        try:
            async with self.read() as connection:
                await connection.exec_driver_sql(f"NOTIFY {HINT_CHANNEL}")
        except Exception as error:  # noqa: BLE001 - listeners poll as well; a lost hint delays them by a second
            log.warning("hint lost", error=type(error).__name__)

    async def listen(self, heard: Callable[[], None]) -> None:
        """Call `heard` at every hint, until cancelled; reconnects by itself.

        Listeners must poll as well: hints sent while the connection is down are lost.
        """
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self.url, autocommit=True) as connection:
                    await connection.execute(f"LISTEN {HINT_CHANNEL}")
                    heard()
                    async for _ in connection.notifies():
                        heard()
            except psycopg.OperationalError as error:
                log.warning("listening again", error=type(error).__name__)
                await asyncio.sleep(1)

    @asynccontextmanager
    async def leadership(self, role: str) -> AsyncIterator[None]:
        """Wait until this process is the only one in `role` (among all on this database), then hold it.

        Held by a session-level advisory lock on a connection of its own: it ends with the process.
        """
        async with await psycopg.AsyncConnection.connect(self.url, autocommit=True) as connection:
            while True:
                cursor = await connection.execute(
                    "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", (f"bauruf:{role}",)
                )
                row = await cursor.fetchone()
                if row is not None and row[0]:
                    break
                await asyncio.sleep(_LEADER_RETRY)
            yield

    @asynccontextmanager
    async def alone(self, work: str) -> AsyncIterator[bool]:
        """Whether nobody else (among all processes on this database) does this piece of work now.

        Held on a connection of its own until the block is left, or the process ends. No transaction is
        open meanwhile, so a call may take its time without holding back those who follow the events.
        """
        async with await psycopg.AsyncConnection.connect(self.url, autocommit=True) as connection:
            cursor = await connection.execute(
                "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", (f"bauruf:{work}",)
            )
            row = await cursor.fetchone()
            yield row is not None and bool(row[0])

    async def close(self) -> None:
        """Close all connections; a hint under way is sent first."""
        if self._hinter is not None:
            with suppress(asyncio.CancelledError):
                await self._hinter
        await self.engine.dispose()
        await self._reader.dispose()
