"""Wake-ups: jobs of procrastinate that say which thread to look at, written with what they are about.

They are put into the queue's table by our own statement and not by the library's function, because a
door that stores a message and wakes its thread in one statement needs one round trip instead of six
(`docs/decisions/0009-few-round-trips.md`). The library's triggers announce the row like any other.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.storage.database import Connection, run

QUEUE = "turns"
TASK = "drain"
CHANNEL = f"procrastinate_queue_v1#{QUEUE}"
"""Where every new wake-up is announced."""


@dataclass(frozen=True, slots=True)
class Wakeup:
    """A wake-up that a worker has taken; its thread is that worker's until it is given back."""

    id: int
    thread: str


INSERT = f"""
    INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)
    SELECT '{QUEUE}', '{TASK}', thread, thread, jsonb_build_object('thread', thread)
    FROM asleep
    ORDER BY thread
    ON CONFLICT (queueing_lock) WHERE status = 'todo'
    DO UPDATE SET priority = procrastinate_jobs.priority"""  # noqa: S608 - constants
"""Wakes the threads of a table expression `asleep (thread)`.

A wake-up that waits already is enough, but it is locked until the caller's commit: a worker that took
it before could not yet see what the caller has written, and nobody would look again.
"""

_WAKE = f"WITH asleep AS (SELECT unnest(%(threads)s::text[]) AS thread) {INSERT}"


async def wake(conn: Connection, threads: Collection[str]) -> None:
    """Wake threads when the caller's transaction commits; `threads` without repetitions."""
    await run(conn, _WAKE, {"threads": list(threads)})


# The library's own functions, each of which sees what those before it have done; the last take finds nothing.
# `least` is 0, and makes the first take wait for what is given back, and that happen even without a take.
_SWAP = f"""
    WITH RECURSIVE finished AS MATERIALIZED (
        SELECT count(procrastinate_finish_job_v1(id, 'succeeded', true)) AS done
        FROM procrastinate_jobs WHERE id = ANY(%(done)s) AND status = 'doing'
    ), taken AS (
        SELECT 1 AS place, procrastinate_fetch_job_v2(ARRAY['{QUEUE}']::varchar[], %(worker)s) AS job
        FROM finished WHERE least(done, 0) < %(room)s
        UNION ALL
        SELECT place + 1, procrastinate_fetch_job_v2(ARRAY['{QUEUE}']::varchar[], %(worker)s)
        FROM taken WHERE (job).id IS NOT NULL AND place < %(room)s
    )
    SELECT (job).id, (job).lock AS thread FROM taken WHERE (job).id IS NOT NULL"""  # noqa: S608 - a constant


async def swap(conn: Connection, worker_id: int, done: Collection[int], room: int) -> list[Wakeup]:
    """Give the wake-ups back that are done, and take those that wait: up to `room`, oldest first.

    A thread whose wake-up is given back is free for its next one. What another process has taken over,
    because this one seemed dead, is no longer there to be given back.
    """
    rows = await run(conn, _SWAP, {"worker": worker_id, "done": list(done), "room": room})
    return [Wakeup(row.id, row.thread) for row in rows]
