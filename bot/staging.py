"""A version before it is promoted: an engine that understands as it would live."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.errors import Conflict
from bot.model import Model
from bot.storage import model_versions
from bot.storage.database import Database
from nlu import rasa_process
from nlu.linear import LinearUnderstander
from nlu.rasa import RasaUnderstander
from nlu.understanding import EngineUnavailable


class Stage:
    """Where candidates are tried. With `rasa`, a version for Rasa gets a Rasa server of its own meanwhile."""

    def __init__(self, database: Database, model: Model, *, rasa: bool) -> None:
        self._database = database
        self._model = model
        self._rasa = rasa

    @asynccontextmanager
    async def set(self, name: str) -> AsyncIterator[LinearUnderstander | RasaUnderstander]:
        """The version's engine, for as long as the block lasts. A Rasa server takes seconds to start.

        Raises as `Model.usable`, and Conflict("rasa_unavailable") when Rasa is not installed here or fails.
        """
        linear = await self._model.usable(name)
        async with self._database.read() as conn:
            file = await model_versions.rasa(conn, name) if self._rasa else None
        if file is None:
            yield linear
            return
        with tempfile.TemporaryDirectory(prefix="bauruf-stage-") as folder:
            path = Path(folder) / f"{name}.tar.gz"
            path.write_bytes(file)
            try:
                async with rasa_process.serving(path, linear) as engine:
                    yield engine
            except EngineUnavailable as error:
                raise Conflict("rasa_unavailable", str(error)) from None
