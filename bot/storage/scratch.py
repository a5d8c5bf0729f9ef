"""A PostgreSQL of one's own for as long as a piece of work lasts; nothing else ever sees it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg

from bot.storage.schema import migrate
from bot.storage.server import start_embedded, stop_embedded

_TEMPLATE = "prepared"


@contextmanager
def scratch_server() -> Iterator[str]:
    """Start an embedded server in a temporary folder, yield its URL, and remove both at the end.

    Nothing on it outlives the block, so it does not wait for the disk. Raises ServerError.
    """
    folder = Path(tempfile.mkdtemp(prefix="bauruf-scratch-"))
    try:
        url = start_embedded(folder / "postgres")
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                    connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
                connection.execute("SELECT pg_reload_conf()")
            yield url
        finally:
            stop_embedded(folder / "postgres")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def template(server: str) -> str:
    """Make an empty database with the schema, to be filled and then copied; returns its URL."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {_TEMPLATE}".encode())
    url = _named(server, _TEMPLATE)
    migrate(url)
    return url


@contextmanager
def copy(server: str) -> Iterator[str]:
    """A copy of the template, dropped at the end. Nobody may be connected to the template."""
    name = f"copy_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}".encode())
        try:
            yield _named(server, name)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _named(url: str, name: str) -> str:
    """The same server, another database."""
    head, _, query = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
