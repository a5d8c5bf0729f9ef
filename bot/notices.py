"""Telling the operator, once, and taking it back when it is mended."""

from __future__ import annotations

import structlog

from bot.storage import notices
from bot.storage.database import Database

log = structlog.get_logger(__name__)


class Notices:
    """The operator's board. Both calls are cheap to repeat: this process remembers what it said."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._said: dict[str, str | None] = {}

    async def show(self, key: str, text: str) -> None:
        """Show `text` under `key` until it is cleared. `text` says what is wrong and what to do."""
        if self._said.get(key) == text:
            return
        log.warning("operator notice", key=key, text=text)
        async with self._database.begin() as conn:
            await notices.show(conn, key, text)
        self._said[key] = text

    async def clear(self, key: str) -> None:
        """The problem is gone."""
        if key in self._said and self._said[key] is None:
            return
        async with self._database.begin() as conn:
            await notices.clear(conn, key)
        self._said[key] = None
