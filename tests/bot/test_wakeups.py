"""Wake-ups: one that waits is enough, and none is taken before what it is about can be seen."""

from __future__ import annotations

from bot.storage import wakeups
from bot.storage.database import Connection, Database, run, run_for_one

THREAD = "telegram:500000001"
_WORKER = "INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id"
_TAKE = "SELECT id FROM procrastinate_fetch_job_v2(ARRAY['turns']::varchar[], %(worker)s)"


async def take(conn: Connection) -> int | None:
    """Take a job as procrastinate's workers do."""
    worker = (await run_for_one(conn, _WORKER, {})).id
    job = (await run_for_one(conn, _TAKE, {"worker": worker})).id
    return None if job is None else int(job)


async def waiting(conn: Connection) -> int:
    return len(await run(conn, "SELECT id FROM procrastinate_jobs WHERE status = 'todo'", {}))


async def test_one_waiting_wakeup_is_enough(database: Database) -> None:
    async with database.direct() as conn:
        await wakeups.wake(conn, [THREAD])
        await wakeups.wake(conn, [THREAD, "telegram:500000002"])
        assert await waiting(conn) == 2


async def test_a_message_during_a_drain_wakes_again(database: Database) -> None:
    async with database.direct() as conn:
        await wakeups.wake(conn, [THREAD])
        assert await take(conn) is not None
        await wakeups.wake(conn, [THREAD])
        assert await waiting(conn) == 1
        assert await take(conn) is None  # one drain at a time


async def test_a_wakeup_is_not_taken_before_its_message_can_be_seen(database: Database) -> None:
    async with database.direct() as worker:
        await wakeups.wake(worker, [THREAD])
        async with database.begin() as door:
            await wakeups.wake(door, [THREAD])
            assert await take(worker) is None
        assert await take(worker) is not None


async def test_given_back_and_taken_in_one_go(database: Database) -> None:
    async with database.direct() as conn:
        worker = (await run_for_one(conn, _WORKER, {})).id
        await wakeups.wake(conn, [THREAD, "telegram:500000002", "telegram:500000003"])
        first, second = await wakeups.swap(conn, worker, [], 2)
        assert (first.thread, second.thread) == (THREAD, "telegram:500000002")
        await wakeups.wake(conn, [THREAD])
        # The thread is another's until its wake-up is given back, and free in the same statement.
        (third,) = await wakeups.swap(conn, worker, [], 9)
        assert third.thread == "telegram:500000003"
        (again,) = await wakeups.swap(conn, worker, [first.id, second.id], 9)
        assert again.thread == THREAD
        assert again.id != first.id
        assert await wakeups.swap(conn, worker, [third.id, again.id], 0) == []
        assert await run(conn, "SELECT id FROM procrastinate_jobs", {}) == []


async def test_what_was_taken_over_cannot_be_given_back(database: Database) -> None:
    async with database.direct() as conn:
        worker = (await run_for_one(conn, _WORKER, {})).id
        await wakeups.wake(conn, [THREAD])
        (taken,) = await wakeups.swap(conn, worker, [], 1)
        await run(conn, "DELETE FROM procrastinate_jobs", {})
        await wakeups.wake(conn, [THREAD])
        (mine,) = await wakeups.swap(conn, worker, [taken.id], 1)
        assert mine.thread == THREAD
