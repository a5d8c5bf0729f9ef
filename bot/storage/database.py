"""Connections: the pool, transactions, leadership of a role, and the hint that something happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import psycopg
import psycopg_pool
import structlog
from psycopg import sql
from psycopg.rows import namedtuple_row
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

HINT_CHANNEL = "bauruf_events"
_HINT = f"NOTIFY {HINT_CHANNEL}"
_HINT_PAUSE = 0.02  # seconds; one NOTIFY a transaction costs 3-5 times the commit rate (DESIGN §3)
_LEADER_RETRY = 2.0  # seconds between two tries to become the leader
_RECYCLE = 1800  # seconds after which a connection is replaced
_PATIENCE = 10  # seconds that a caller waits for a connection of the pool

Connection = AsyncConnection | psycopg.AsyncConnection
"""What the statements of the hot path run on: a transaction, or a connection of `Database.direct`."""

log = structlog.get_logger(__name__)


def _engine(url: str, pool_size: int, **more: Any) -> AsyncEngine:
    return create_async_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=pool_size,
        max_overflow=pool_size // 2,
        pool_timeout=_PATIENCE,
        pool_recycle=_RECYCLE,
        **more,
    )


async def _plan_once(connection: psycopg.AsyncConnection) -> None:
    """What runs here finds its rows by their keys, so that one plan a connection fits every call."""
    await connection.execute("SET plan_cache_mode = force_generic_plan")


def driver(connection: Connection) -> psycopg.AsyncConnection:
    """The driver's connection below, in the same transaction, for statements of the hot path.

    SQLAlchemy doubles what a statement costs this process (`docs/decisions/0009-few-round-trips.md`).
    """
    if isinstance(connection, psycopg.AsyncConnection):
        return connection
    sync = connection.sync_connection
    raw = sync.connection.driver_connection if sync is not None else None
    if not isinstance(raw, psycopg.AsyncConnection):
        raise TypeError("expected an open connection of psycopg")
    return raw


async def run(connection: Connection, statement: str, values: Mapping[str, Any]) -> list[Any]:
    """Run one statement of the hot path; its rows as named tuples."""
    cursor = driver(connection).cursor(row_factory=namedtuple_row)
    await cursor.execute(statement.encode(), values)
    return await cursor.fetchall() if cursor.description else []


async def run_for_one(connection: Connection, statement: str, values: Mapping[str, Any]) -> Any:
    """Run one statement of the hot path; its first row as a named tuple, None without one."""
    rows = await run(connection, statement, values)
    return rows[0] if rows else None


async def listen(url: str, channel: str, heard: Callable[[], None]) -> None:
    """Call `heard` at every notification of a channel, until cancelled; reconnects by itself.

    Listeners must poll as well: what is announced while the connection is down is lost.
    """
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
                await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                heard()
                async for _ in connection.notifies():
                    heard()
        except psycopg.OperationalError as error:
            log.warning("listening again", error=type(error).__name__)
            await asyncio.sleep(1)


class Database:
    """The connections to one PostgreSQL (15+), and what is done with a connection of its own.

    There are three pools: for transactions and for reading, each of `pool_size` and half as many more
    in a rush, and the driver's own for single statements. Switching a connection between transactions
    and autocommit costs more than keeping several. Four processes with the default stay below
    PostgreSQL's default of 100 connections.
    """

    def __init__(self, url: str, *, pool_size: int = 4) -> None:
        self.url = url
        self.engine = _engine(url, pool_size)
        self._reader = _engine(url, pool_size, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)
        self._pool_size = pool_size
        self._direct: psycopg_pool.AsyncConnectionPool | None = None
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

    @asynccontextmanager
    async def direct(self) -> AsyncIterator[psycopg.AsyncConnection]:
        """A connection of the driver on which every statement is a transaction of its own: the hot path."""
        if self._direct is None:
            self._direct = psycopg_pool.AsyncConnectionPool(
                self.url,
                kwargs={"autocommit": True, "prepare_threshold": 0},
                configure=_plan_once,
                min_size=0,
                max_size=self._pool_size + self._pool_size // 2,
                timeout=_PATIENCE,
                max_lifetime=_RECYCLE,
                open=False,
            )
        pool = self._direct
        if pool.closed:
            await pool.open()
        async with pool.connection() as connection:
            try:
                yield connection
            except psycopg.OperationalError:
                # When the server was restarted the other connections are broken as well.
                await pool.check()
                raise

    def hint(self) -> None:
        """Tell listening processes soon that events may have been written; many calls make one NOTIFY."""
        if self._hinter is None or self._hinter.done():
            self._hinter = asyncio.get_running_loop().create_task(self._notify(), name="hint")

    async def _notify(self) -> None:
        await asyncio.sleep(_HINT_PAUSE)
        try:
            async with self.direct() as connection:
                await connection.execute(_HINT)
        except psycopg.Error as error:  # listeners poll as well; a lost hint delays them by a second
            log.warning("hint lost", error=type(error).__name__)

    async def listen(self, heard: Callable[[], None]) -> None:
        """Call `heard` at every hint, until cancelled."""
        await listen(self.url, HINT_CHANNEL, heard)

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
        """Close all connections; a hint under way is sent first. It may be used again, on any event loop."""
        if self._hinter is not None:
            with suppress(asyncio.CancelledError):
                await self._hinter
        if self._direct is not None:
            await self._direct.close()
            self._direct = None
        await self.engine.dispose()
        await self._reader.dispose()
