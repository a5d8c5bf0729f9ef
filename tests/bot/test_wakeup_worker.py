"""The worker of the queue of turns: each thread by itself, nothing left behind, whatever a drain does."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import psycopg

from bot.jobs import Jobs
from bot.storage import wakeups
from bot.storage.database import Database, run

THREADS = [f"telegram:{500_000_001 + place}" for place in range(30)]
_BREAK = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@asynccontextmanager
async def working(url: str, drain: Callable[[str], Awaitable[None]], workers: int = 1) -> AsyncIterator[None]:
    """So many processes' workers, until the block is left."""
    async with asyncio.timeout(30):
        some = [Jobs(url, concurrency=4) for _ in range(workers)]
        for jobs in some:
            jobs.register({"drain": drain})
            await jobs.open()
        tasks = [asyncio.create_task(jobs.work()) for jobs in some]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            for jobs in some:
                await jobs.close()


async def wake(database: Database, threads: list[str]) -> None:
    async with database.direct() as conn:
        await wakeups.wake(conn, threads)


async def left(database: Database, table: str = "procrastinate_jobs") -> int:
    async with database.direct() as conn:
        return len(await run(conn, f"SELECT id FROM {table}", {}))  # noqa: S608 - our own names


async def test_every_thread_is_drained_by_one_at_a_time(database: Database) -> None:
    under_way: set[str] = set()
    drained: Counter[str] = Counter()
    overlap: list[str] = []
    all_done = asyncio.Event()

    async def drain(thread: str) -> None:
        overlap.extend(under_way & {thread})
        under_way.add(thread)
        if drained[thread] < 3:  # a message comes while the thread is drained
            await wake(database, [thread])
        under_way.discard(thread)
        drained[thread] += 1
        if len(drained) == len(THREADS) and min(drained.values()) == 4:
            all_done.set()

    await wake(database, THREADS)
    async with working(database.url, drain, workers=3):
        await all_done.wait()
    assert drained == dict.fromkeys(THREADS, 4)
    assert overlap == []
    assert await left(database) == 0
    assert await left(database, "procrastinate_workers") == 0


async def test_a_drain_under_way_is_finished_first(database: Database) -> None:
    begun, finished = asyncio.Event(), []

    async def drain(thread: str) -> None:
        begun.set()
        async with database.direct() as conn:
            await run(conn, "SELECT pg_sleep(0.2)", {})
        finished.append(thread)

    async with working(database.url, drain):
        await wake(database, THREADS[:1])
        await begun.wait()
    assert finished == THREADS[:1]
    assert await left(database) == 0


async def test_a_drain_that_fails_holds_nobody_back(database: Database) -> None:
    tried: Counter[str] = Counter()
    failed, again = asyncio.Event(), asyncio.Event()

    async def drain(thread: str) -> None:
        tried[thread] += 1
        if tried[thread] == 1:
            failed.set()
            raise ValueError("something went wrong")
        again.set()

    async with working(database.url, drain):
        await wake(database, THREADS[:1])
        await failed.wait()
        await wake(database, THREADS[:1])
        await again.wait()
    assert await left(database) == 0


async def test_it_comes_back_when_its_connections_break(database: Database) -> None:
    drained = asyncio.Event()

    async def drain(thread: str) -> None:
        drained.set()

    async with working(database.url, drain):
        await wake(database, THREADS[:1])
        await drained.wait()
        drained.clear()
        with psycopg.connect(database.url, autocommit=True) as connection:
            connection.execute(_BREAK)
        with suppress(psycopg.OperationalError):
            await wake(database, THREADS[1:2])
        await wake(database, THREADS[1:2])
        await drained.wait()
