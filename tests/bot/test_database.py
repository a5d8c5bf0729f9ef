"""The database's own promises: one schema, one leader."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from bot.storage.database import Database
from bot.storage.schema import migrate
from bot.storage.tables import Base


def test_the_migrations_build_exactly_the_tables(database_url: str) -> None:
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": lambda name, kind, _: (
                    not str(name).startswith(("procrastinate", "idx_procrastinate"))
                )
            },
        )
        differences = compare_metadata(context, Base.metadata)
    engine.dispose()
    assert differences == []


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    migrate(database_url)


async def test_only_one_leads_and_the_next_follows(database: Database) -> None:
    led: list[str] = []

    async def lead(name: str) -> None:
        async with database.leadership("polling"):
            led.append(name)

    async with AsyncExitStack() as first:
        await first.enter_async_context(database.leadership("polling"))
        other = asyncio.create_task(lead("other"))
        done, _ = await asyncio.wait({other}, timeout=0.2)
        assert not done
        assert led == []
    await other
    assert led == ["other"]


async def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    async def fail_halfway() -> None:
        async with database.begin() as connection:
            await connection.execute(text("INSERT INTO notices (key, text) VALUES ('a', 'b')"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail_halfway()
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM notices"))).scalar_one() == 0
