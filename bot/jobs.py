"""Wake-ups, timers and long work, on PostgreSQL through procrastinate.

The tables hold the truth; a job only says "look". A wake-up has the conversation's thread as lock
(one drain at a time) and as queueing lock (one waiting wake-up is enough). Timers take no such lock,
because a job scheduled for later would hold it: they wake when their time has come.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import procrastinate
import psycopg
import psycopg_pool
import structlog
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import DeleteJobCondition, Status
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import wakeups
from bot.storage.database import driver
from bot.wakeup_worker import HEARTBEAT, STALLED_AFTER, WakeupWorker

log = structlog.get_logger(__name__)

BACKGROUND = "background"
_POLL = 1.0  # seconds; for background jobs
_RECOVER_EVERY = 5.0  # seconds
_SOONEST = timedelta(seconds=1)

Handler = Callable[..., Awaitable[None]]


class Jobs:
    """The job queue of one process: it can defer, and it can work.

    `handlers` maps a job's name to the coroutine that does it: "drain" (thread) in the queue of
    turns; every other name in the background queue. Handlers are given by the composition root.
    """

    def __init__(self, url: str, *, concurrency: int = 12) -> None:
        self._url = url
        self._concurrency = concurrency
        self._pool: psycopg_pool.AsyncConnectionPool | None = None
        self.app = procrastinate.App(connector=procrastinate.PsycopgConnector())
        # It logs every job with its arguments, and a thread names a phone.
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)

    def register(self, handlers: Mapping[str, Handler]) -> None:
        """Name what this process can do. Called once, before `open`."""
        for name, handler in handlers.items():
            queue = wakeups.QUEUE if name == wakeups.TASK else BACKGROUND
            self.app.task(name=name, queue=queue)(_guarded(name, handler))
        self.app.task(name="wake", queue=BACKGROUND)(_guarded("wake", self._wake_now))

    async def open(self) -> None:
        """Connect. Autocommit, because every call of the queue is a single statement."""
        self._pool = psycopg_pool.AsyncConnectionPool(
            self._url, min_size=1, max_size=4, open=False, configure=_prepare
        )
        await self._pool.open(wait=True)
        await self.app.open_async(self._pool)

    async def close(self) -> None:
        """Disconnect."""
        await self.app.close_async()
        if self._pool is not None:
            await self._pool.close()

    async def wake(self, conn: AsyncConnection, thread: str) -> None:
        """Wake a thread's drain when the caller's transaction commits."""
        await wakeups.wake(conn, [thread])

    async def wake_at(self, conn: AsyncConnection, thread: str, when: datetime) -> None:
        """Wake a thread's drain at a time."""
        await self.at(conn, when, "wake", thread=thread)

    async def at(self, conn: AsyncConnection, when: datetime | None, name: str, **arguments: Any) -> None:
        """Do a background job when the caller's transaction commits, or at a time after that.

        A timer waits for a second at least, by the clock it fires by: that of the database may be ahead
        of ours, and whoever is woken too early sets the timer anew.
        """
        if when is not None:
            soonest = func.clock_timestamp() + _SOONEST
            when = (await conn.execute(select(func.greatest(when, soonest)))).scalar_one()
        await self.app.configure_task(
            name, queue=BACKGROUND, schedule_at=when, connection=driver(conn)
        ).defer_async(**arguments)

    async def _wake_now(self, thread: str) -> None:
        await self.wake_all([thread])

    async def wake_all(self, threads: Collection[str]) -> None:
        """Wake many threads at once."""
        if self._pool is None:
            raise RuntimeError("the job queue is not open")
        async with self._pool.connection() as connection:
            await wakeups.wake(connection, threads)

    async def work(self) -> None:
        """Work until cancelled: turns and background jobs side by side, and the dead workers' jobs."""
        if self._pool is None:
            raise RuntimeError("the job queue is not open")
        drain = self.app.tasks[wakeups.TASK].func
        turns = WakeupWorker(self._url, self.app.job_manager, self._pool, drain, self._concurrency)
        async with asyncio.TaskGroup() as group:
            group.create_task(_keep_up(wakeups.QUEUE, turns.run))
            group.create_task(_keep_up(BACKGROUND, self._work_in_background))
            group.create_task(self._recover())

    async def _work_in_background(self) -> None:
        await self.app.run_worker_async(
            queues=[BACKGROUND],
            concurrency=4,
            fetch_job_polling_interval=_POLL,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=STALLED_AFTER,
            delete_jobs=DeleteJobCondition.ALWAYS,
            install_signal_handlers=False,
        )

    async def _recover(self) -> None:
        """Finish what dead workers held, and wake those threads again.

        Retrying a stalled job, as the library's recipe does, collides with a waiting wake-up of the
        same queueing lock and leaves the thread stuck; the tables know what is left to do anyway.
        """
        while True:
            try:
                stalled = await self.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER)
                for job in stalled:
                    await self._take_over(job)
            except (psycopg.Error, ConnectorException) as error:
                log.warning("recovery waits", error=type(error).__name__)
            await asyncio.sleep(_RECOVER_EVERY)

    async def _take_over(self, job: procrastinate.jobs.Job) -> None:
        try:
            await self.app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
        except ConnectorException:
            return  # another process was faster
        log.warning("took over a dead worker's job", job=job.task_name)
        if job.task_name == wakeups.TASK:
            await self._wake_now(str(job.task_kwargs["thread"]))
        else:
            await self.app.configure_task(job.task_name, queue=job.queue).defer_async(**job.task_kwargs)


async def _keep_up(queue: str, work: Callable[[], Awaitable[None]]) -> None:
    """Begin again whenever a worker ends, because its connections broke, until cancelled."""
    while True:
        try:
            await work()
        except* (psycopg.Error, ConnectorException) as errors:
            log.warning("the database is away", queue=queue, error=type(errors.exceptions[0]).__name__)
        log.warning("worker restarts", queue=queue)
        await asyncio.sleep(1)


async def _prepare(connection: psycopg.AsyncConnection) -> None:
    """A job only says "look": one that a crash of the server forgets is found by the sweep.

    So fetching and finishing jobs need not wait for the disk. Deferring does, where it happens on the
    connection of the row it is about.
    """
    await connection.set_autocommit(True)
    await connection.execute("SET synchronous_commit = off")


def _guarded(name: str, handler: Handler) -> Handler:
    async def run(**arguments: Any) -> None:
        try:
            await handler(**arguments)
        except Exception:
            log.exception("job failed", job=name)
            raise

    return run
