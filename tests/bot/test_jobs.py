"""Timers: they fire by the database's clock, and never in a circle without a pause."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.jobs import DeleteJobCondition
from sqlalchemy import text

from bot.jobs import Jobs
from bot.storage.database import Database

LONG_AGO = datetime(2020, 1, 6, tzinfo=UTC)


@pytest.fixture
async def jobs(database_url: str) -> AsyncIterator[Jobs]:
    jobs = Jobs(database_url)
    yield jobs
    await jobs.close()


async def test_a_timer_that_is_set_anew_too_early_waits_in_between(database: Database, jobs: Jobs) -> None:
    fired = 0

    async def look_again() -> None:
        nonlocal fired
        fired += 1
        async with database.begin() as conn:
            await jobs.at(conn, LONG_AGO, "look")

    jobs.register({"look": look_again})
    await jobs.open()
    async with database.begin() as conn:
        await jobs.at(conn, None, "look")
    async with asyncio.timeout(20):
        await jobs.app.run_worker_async(
            wait=False, delete_jobs=DeleteJobCondition.ALWAYS, install_signal_handlers=False
        )
    assert fired == 1
    async with database.begin() as conn:
        left = (
            (await conn.execute(text("SELECT scheduled_at - now() FROM procrastinate_jobs"))).scalars().all()
        )
    assert len(left) == 1
    assert timedelta(0) < left[0] <= timedelta(seconds=1)
