"""Wake-ups: jobs of procrastinate that say which thread to look at, written with what they are about.

They are put into the queue's table by our own statement and not by the library's function, because a
door that stores a message and wakes its thread in one statement needs one round trip instead of six
(`docs/decisions/0009-few-round-trips.md`). The library's triggers announce the row like any other.
"""

from __future__ import annotations

from collections.abc import Collection

from bot.storage.database import Connection, run

QUEUE = "turns"
TASK = "drain"

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
