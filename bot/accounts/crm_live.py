"""Asking a CRM while somebody waits: only for a phone that nobody here has, and for what is open.

Two seconds, then the local copy has to do. A CRM in trouble is left alone for a while and the operator
is told once, so that no chat is slowed down twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import phonenumbers
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.crm import CrmAway, CrmError, CrmForbids, CrmSource, OpenItem
from bot.accounts.directory import Membership
from bot.accounts.sync import Sync
from bot.notices import Notices
from bot.storage import crm_copy
from bot.storage.accounts import LocalDirectory
from bot.storage.database import Database

log = structlog.get_logger(__name__)

DEADLINE = 2.0  # seconds
_FAILURES = 3  # in a row, until a CRM is left alone
_LEFT_ALONE = timedelta(minutes=1)
_LOCKED_OUT = timedelta(minutes=5)
_MISSES_LAST = timedelta(minutes=10)
_MOST_MISSES = 1_000

Said = TypeVar("Said")


@dataclass(slots=True)
class _Circuit:
    """How a CRM has behaved lately, in this process."""

    failures: int = 0
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenItems:
    """What is open at a CRM for an account. `as_of` is None when it was never read; `stale` means that
    the CRM did not answer now.
    """

    source: str
    items: tuple[OpenItem, ...]
    as_of: datetime | None
    stale: bool


class CrmLive:
    """Live look-ups in all configured CRMs; what is learned is taken over into the local copy."""

    def __init__(
        self,
        database: Database,
        sync: Sync,
        notices: Notices,
        clock: Callable[[], datetime],
        *,
        deadline: float = DEADLINE,
    ) -> None:
        self._database = database
        self._sync = sync
        self._notices = notices
        self._clock = clock
        self._deadline = deadline
        self._circuits = {name: _Circuit() for name in sync.sources}
        self._misses: dict[str, datetime] = {}

    async def learn(self, phone: str) -> bool:
        """Ask all CRMs who has this E.164 phone; whether anything was taken over."""
        if not self._sync.sources or not _is_phone(phone):
            return False
        now = self._clock()
        missed = self._misses.get(phone)
        if missed is not None and now - missed < _MISSES_LAST:
            return False
        asked = await asyncio.gather(*(self._find(name, phone) for name in self._sync.sources))
        if None not in asked and not any(asked):
            if len(self._misses) >= _MOST_MISSES:
                self._misses.clear()
            self._misses[phone] = now
        return any(asked)

    async def open_items(self, account_id: int) -> list[OpenItems]:
        """What is open for an account, from each CRM that knows it; as last read where one is silent."""
        async with self._database.read() as conn:
            known = await crm_copy.known_as(conn, account_id)
        found = []
        for record in known:
            source = self._sync.sources.get(record.source)
            if source is None:
                continue
            try:
                items = await self._ask(source, partial(source.open_items, record.external_id))
            except CrmError:
                found.append(OpenItems(record.source, record.open_items, record.open_items_at, stale=True))
                continue
            now = self._clock()
            async with self._database.begin() as conn:
                await crm_copy.keep_open_items(conn, record.source, record.external_id, items, now)
            found.append(OpenItems(record.source, tuple(items), now, stale=False))
        return found

    async def _find(self, name: str, phone: str) -> bool | None:
        """Whether one CRM knows a phone; None when it cannot say now."""
        source = self._sync.sources[name]
        try:
            changes = await self._ask(source, partial(source.find_by_phone, phone))
        except CrmError:
            return None
        if changes.people or changes.accounts:
            await self._sync.take(name, changes)
            return True
        return False

    async def _ask(self, source: CrmSource, call: Callable[[], Awaitable[Said]]) -> Said:
        circuit, now = self._circuits[source.name], self._clock()
        if circuit.until is not None and circuit.until > now:
            raise CrmAway(f"{source.title} is left alone for a while")
        try:
            async with asyncio.timeout(self._deadline):
                said = await call()
        except TimeoutError:
            error: CrmError = CrmAway(f"{source.title} did not answer in time")
        except CrmError as met:
            error = met
        else:
            if circuit.failures:
                self._circuits[source.name] = _Circuit()
                await self._notices.clear(f"crm:{source.name}")
            return said
        await self._note_failure(source, circuit, error)
        raise error

    async def _note_failure(self, source: CrmSource, circuit: _Circuit, error: CrmError) -> None:
        circuit.failures += 1
        log.warning("live look-up failed", source=source.name, reason=type(error).__name__)
        asked_for = timedelta(seconds=error.after) if isinstance(error, CrmAway) and error.after else None
        if isinstance(error, CrmForbids):
            circuit.until = self._clock() + _LOCKED_OUT
        elif asked_for is not None or circuit.failures >= _FAILURES:
            circuit.until = self._clock() + (asked_for or _LEFT_ALONE)
        await self._notices.show(
            f"crm:{source.name}", f"{error}. The chat goes on with the local copy of {source.title}."
        )


class LiveDirectory(LocalDirectory):
    """The local copy, and the CRMs behind it for a phone that nobody here has."""

    def __init__(self, clock: Callable[[], datetime], live: CrmLive) -> None:
        super().__init__(clock)
        self._live = live

    async def find_by_phone(self, conn: AsyncConnection, phone: str) -> list[Membership]:
        """Everybody active who has this E.164 phone on file, here or over there."""
        found = await super().find_by_phone(conn, phone)
        if found or await self.find_by_trunk(conn, phone) or not await self._live.learn(phone):
            return found
        return await super().find_by_phone(conn, phone)


def _is_phone(phone: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return False
