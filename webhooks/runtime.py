"""What the commands share: settings, a database brought up to date, and errors in plain words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

import psycopg
import typer
from alembic.util import CommandError
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from bot.answers.catalogue import CatalogueError
from bot.errors import BaurufError
from bot.settings import Settings, SettingsError, read_settings
from bot.storage.database import Database
from bot.storage.schema import migrate
from bot.storage.server import ServerError, database_url
from nlu.understanding import UnderstandingError

out = Console()
err = Console(stderr=True)

Result = TypeVar("Result")


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what can go wrong into one sentence and exit code 1 (2 for settings)."""
    try:
        yield
    except SettingsError as error:
        err.print(f"[bold red]The settings cannot be used.[/]\n{error}", highlight=False)
        raise typer.Exit(2) from None
    except BaurufError as error:
        err.print(f"[bold red]{error.message}[/]", highlight=False)
        raise typer.Exit(1) from None
    except (CatalogueError, CommandError, ServerError, UnderstandingError) as error:
        err.print(f"[bold red]{error}[/]", highlight=False)
        raise typer.Exit(1) from None
    except (SQLAlchemyError, psycopg.Error) as error:
        err.print(
            f"[bold red]The database did not do what was asked[/] ({type(error).__name__}). "
            "Is it running, and is BAURUF_DATABASE_URL right? `bauruf doctor` knows more.",
            highlight=False,
        )
        raise typer.Exit(1) from None


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a command's coroutine with errors in plain words."""
    with plain_errors():
        return asyncio.run(work)


@asynccontextmanager
async def opened(settings: Settings | None = None) -> AsyncIterator[Database]:
    """The configured database, started and up to date."""
    settings = settings or read_settings()
    url = await asyncio.to_thread(database_url, settings)
    await asyncio.to_thread(migrate, url)
    database = Database(url, pool_size=2)
    try:
        yield database
    finally:
        await database.close()
