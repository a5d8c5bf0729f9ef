"""Bringing a database to the newest schema: ours by Alembic, the job queue's by procrastinate."""

from __future__ import annotations

from pathlib import Path

import procrastinate
import psycopg
from alembic import command
from alembic.config import Config
from procrastinate.schema import SchemaManager
from sqlalchemy import create_engine

_LOCK = "bauruf:migrations"


def migrate(url: str) -> None:
    """Create or upgrade the schema. Safe to call from several processes at once: one works, others wait.

    Raises psycopg.OperationalError when the database cannot be reached, and alembic's CommandError
    when the schema is newer than this version of Bauruf.
    """
    with psycopg.connect(url, autocommit=True) as guard:
        guard.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", (_LOCK,))
        _migrate_jobs(url)
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.set_main_option("path_separator", "os")
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
        try:
            with engine.begin() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        finally:
            engine.dispose()


def _migrate_jobs(url: str) -> None:
    """Create procrastinate's tables when they are missing.

    The lock file pins procrastinate, so a new version of its schema comes with a migration of ours.
    """
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone()
        if row is not None and row[0] is not None:
            return
    connector = procrastinate.SyncPsycopgConnector(conninfo=url)
    connector.open()
    try:
        SchemaManager(connector).apply_schema()
    finally:
        connector.close()
