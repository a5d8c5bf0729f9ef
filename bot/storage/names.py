"""The names of all accounts, indexed in this process's memory and kept up to date from the tables.

Every row says in which transaction its name last changed. A refresh reads the rows changed since the
horizon of the last one (the oldest transaction still running then), so nothing that commits late is
missed, whichever process or command wrote it. The index only proposes: candidates are read from the
table again, so an account that has been deleted or merged simply is no longer there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.name_index import Postings, build, search
from bot.accounts.names import plain
from bot.storage.tables import Account

_HORIZON = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
_CHANGED = text("SELECT id, changed, name, former_names FROM accounts WHERE changed >= :since")
_TAIL = 5_000  # changed names beside the index, and a tenth of it, before all is built anew


@dataclass(frozen=True, slots=True)
class Segment:
    """Names indexed together; `accounts[i]` is the account of entry i."""

    postings: Postings
    accounts: NDArray[np.int64]

    def candidates(self, plain_name: str, limit: int) -> list[int]:
        """Accounts whose names look most like this plain name, best first."""
        return [int(self.accounts[i]) for i in search(self.postings, plain_name, limit)]


class Names:
    """The index of one process: a large part built once and a small one of what has changed since."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._since = 0
        self._base: Segment | None = None
        self._tail: Segment | None = None
        self._changed: dict[int, tuple[int, tuple[str, ...]]] = {}

    async def candidates(self, conn: AsyncConnection, name: str, limit: int) -> list[int]:
        """Ids of accounts whose present or former names look like this one, best first."""
        await self.refresh(conn)
        wanted = plain(name)
        found = [
            account
            for segment in (self._tail, self._base)
            if segment is not None
            for account in segment.candidates(wanted, limit)
        ]
        return list(dict.fromkeys(found))

    async def refresh(self, conn: AsyncConnection) -> None:
        """Take in what has changed; the first call reads everything."""
        async with self._lock:
            horizon: int = (await conn.execute(_HORIZON)).scalar_one()
            rows = (await conn.execute(_CHANGED, {"since": self._since})).all()
            new = {
                row.id: (row.changed, (row.name, *row.former_names))
                for row in rows
                if row.id not in self._changed or self._changed[row.id][0] != row.changed
            }
            if self._base is None:
                self._base = await asyncio.to_thread(_segment, {i: names for i, (_, names) in new.items()})
            elif new:
                await self._take(conn, new)
            self._since = horizon

    async def _take(self, conn: AsyncConnection, new: dict[int, tuple[int, tuple[str, ...]]]) -> None:
        assert self._base is not None  # noqa: S101 - the caller has built it
        self._changed |= new
        if len(self._changed) > max(_TAIL, self._base.postings.count // 10):
            everything = (await conn.execute(_CHANGED, {"since": 0})).all()
            named = {row.id: (row.name, *row.former_names) for row in everything}
            self._base, self._tail = await asyncio.to_thread(_segment, named), None
            self._changed.clear()
        else:
            named = {i: names for i, (_, names) in self._changed.items()}
            self._tail = await asyncio.to_thread(_segment, named)


def _segment(named: dict[int, tuple[str, ...]]) -> Segment:
    entries = [(account, name) for account, names in named.items() for name in names]
    return Segment(
        build([plain(name) for _, name in entries]),
        np.array([account for account, _ in entries], dtype=np.int64),
    )


async def read_accounts(conn: AsyncConnection, ids: Sequence[int]) -> list[Any]:
    """The accounts with these ids that still exist: id, customer_number, name, city, former_names, parent."""
    rows = await conn.execute(
        select(
            Account.id,
            Account.customer_number,
            Account.name,
            Account.city,
            Account.former_names,
            Account.parent_id,
        ).where(Account.id.in_(ids))
    )
    return list(rows)
