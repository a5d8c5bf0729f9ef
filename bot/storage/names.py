"""The names of all accounts, indexed in this process's memory and kept up to date from the tables.

Every row says in which transaction its name last changed. A refresh reads the rows changed since the
horizon of the last one (the oldest transaction still running then), so nothing that commits late is
missed, whichever process or command wrote it. The index only proposes: candidates are read from the
table again, so an account that has been deleted or merged simply is no longer there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.name_index import Postings, build, search
from bot.accounts.name_parts import Name, plain_parts
from bot.accounts.name_score import promising
from bot.accounts.names import fold

# What has changed, and the accounts asked for, in one round trip.
_CHANGED = text(
    """
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon,
        a.id, a.changed, a.customer_number, a.name, a.former_names, a.city, a.parent_id
    FROM (VALUES (1)) AS always LEFT JOIN (
        SELECT * FROM accounts WHERE id = ANY(:ids)
        UNION ALL SELECT * FROM accounts WHERE changed >= :since AND NOT id = ANY(:ids)
    ) AS a ON true
    """
)
_PAGE = text(
    """
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon,
        a.id, a.changed, a.name, a.former_names, a.city
    FROM (VALUES (1)) AS always LEFT JOIN (
        SELECT * FROM accounts WHERE id > :after ORDER BY id LIMIT :many
    ) AS a ON true
    ORDER BY a.id
    """
)
_ACCOUNTS = text(
    "SELECT id, changed, customer_number, name, city, former_names, parent_id"
    " FROM accounts WHERE id = ANY(:ids)"
)
_PROPOSED = 80  # entries the index proposes; their names are in memory
_LATER, _LATEST = 0.3, 30  # points less for each place further down in the index's order
_HOPELESS = 45.0  # what promises so much less than the best is not read
_ROWS = 5_000  # read at once
_TAIL = 5_000  # changed names beside the index, and a tenth of it, before all is built anew


@dataclass(frozen=True, slots=True)
class Named:
    """What is indexed of an account, and the transaction that wrote it."""

    changed: int
    names: tuple[str, ...]
    city: str | None


@dataclass(frozen=True, slots=True)
class Segment:
    """Names indexed together; `accounts[i]` is the account of entry i, `places[i]` its city in `cities`.

    `there` holds each city's entries. -1 is no city.
    """

    postings: Postings
    accounts: NDArray[np.int64]
    cities: tuple[str, ...]
    places: NDArray[np.int32]
    there: dict[str, NDArray[np.int32]]

    def candidates(self, wanted: Name, city: str | None) -> list[tuple[float, int]]:
        """Accounts whose names look like this, each with what it promises; also those in the city said."""
        found = search(self.postings, wanted.plain, _PROPOSED, self._in(wanted, city))
        if not len(found):
            return []
        cities = [self.cities[place] if place >= 0 else None for place in self.places[found].tolist()]
        names = list(zip(self.postings.names(found), cities, strict=True))
        accounts = self.accounts[found].tolist()
        likely = promising(wanted, city, names)
        promise = [one - _LATER * min(rank, _LATEST) for rank, one in enumerate(likely)]
        return list(zip(promise, accounts, strict=True))

    def _in(self, wanted: Name, city: str | None) -> NDArray[np.int32] | None:
        said = [fold(city)] if city else []
        parts = wanted.plain.split()
        said += [
            " ".join(parts[i:j]) for i in range(len(parts)) for j in range(i + 1, min(i + 4, len(parts) + 1))
        ]
        there = [self.there[place] for place in dict.fromkeys(said) if place in self.there]
        return np.concatenate(there) if there else None


class Names:
    """The index of one process: a large part built once and a small one of what has changed since."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._since = 0
        self._base: Segment | None = None
        self._tail: Segment | None = None
        self._changed: dict[int, Named] = {}

    async def likely(
        self, conn: AsyncConnection, wanted: Sequence[tuple[Name, str | None]], limit: int
    ) -> list[list[Any]]:
        """For each name and city the accounts worth comparing with it, likeliest first, as they are now.

        Rows as of `read_accounts`. Usually one round trip: the candidates come with what has changed, and
        only a change that this process has not yet seen makes it look again.
        """
        if self._base is None:
            await self.refresh(conn)
        found = [self._candidates(name, city, limit) for name, city in wanted]
        ids = list({account for some in found for account in some})
        rows = (await conn.execute(_CHANGED, {"since": self._since, "ids": ids})).all()
        if await self._follow(conn, rows):
            found = [self._candidates(name, city, limit) for name, city in wanted]
            rows = await read_accounts(conn, {account for some in found for account in some})
        there = {row.id: row for row in rows}
        return [[there[account] for account in some if account in there] for some in found]

    async def refresh(self, conn: AsyncConnection) -> None:
        """Take in what has changed; the first call reads everything."""
        async with self._lock:
            if self._base is None:
                horizon, named = await self._read_all(conn)
                self._base = await asyncio.to_thread(_segment, named)
                self._since = horizon
                return
        await self._follow(conn, (await conn.execute(_CHANGED, {"since": self._since, "ids": []})).all())

    def _candidates(self, wanted: Name, city: str | None, limit: int) -> list[int]:
        found = [
            one
            for segment in (self._tail, self._base)
            if segment is not None
            for one in segment.candidates(wanted, city)
        ]
        found.sort(key=lambda one: -one[0])
        return list(
            dict.fromkeys(account for promise, account in found if promise >= found[0][0] - _HOPELESS)
        )[:limit]

    async def _follow(self, conn: AsyncConnection, rows: Sequence[Any]) -> bool:
        """Take in what these rows say has changed since the last look; whether anything had."""
        changed = _named(row for row in rows if row.id is not None and row.changed >= self._since)
        new = {i: named for i, named in changed.items() if self._changed.get(i) != named}
        if new:
            async with self._lock:
                await self._take(conn, new)
        self._since = max(self._since, rows[0].horizon)
        return bool(new)

    async def _take(self, conn: AsyncConnection, new: dict[int, Named]) -> None:
        assert self._base is not None  # noqa: S101 - the caller has built it
        self._changed |= new
        if len(self._changed) > max(_TAIL, self._base.postings.count // 10):
            self._base, self._tail = await asyncio.to_thread(_segment, (await self._read_all(conn))[1]), None
            self._changed.clear()
        else:
            self._tail = await asyncio.to_thread(_segment, self._changed)

    async def _read_all(self, conn: AsyncConnection) -> tuple[int, dict[int, Named]]:
        horizon, named = 0, dict[int, Named]()
        while True:  # page by page, so that the process goes on answering meanwhile
            last = next(reversed(named), 0)
            page = (await conn.execute(_PAGE, {"after": last, "many": _ROWS})).all()
            horizon = horizon or page[0].horizon
            if page[0].id is None:
                return horizon, named
            named |= _named(page)


def _named(rows: Iterable[Any]) -> dict[int, Named]:
    return {
        row.id: Named(row.changed, (row.name, *row.former_names), row.city)
        for row in rows
        if row.id is not None
    }


def _segment(named: dict[int, Named]) -> Segment:
    entries = [(account, name, one.city) for account, one in named.items() for name in one.names]
    numbers: dict[str, int] = {}
    places = np.array(
        [numbers.setdefault(fold(city), len(numbers)) if city else -1 for _, _, city in entries],
        dtype=np.int32,
    )
    order = np.argsort(places, kind="stable").astype(np.int32)
    starts = np.searchsorted(places[order], np.arange(len(numbers) + 1))
    return Segment(
        build([plain_parts(name) for _, name, _ in entries]),
        np.array([account for account, _, _ in entries], dtype=np.int64),
        tuple(numbers),
        places,
        {city: order[starts[i] : starts[i + 1]] for city, i in numbers.items()},
    )


async def read_accounts(conn: AsyncConnection, ids: Collection[int]) -> list[Any]:
    """Those of these accounts that still exist.

    Rows: id, changed, customer_number, name, city, former_names, parent_id.
    """
    if not ids:
        return []
    rows = await conn.execute(_ACCOUNTS, {"ids": list(ids)})
    return list(rows)
