"""What the tests of the doors share: a fake provider, and a door with a real inbox behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse
from hypothesis import settings
from sqlalchemy import select

from bot.errors import BaurufError
from bot.jobs import Jobs
from bot.notices import Notices
from bot.storage.database import Database
from bot.storage.tables import InboxItem
from tests.webhooks.provider import Provider, serving
from webhooks.intake import Intake

# How long an example takes says nothing on a busy machine.
settings.register_profile("doors", deadline=None)
settings.load_profile("doors")


@pytest.fixture
def provider() -> Iterator[Provider]:
    with serving() as provider:
        yield provider


@pytest.fixture
async def jobs(database_url: str) -> AsyncIterator[Jobs]:
    jobs = Jobs(database_url)

    async def drain(thread: str) -> None:
        raise AssertionError("nobody works in these tests")

    jobs.register({"drain": drain})
    await jobs.open()
    yield jobs
    await jobs.close()


@pytest.fixture
def intake(database: Database, jobs: Jobs) -> Intake:
    return Intake(database, jobs, {})


@pytest.fixture
def notices(database: Database) -> Notices:
    return Notices(database)


@asynccontextmanager
async def door(router: APIRouter) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application that has only these routes, and says errors by their status."""
    app = FastAPI()
    app.include_router(router)

    @app.exception_handler(BaurufError)
    async def refused(_: Request, error: BaurufError) -> JSONResponse:
        return JSONResponse({"error": error.code}, status_code=error.status)

    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://inner.example:8000") as client:
        yield client


async def inbox_of(database: Database) -> list[InboxItem]:
    """Everything stored, oldest first."""
    async with database.read() as conn:
        return list((await conn.execute(select(InboxItem).order_by(InboxItem.id))).all())  # type: ignore[arg-type]
