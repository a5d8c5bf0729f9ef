"""Rasa with the linear engine behind it, so that a message is always understood."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from copy import copy

from nlu.costs import CostTable
from nlu.linear import LinearUnderstander
from nlu.live import LiveUnderstander
from nlu.rasa import RasaUnderstander
from nlu.rasa_server import OtherModel
from nlu.understanding import EngineUnavailable, Understanding


class FallbackUnderstander:
    """Asks Rasa, and the linear engine while Rasa is away, slow, or serves another model than the promoted.

    After a failure Rasa is left alone for `RETRY_AFTER` seconds: a dead server costs one deadline now and
    then, not one a message. Between messages `follow` looks at its model every `LOOK` seconds. `tell` is told
    the reason to leave Rasa alone, or None when it answers: at every look, and when a message changes it.
    """

    RETRY_AFTER = 10.0
    LOOK = 2.0

    def __init__(
        self,
        primary: RasaUnderstander,
        backup: LinearUnderstander | LiveUnderstander,
        tell: Callable[[str | None], Awaitable[None]],
        monotonic: Callable[[], float],
    ) -> None:
        """`monotonic` gives seconds from a clock that never runs backwards."""
        self._primary = primary
        self._backup = backup
        self._tell = tell
        self._monotonic = monotonic
        self._away: str | None = None
        self._fails = False
        self._retry_at = 0.0

    @property
    def name(self) -> str:
        """The name of the engine that answers at the moment."""
        return self._backup.name if self._away else self._primary.name

    async def understand(self, text: str) -> Understanding:
        """Parse one text with Rasa, or with the linear engine while that is away."""
        if self._away and self._monotonic() < self._retry_at:
            return await self._backup.understand(text)
        # Others need not wait for this try: until it has an outcome, they use the backup.
        self._retry_at = self._monotonic() + self.RETRY_AFTER
        try:
            understanding = await self._primary.understand(text)
        except EngineUnavailable as error:
            await self._leave(error, fails=not isinstance(error, OtherModel))
            return await self._backup.understand(text)
        if self._away is not None:
            await self._come_back()
        return understanding

    async def follow(self) -> None:
        """Look at Rasa's model again and again, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(self.LOOK)

    async def look(self) -> None:
        """See whether Rasa has the promoted model. One that failed at a message is tried again with one."""
        try:
            await self._primary.look()
        except EngineUnavailable as error:
            await self._leave(error, fails=False)
        else:
            if not self._fails:
                await self._come_back()

    def at(self, costs: CostTable) -> FallbackUnderstander:
        """The same, with urgency and complexity judged by other costs."""
        other = copy(self)
        other._primary, other._backup = self._primary.at(costs), self._backup.at(costs)
        return other

    async def _leave(self, error: EngineUnavailable, *, fails: bool) -> None:
        self._retry_at = self._monotonic() + self.RETRY_AFTER
        self._fails = fails
        self._away = str(error)
        await self._tell(self._away)

    async def _come_back(self) -> None:
        self._fails = False
        self._away = None
        await self._tell(None)
