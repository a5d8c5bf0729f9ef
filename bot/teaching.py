"""What the model learns from, as admins see and change it: the shipped corpus with their changes over it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.entries import (
    Contradiction,
    Entry,
    Import,
    entries_of,
    entry_of,
    near_others,
    shipped_entry,
)
from bot.errors import BadInput, Conflict, NotFound
from bot.storage import corpus as storage
from bot.storage import events, family_names
from bot.storage.corpus import Changed
from bot.storage.database import Database
from nlu.corpus import LANGUAGES, OTHERS, Corpus, Example, read_corpus
from nlu.overlay import Change, key_of, lay_names, lay_over
from nlu.similar import near_pairs

LONGEST = 1000  # characters of an example
SPOKEN = (*LANGUAGES, OTHERS)


class Teaching:
    """Reads and changes the corpus. Everything that changes it leaves an event with who did it."""

    def __init__(self, database: Database, project: Path, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._project = project
        self._clock = clock
        self._shipped: Corpus | None = None
        self._by_key: dict[str, Example] = {}
        self._entries: tuple[object, list[Entry]] | None = None
        self._contradictions: tuple[list[Entry], list[Contradiction]] | None = None

    async def shipped(self) -> Corpus:
        """The corpus as it came with this release."""
        if self._shipped is None:
            self._shipped = await asyncio.to_thread(read_corpus, self._project)
            self._by_key = {key_of(example.text): example for example in self._shipped.examples}
        return self._shipped

    async def corpus(self) -> Corpus:
        """The corpus as it is now; whether it can be trained on shows at training."""
        async with self._database.read() as conn:
            changes, intents = await storage.changes(conn), await storage.intents(conn)
            names = await family_names.names(conn)
        shipped = await self.shipped()
        laid = await asyncio.to_thread(lay_over, shipped, [c.change for c in changes], intents)
        return lay_names(laid, names)

    async def entries(self) -> list[Entry]:
        """All texts, those of admins first, newest first; removed ones at the end."""
        shipped = await self.shipped()
        async with self._database.read() as conn:
            stamp = await storage.stamp(conn)
            if self._entries is None or self._entries[0] != stamp:
                found = await asyncio.to_thread(entries_of, shipped, await storage.changes(conn))
                self._entries = (stamp, found)
        return self._entries[1]

    def forget(self) -> None:
        """Read all texts anew when they are next asked for."""
        self._entries = None

    async def contradictions(self, limit: int = 100) -> list[Contradiction]:
        """Nearly same texts under different intents, the most similar first."""
        # The same list comes back until the corpus changes, and comparing all texts takes seconds.
        known = await self.entries()
        if self._contradictions is None or self._contradictions[0] is not known:
            entries = [entry for entry in known if not entry.removed]
            pairs = await asyncio.to_thread(near_pairs, [entry.text for entry in entries])
            found = (Contradiction(entries[p.first], entries[p.second], p.similarity) for p in pairs)
            self._contradictions = (known, [one for one in found if one.first.intent != one.second.intent])
        return self._contradictions[1][:limit]

    async def put(self, change: Change, agent_id: int, *, instead_of: str | None = None) -> Entry:
        """Add a text, or change the one whose key is `instead_of`.

        Raises BadInput, NotFound, and Conflict("same_text") with the intent it stands under already.
        """
        change = self._checked(change, await self.names())
        key, now = key_of(change.text), self._clock()
        async with self._database.begin() as conn:
            await storage.lock(conn)
            before = await self._standing(conn, {key, instead_of or key})
            if instead_of is not None and instead_of not in before:
                raise NotFound("no_example", "There is no such example.")
            there = before.get(key)
            if there is not None and not there.removed and key != instead_of:
                raise Conflict(
                    "same_text",
                    f"This text stands under {there.intent} already.",
                    intent=there.intent,
                    key=key,
                )
            changes = [change]
            if instead_of is not None and instead_of != key:
                changes.append(_gone(before[instead_of]))
            await self._write(conn, changes, "console", agent_id, now)
        return replace(entry_of(key, change, "console"), at=now)

    async def remove(self, key: str, agent_id: int) -> None:
        """Take a text away. Raises NotFound."""
        async with self._database.begin() as conn:
            await storage.lock(conn)
            entry = (await self._standing(conn, {key})).get(key)
            if entry is None:
                raise NotFound("no_example", "There is no such example.")
            await self._write(conn, [_gone(entry)], "console", agent_id, self._clock())

    async def _standing(self, conn: AsyncConnection, keys: Collection[str]) -> dict[str, Entry]:
        """How these texts stand in the corpus now, removed ones included."""
        await self.shipped()
        shipped = {key: shipped_entry(key, self._by_key[key]) for key in keys if key in self._by_key}
        changed = await storage.find(conn, keys)
        return shipped | {key: entry_of(key, one.change, one.source) for key, one in changed.items()}

    async def restore(self, key: str, agent_id: int) -> None:
        """Take the change of a text back: it stands as shipped, or not at all. Raises NotFound."""
        async with self._database.begin() as conn:
            await storage.lock(conn)
            if not await storage.drop(conn, [key]):
                raise NotFound("no_change", "This text was not changed.")
            await note_change(conn, agent_id, 1)

    async def preview(self, changes: Sequence[Change]) -> Import:
        """What these texts would change.

        Raises BadInput for the same text under two intents, and for one that is too long.
        """
        wanted: dict[str, Change] = {}
        for change in changes:
            if len(change.text) > LONGEST:
                raise BadInput(
                    "bad_example",
                    f"{change.place}: an example has at most {LONGEST} characters.",
                    field="file",
                )
            same = wanted.setdefault(key_of(change.text), change)
            if same.intent != change.intent:
                raise BadInput(
                    "two_intents",
                    f"{change.place}: the same text stands under {same.intent} ({same.place}) and "
                    f"{change.intent}; expected one label a text.",
                )
        entries = {entry.key: entry for entry in await self.entries() if not entry.removed}
        added = tuple(change for key, change in wanted.items() if key not in entries)
        known = [(wanted[key], entries[key]) for key in wanted if key in entries]
        moved = tuple((change, entry) for change, entry in known if change.intent != entry.intent)
        near = await asyncio.to_thread(near_others, added, list(entries.values()))
        return Import(added, moved, len(known) - len(moved), near)

    async def take_in(self, changes: Sequence[Change], agent_id: int) -> Import:
        """Do what `preview` shows."""
        planned = await self.preview(changes)
        names = await self.names()
        checked = [self._checked(c, names) for c in (*planned.added, *(c for c, _ in planned.moved))]
        async with self._database.begin() as conn:
            await storage.lock(conn)
            await self._write(conn, checked, "import", agent_id, self._clock())
        return planned

    async def learn(
        self, conn: AsyncConnection, change: Change, agent_id: int, source: str
    ) -> tuple[str, Changed | None] | None:
        """Take one labelled text in, in the caller's transaction.

        Returns its key and what was changed of the same text before; None when it stands like this already.
        """
        change = self._checked(change, await self.names())
        await storage.lock(conn)
        key = key_of(change.text)
        there = (await self._standing(conn, {key})).get(key)
        if there is not None and there.removed:
            there = None
        same = there is not None and (there.intent, there.urgency, there.complex) == (
            change.intent,
            change.urgency if change.urgency is not None else there.urgency,
            change.complex if change.complex is not None else there.complex,
        )
        if same:
            return None
        before = (await storage.find(conn, [key])).get(key)
        await self._write(conn, [change], source, agent_id, self._clock())
        return key, before

    async def unlearn(
        self, conn: AsyncConnection, key: str, before: Change | None, source: str, agent_id: int
    ) -> None:
        """Take back what `learn` did."""
        await storage.lock(conn)
        if before is None:
            await storage.drop(conn, [key])
        else:
            await storage.put(conn, [before], source=source, agent_id=agent_id, now=self._clock())
        await note_change(conn, agent_id, 1)

    async def names(self) -> frozenset[str]:
        """The intents there are."""
        async with self._database.read() as conn:
            changed = await storage.intents(conn)
        names = [*(await self.shipped()).intents, *changed]
        return frozenset(name for name in names if changed.get(name, True))

    @staticmethod
    def _checked(change: Change, names: Collection[str]) -> Change:
        text = " ".join(change.text.split())
        if not text or len(text) > LONGEST:
            raise BadInput("bad_example", f"An example needs 1 to {LONGEST} characters.", field="text")
        if change.intent not in names:
            raise BadInput("no_intent", f"There is no intent {change.intent!r}.", field="intent")
        if change.language not in SPOKEN:
            raise BadInput(
                "bad_language", f"Expected one of {', '.join(SPOKEN)} as language.", field="language"
            )
        return replace(change, text=text)

    async def _write(
        self, conn: AsyncConnection, changes: Sequence[Change], source: str, agent_id: int, now: datetime
    ) -> None:
        await storage.put(conn, changes, source=source, agent_id=agent_id, now=now)
        await note_change(conn, agent_id, len(changes))


async def note_change(conn: AsyncConnection, agent_id: int, changes: int) -> None:
    """Say in the events that the corpus has changed, by whom and in how many texts."""
    await events.append(conn, kind="corpus.changed", actor=f"agent:{agent_id}", data={"changes": changes})


def _gone(entry: Entry) -> Change:
    return Change(entry.text, entry.intent, entry.language, removed=True)
