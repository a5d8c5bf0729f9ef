"""The intents there are: those that came with the product, and those that admins add, rename and remove."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime

from bot.entries import IntentEntry
from bot.errors import BadInput, Conflict, NotFound
from bot.storage import corpus as storage
from bot.storage.database import Database
from bot.teaching import Teaching, note_change

_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")


class Intents:
    """Reads and changes the intents. Every change leaves an event with who did it."""

    def __init__(self, database: Database, teaching: Teaching, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._teaching = teaching
        self._clock = clock

    async def all(self) -> list[IntentEntry]:
        """All intents in the order of the domain, added ones behind them, removed ones last."""
        async with self._database.read() as conn:
            changed = await storage.intents(conn)
        shipped, entries = await self._teaching.shipped(), await self._teaching.entries()
        counts: dict[str, int] = {}
        for entry in entries:
            if not entry.removed:
                counts[entry.intent] = counts.get(entry.intent, 0) + 1
        names = list(dict.fromkeys([*shipped.intents, *changed]))
        found = [
            IntentEntry(
                name,
                "shipped" if name in shipped.intents else "console",
                counts.get(name, 0),
                not changed.get(name, True),
            )
            for name in names
        ]
        return sorted(found, key=lambda intent: intent.removed)

    async def add(self, name: str, agent_id: int) -> None:
        """Add an intent, or bring a removed one back. Raises BadInput and Conflict."""
        _check(name)
        if any(intent.name == name and not intent.removed for intent in await self.all()):
            raise Conflict("same_intent", f"There is an intent {name} already.")
        async with self._database.begin() as conn:
            await storage.put_intent(conn, name, removed=False, agent_id=agent_id, now=self._clock())
            await note_change(conn, agent_id, 0)

    async def rename(self, name: str, new: str, agent_id: int) -> None:
        """Rename an added intent with its texts, its labels in the inbox and its words.

        The words stay under the old name too, which the model that answers goes on saying until the next
        promotion. Raises BadInput, NotFound, and Conflict for one the program relies on or a name in use.
        """
        _check(new)
        intents = await self.all()
        found = _added(intents, name)
        if any(intent.name == new for intent in intents):
            raise Conflict("same_intent", f"There is an intent {new} already.")
        async with self._database.begin() as conn:
            await storage.lock(conn)
            await storage.rename_intent(conn, name, new, agent_id=agent_id, now=self._clock())
            await note_change(conn, agent_id, found.examples)
        self._teaching.forget()

    async def remove(self, name: str, agent_id: int) -> None:
        """Remove an intent with its texts. Raises NotFound, and Conflict for one the program relies on."""
        _added(await self.all(), name)
        async with self._database.begin() as conn:
            await storage.put_intent(conn, name, removed=True, agent_id=agent_id, now=self._clock())
            await note_change(conn, agent_id, 0)


def _check(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise BadInput("bad_intent", 'Expected a name such as "fire_damper": a-z, 0-9 and _.')


def _added(intents: Iterable[IntentEntry], name: str) -> IntentEntry:
    """The intent of this name, if admins have added it."""
    found = next((intent for intent in intents if intent.name == name and not intent.removed), None)
    if found is None:
        raise NotFound("no_intent", "There is no such intent.")
    if found.source == "shipped":
        raise Conflict("shipped_intent", "The program relies on this intent; move its examples instead.")
    return found
