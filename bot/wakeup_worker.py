"""The worker of the queue of turns: it follows wake-ups.

It stands in for procrastinate's worker, on procrastinate's queue and its functions. That one has three
statements for a job (take it, look for another, delete it), where this one gives back what is done and
takes what waits in one (`docs/decisions/0009-few-round-trips.md`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import psycopg_pool
from procrastinate.manager import JobManager

from bot.storage import wakeups
from bot.storage.database import listen

HEARTBEAT = 2.0  # seconds
STALLED_AFTER = 10.0  # seconds without a heartbeat until a worker counts as dead
_POLL = 0.2  # seconds; a wake-up that waited for its lock elsewhere is not announced again
_BREATH = 0.005  # seconds between two looks of a busy worker: all workers hear of each wake-up


class WakeupWorker:
    """Calls `drain(thread=…)` for each thread that is woken, for up to `concurrency` of them at once."""

    def __init__(
        self,
        url: str,
        manager: JobManager,
        pool: psycopg_pool.AsyncConnectionPool,
        drain: Callable[..., Awaitable[None]],
        concurrency: int,
    ) -> None:
        self._url = url
        self._manager = manager
        self._pool = pool
        self._drain = drain
        self._concurrency = concurrency
        self._running: set[asyncio.Task[None]] = set()
        self._done: list[int] = []
        self._look = asyncio.Event()

    async def run(self) -> None:
        """Work until cancelled; drains under way are finished first.

        Raises psycopg.Error and procrastinate's ConnectorException, alone or in a group, when the database
        goes away. Then run it again: what could not be given back is found to be stalled.
        """
        await self._manager.prune_stalled_workers(STALLED_AFTER)
        worker_id = await self._manager.register_worker()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(listen(self._url, wakeups.CHANNEL, self._look.set))
                group.create_task(self._show_life(worker_id))
                group.create_task(self._follow(worker_id))
        finally:
            if self._running:
                await asyncio.wait(self._running)
            await self._swap(worker_id, 0)
            await self._manager.unregister_worker(worker_id)

    async def _show_life(self, worker_id: int) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT)
            await self._manager.update_heartbeat(worker_id)

    async def _follow(self, worker_id: int) -> None:
        while True:
            # Whatever is heard from here on may be about a wake-up that the look does not see.
            self._look.clear()
            room = self._concurrency - len(self._running)
            if room or self._done:
                await self._swap(worker_id, room)
            try:
                async with asyncio.timeout(_POLL):
                    await self._look.wait()
            except TimeoutError:
                continue
            if self._running:
                await asyncio.sleep(_BREATH)

    async def _swap(self, worker_id: int, room: int) -> None:
        """Give back what is done, and begin with what waits."""
        done = tuple(self._done)
        async with self._pool.connection() as connection:
            taken = await wakeups.swap(connection, worker_id, done, room)
        del self._done[: len(done)]
        for wakeup in taken:
            task = asyncio.create_task(self._work(wakeup), name="drain")
            self._running.add(task)
            task.add_done_callback(self._end)

    async def _work(self, wakeup: wakeups.Wakeup) -> None:
        try:
            await self._drain(thread=wakeup.thread)
        finally:
            self._done.append(wakeup.id)
            self._look.set()

    def _end(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # it is in the log, and the sweep finds what was left undone
