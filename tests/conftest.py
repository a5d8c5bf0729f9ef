"""What every test may ask for: a real PostgreSQL built by the migrations, a clock, the shared folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from bot.storage.database import Database
from bot.storage.schema import migrate
from bot.storage.server import start_embedded, stop_embedded
from nlu.linear import LinearUnderstander
from nlu.versions import load_or_train
from webhooks.engine import PROJECT

REPOSITORY = Path(__file__).resolve().parent.parent


@dataclass
class Clock:
    """A clock that moves only when a test says so."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 9, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        """Move on by a timedelta's keywords."""
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def clock_ahead() -> Clock:
    """Years ahead of the database's clock: timers, which fire by that one, stand as they were set."""
    return Clock(datetime(2036, 11, 24, 9, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """One PostgreSQL for the whole run, with durability off: tests never crash the server itself.

    Not below pytest's own folder: run as root, the server works as another user, and every start of
    pytest closes that folder to others.
    """
    folder = Path(tempfile.mkdtemp(prefix="bauruf-tests-"))
    url = start_embedded(folder / "postgres")
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    yield url
    stop_embedded(folder / "postgres")
    shutil.rmtree(folder, ignore_errors=True)


def named(url: str, name: str) -> str:
    """The same server, another database."""
    head, _, query = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


@pytest.fixture(scope="session")
def template_url(server_url: str) -> str:
    """An empty database with the schema, copied for each test."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE template_bauruf")
    url = named(server_url, "template_bauruf")
    migrate(url)
    return url


@contextmanager
def new_database(server_url: str) -> Iterator[str]:
    """An empty database with the schema, dropped at the end; needs `template_url`."""
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_bauruf".encode())
        yield named(server_url, name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def database_url(server_url: str, template_url: str) -> Iterator[str]:
    """A database of the test's own."""
    with new_database(server_url) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, pool_size=5)
    yield database
    await database.close()


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> LinearUnderstander:
    """The engine as it is delivered, trained once for the whole run."""
    return load_or_train(PROJECT, tmp_path_factory.mktemp("models"), lambda _: None)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of collected payloads, fakes and data sets, which lies beside the repository."""
    folder = Path(os.environ.get("BAURUF_SHARED", REPOSITORY.parent / "shared"))
    if not (folder / "payloads").is_dir():
        pytest.skip("needs ../shared (or BAURUF_SHARED): the collected payloads and fake providers")
    return folder
