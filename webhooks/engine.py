"""Which engine understands: the linear one in process, or a Rasa server with the linear one behind it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import httpx
import structlog
from sqlalchemy.exc import SQLAlchemyError

import nlu
from bot.model import first_model
from bot.settings import Settings
from bot.storage.database import Database
from nlu.encoder import Encoder, EncoderUnderstander
from nlu.fallback import FallbackUnderstander
from nlu.linear import LinearUnderstander
from nlu.live import LiveUnderstander
from nlu.rasa import RasaUnderstander
from nlu.rasa_server import RasaServer
from nlu.understanding import Understander
from nlu.versions import load_or_train

log = structlog.get_logger(__name__)

PROJECT = Path(nlu.__file__).parent / "project"
_NOTICE = "nlu:rasa"


class Board(Protocol):
    """Where the operator is told (`bot.notices.Notices`)."""

    async def show(self, key: str, text: str) -> None:
        """Show a notice until it is cleared."""
        ...

    async def clear(self, key: str) -> None:
        """Take it down."""
        ...


def project_of(settings: Settings) -> Path:
    """The Rasa project that is learned from."""
    return settings.nlu_project or PROJECT


def promoted_model(settings: Settings, url: str, progress: Callable[[str], None]) -> LiveUnderstander:
    """The model that answers, from the database at `url`; trained when there is no fitting one yet.

    Raises what `bot.model.first_model` raises.
    """

    async def look() -> LinearUnderstander:
        database = Database(url, pool_size=1)
        try:
            return await first_model(database, project_of(settings), settings.models_dir, progress)
        finally:
            await database.close()

    # In a thread of its own, because a system may be put together while an event loop runs.
    with ThreadPoolExecutor(1) as pool:
        return LiveUnderstander(pool.submit(lambda: asyncio.run(look())).result())


def rasa_server(settings: Settings, http: httpx.AsyncClient) -> RasaServer:
    """The Rasa server of the settings."""
    token = settings.rasa_token.get_secret_value() if settings.rasa_token else None
    return RasaServer(http, settings.rasa_url, token)


def connect_engine(
    settings: Settings, http: httpx.AsyncClient, notices: Board, progress: Callable[[str], None]
) -> Understander:
    """The configured engine on the corpus as shipped, without a database; else as `engine_on`."""
    return engine_on(
        load_or_train(project_of(settings), settings.models_dir, progress), settings, http, notices
    )


def engine_on(
    linear: LinearUnderstander | LiveUnderstander,
    settings: Settings,
    http: httpx.AsyncClient,
    notices: Board,
) -> Understander:
    """The configured engine: this linear one, Rasa with it behind, or a sentence encoder beside it.

    The encoder learns here what the linear model was trained on; raises EngineUnavailable when it cannot be
    loaded.

    When Rasa is away, or serves another model than the promoted one, the operator sees a notice, and the
    linear engine answers until it is back.
    """
    if settings.nlu_engine == "linear":
        return linear
    if settings.nlu_engine == "encoder":
        return EncoderUnderstander(Encoder(settings.nlu_encoder or ""), linear)
    promoted = (lambda: linear.version) if isinstance(linear, LiveUnderstander) else None
    rasa = RasaUnderstander(rasa_server(settings, http), linear, promoted)

    async def tell(problem: str | None) -> None:
        try:
            if problem is None:
                await notices.clear(_NOTICE)
            else:
                await notices.show(_NOTICE, f"{problem} The linear engine answers meanwhile.")
        except SQLAlchemyError as error:
            log.warning("nobody could be told about Rasa", error=type(error).__name__)

    return FallbackUnderstander(rasa, linear, tell, time.monotonic)
