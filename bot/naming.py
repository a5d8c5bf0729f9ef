"""What people call the devices, as admins see and change it: the shipped names with their changes over them.

Which device a text names is found by these words alone; nobody marks it in an example.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import BadInput, Conflict, NotFound
from bot.storage import corpus as storage
from bot.storage import events, family_names, knowledge
from bot.storage.database import Database
from bot.teaching import Teaching
from nlu.overlay import FamilyName, lay_names

LONGEST = 60  # characters of a name


@dataclass(frozen=True, slots=True)
class Name:
    """One name. `others` are the families that are called like that too: then it names none of them."""

    name: str
    shipped: bool
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """A family of devices. `title` is by language; `removed` are shipped names that were taken away."""

    code: str
    title: Mapping[str, str]
    articles: int
    names: tuple[Name, ...]
    removed: tuple[str, ...]


class Naming:
    """Reads and changes the names. Each change leaves an event with who did it."""

    def __init__(self, database: Database, teaching: Teaching, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._teaching = teaching
        self._clock = clock

    async def families(self) -> list[Family]:
        """All families that have articles or names, by their code."""
        async with self._database.read() as conn:
            return await self._families(conn)

    async def _families(self, conn: AsyncConnection) -> list[Family]:
        shipped = await self._teaching.shipped()
        changes = await family_names.names(conn)
        now = lay_names(shipped, changes).families
        titles = {family.code: family.name for family in await knowledge.families(conn)}
        articles = await family_names.articles(conn)
        owners: defaultdict[str, set[str]] = defaultdict(set)
        for code, names in now.items():
            for name in names:
                owners[name.casefold()].add(code)
        original = {(code, name.casefold()) for code, names in shipped.families.items() for name in names}
        return [
            Family(
                code,
                titles.get(code, {"de": code, "en": code}),
                articles.get(code, 0),
                tuple(
                    Name(
                        name,
                        (code, name.casefold()) in original,
                        tuple(sorted(owners[name.casefold()] - {code})),
                    )
                    for name in now.get(code, ())
                ),
                tuple(one.name for one in changes if one.family == code and one.removed),
            )
            for code in sorted({*now, *shipped.families, *titles})
        ]

    async def add(self, family: str, name: str, agent_id: int) -> None:
        """Call a family by one more name. Raises BadInput, NotFound, Conflict("same_name")."""
        if await self.take_in([FamilyName(family, name)], agent_id) == 0:
            raise Conflict("same_name", "This family is called like that already.")

    async def take_in(self, names: Sequence[FamilyName], agent_id: int, *, apply: bool = True) -> int:
        """Take names in, all or none; returns how many are new. Raises BadInput, and NotFound for a family.

        Without `apply` nothing is written.
        """
        wanted = [FamilyName(one.family, _checked(one.name)) for one in names]
        async with self._database.begin() as conn:
            await storage.lock(conn)
            known = {family.code: family for family in await self._families(conn)}
            for one in wanted:
                if one.family not in known:
                    raise NotFound(
                        "no_family",
                        f"There is no family {one.family}; expected one of {', '.join(known)}.",
                        family=one.family,
                    )
            there = {(code, n.name.casefold()) for code, family in known.items() for n in family.names}
            new = {
                (one.family, one.name.casefold()): one
                for one in wanted
                if (one.family, one.name.casefold()) not in there
            }
            if apply and new:
                gone = {(code, name.casefold()) for code, f in known.items() for name in f.removed}
                for family, name in new.keys() & gone:
                    await family_names.drop(conn, family, name)
                added = [one for key, one in new.items() if key not in gone]
                await family_names.put(conn, added, agent_id=agent_id, now=self._clock())
                await _note(conn, agent_id, len(new))
        return len(new)

    async def remove(self, family: str, name: str, agent_id: int) -> None:
        """Call a family no longer by a name. Raises NotFound."""
        async with self._database.begin() as conn:
            await storage.lock(conn)
            found = [
                known
                for one in await self._families(conn)
                if one.code == family
                for known in one.names
                if known.name.casefold() == name.casefold()
            ]
            if not found:
                raise NotFound("no_name", "The family is not called like that.")
            if found[0].shipped:
                gone = FamilyName(family, found[0].name, removed=True)
                await family_names.put(conn, [gone], agent_id=agent_id, now=self._clock())
            else:
                await family_names.drop(conn, family, name)
            await _note(conn, agent_id, 1)


def _checked(name: str) -> str:
    words = " ".join(name.split())
    if not 2 <= len(words) <= LONGEST or not any(letter.isalpha() for letter in words):
        raise BadInput("bad_family_name", f"A name has 2 to {LONGEST} characters, letters among them.")
    return words


async def _note(conn: AsyncConnection, agent_id: int, changes: int) -> None:
    await events.append(conn, kind="corpus.changed", actor=f"agent:{agent_id}", data={"names": changes})
