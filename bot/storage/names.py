"""The names of all accounts, indexed in this process's memory and kept up to date from the tables.

Every row says in which transaction its name last changed. A refresh reads the rows changed since the
horizon of the last one (the oldest transaction still running then), so nothing that commits late is
missed, whichever process or command wrote it. The index only proposes: candidates are read from the
table again, so an account that has been deleted or merged simply is no longer there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.name_index import Postings, build, search
from bot.accounts.name_score import Name, take_apart
from bot.accounts.names import fold

_CHANGED = text(
    """
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon,
        a.id, a.changed, a.name, a.former_names, a.city
    FROM (VALUES (1)) AS always LEFT JOIN accounts AS a ON a.changed >= :since
    """
)
_ACCOUNTS = text(
    "SELECT id, customer_number, name, city, former_names, parent_id FROM accounts WHERE id = ANY(:ids)"
)
_TAIL = 5_000  # changed names beside the index, and a tenth of it, before all is built anew


@dataclass(frozen=True, slots=True)
class Named:
    """What is indexed of an account, and the transaction that wrote it."""

    changed: int
    names: tuple[str, ...]
    city: str | None


@dataclass(frozen=True, slots=True)
class Segment:
    """Names indexed together; `accounts[i]` is the account of entry i. `cities` holds each city's entries."""

    postings: Postings
    accounts: NDArray[np.int64]
    cities: dict[str, NDArray[np.int32]]

    def candidates(self, wanted: Name, city: str | None, limit: int) -> list[int]:
        """Accounts whose names look most like this, and the likeliest in the city that was said."""
        found = search(self.postings, wanted.plain, limit, self._in(wanted, city))
        return [int(self.accounts[i]) for i in found]

    def _in(self, wanted: Name, city: str | None) -> NDArray[np.int32] | None:
        said = [fold(city)] if city else []
        parts = wanted.plain.split()
        said += [
            " ".join(parts[i:j]) for i in range(len(parts)) for j in range(i + 1, min(i + 4, len(parts) + 1))
        ]
        there = [self.cities[place] for place in said if place in self.cities]
        return np.concatenate(there) if there else None


class Names:
    """The index of one process: a large part built once and a small one of what has changed since."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._since = 0
        self._base: Segment | None = None
        self._tail: Segment | None = None
        self._changed: dict[int, Named] = {}

    async def candidates(
        self, conn: AsyncConnection, wanted: Name, city: str | None, limit: int
    ) -> list[int]:
        """Ids of accounts whose present or former names look like this one, best first."""
        await self.refresh(conn)
        found = [
            account
            for segment in (self._tail, self._base)
            if segment is not None
            for account in segment.candidates(wanted, city, limit)
        ]
        return list(dict.fromkeys(found))

    async def refresh(self, conn: AsyncConnection) -> None:
        """Take in what has changed; the first call reads everything."""
        async with self._lock:
            horizon, rows = await self._read(conn, self._since)
            new = {i: named for i, named in rows.items() if self._changed.get(i) != named}
            if self._base is None:
                self._base = await asyncio.to_thread(_segment, new)
            elif new:
                await self._take(conn, new)
            self._since = horizon

    async def _take(self, conn: AsyncConnection, new: dict[int, Named]) -> None:
        assert self._base is not None  # noqa: S101 - the caller has built it
        self._changed |= new
        if len(self._changed) > max(_TAIL, self._base.postings.count // 10):
            self._base, self._tail = await asyncio.to_thread(_segment, (await self._read(conn, 0))[1]), None
            self._changed.clear()
        else:
            self._tail = await asyncio.to_thread(_segment, self._changed)

    async def _read(self, conn: AsyncConnection, since: int) -> tuple[int, dict[int, Named]]:
        rows = (await conn.execute(_CHANGED, {"since": since})).all()
        return rows[0].horizon, {
            row.id: Named(row.changed, (row.name, *row.former_names), row.city)
            for row in rows
            if row.id is not None
        }


def _segment(named: dict[int, Named]) -> Segment:
    entries = [(account, name) for account, one in named.items() for name in one.names]
    cities: dict[str, list[int]] = {}
    for i, (account, _) in enumerate(entries):
        city = named[account].city
        if city:
            cities.setdefault(fold(city), []).append(i)
    return Segment(
        build([take_apart(name).plain for _, name in entries]),
        np.array([account for account, _ in entries], dtype=np.int64),
        {city: np.array(there, dtype=np.int32) for city, there in cities.items()},
    )


async def read_accounts(conn: AsyncConnection, ids: Collection[int]) -> list[Any]:
    """Those of these accounts that still exist: id, customer_number, name, city, former_names, parent_id."""
    if not ids:
        return []
    rows = await conn.execute(_ACCOUNTS, {"ids": list(ids)})
    return list(rows)
