"""Which engine understands: the linear one in process, or a Rasa server with the linear one behind it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import httpx

import nlu
from bot.settings import Settings
from nlu.rasa import FallbackUnderstander, RasaUnderstander
from nlu.understanding import Understander
from nlu.versions import load_or_train

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


def connect_engine(
    settings: Settings, http: httpx.AsyncClient, notices: Board, progress: Callable[[str], None]
) -> Understander:
    """The configured engine. The linear one is trained when there is no fitting model yet.

    When Rasa is away the operator sees a notice, and the linear engine answers until it is back.
    """
    linear = load_or_train(PROJECT, settings.models_dir, progress)
    if settings.nlu_engine == "linear":
        return linear
    token = settings.rasa_token.get_secret_value() if settings.rasa_token else None
    rasa = RasaUnderstander(http, settings.rasa_url, token, linear)
    telling: set[asyncio.Task[None]] = set()

    def tell(problem: str | None) -> None:
        word = (
            notices.clear(_NOTICE)
            if problem is None
            else notices.show(_NOTICE, f"{problem} The linear engine answers meanwhile.")
        )
        task = asyncio.get_running_loop().create_task(word)
        telling.add(task)
        task.add_done_callback(telling.discard)

    return FallbackUnderstander(rasa, linear, tell, time.monotonic)
