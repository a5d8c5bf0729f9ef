"""The door's one way in: stored once, conversation woken, then acknowledged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from prometheus_client import Counter

from bot.errors import NotFound
from bot.jobs import Jobs
from bot.storage import inbox
from bot.storage.database import Database
from bot.storage.inbox import Arrival

log = structlog.get_logger(__name__)

ARRIVED = Counter("bauruf_arrivals_total", "Provider calls by what became of them", ["channel", "outcome"])

Parser = Callable[[bytes, datetime], Arrival]


class Intake:
    """Takes provider calls in. When `accept` returns, they are safe and may be acknowledged."""

    def __init__(self, database: Database, jobs: Jobs, parsers: Mapping[str, Parser]) -> None:
        self._database = database
        self._jobs = jobs
        self._parsers = parsers

    async def accept(self, *arrivals: Arrival) -> int:
        """Store calls and wake their conversations, in one transaction; returns how many were new.

        A repeated delivery changes nothing. What could not be read is kept in quarantine.
        """
        async with self._database.direct() as conn:
            new = await inbox.store(conn, arrivals)
        for arrival in new:
            ARRIVED.labels(arrival.channel, "taken" if arrival.inbound else "quarantined").inc()
            if arrival.inbound is None:
                log.warning("quarantined", channel=arrival.channel, reason=arrival.reason)
        return len(new)

    async def replay(self, item_id: int) -> str | None:
        """Read a quarantined call again with today's parser.

        Returns None when it could be read and is on its way, else the reason why not. Raises
        NotFound when nothing is in quarantine under this id.
        """
        async with self._database.begin() as conn:
            item = await inbox.quarantined_item(conn, item_id)
            if item is None:
                raise NotFound("not_in_quarantine", f"Nothing is in quarantine under {item_id}.")
            parser = self._parsers.get(item.channel)
            if parser is None:
                return f"No parser for the channel {item.channel}."
            arrival = parser(item.raw, item.received_at)
            await inbox.take_up(conn, item_id, arrival)
            if arrival.inbound is not None:
                await self._jobs.wake(conn, arrival.inbound.sender.thread)
        return arrival.reason if arrival.inbound is None else None
