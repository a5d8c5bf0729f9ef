"""What happens, as it happens: one reader a process, many listeners.

The reader follows `events`, loads each conversation and message that changed once, and hands the
same batch to everybody who listens. A listener that is too slow, or was away too long, is told to
load its state again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from dataclasses import replace

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Delivery
from bot.storage import events, notices
from bot.storage.database import Database
from bot.storage.events import Position, StoredEvent
from handoff.batch import Batch, Behind, Heard, Typing
from handoff.console import shapes
from handoff.queue import cards, history
from handoff.queue.training import read_training

log = structlog.get_logger(__name__)

POLL = 1.0  # seconds; a hint usually comes within 20 ms
KEEPALIVE = 15.0  # seconds of silence until a listener is told that we are still there
_READ_AT_ONCE = 500
_FURTHEST_BACK = 4_000  # events; whoever is further behind loads its state again, which is cheaper
_WAITING_BATCHES = 100

# These say nothing new about the conversation's card.
_TRAINING = frozenset({"training.changed", "model.promoted"})
_WITHOUT_CARD = frozenset({"typing", "delivery.changed", "media.changed"})


class _Listener:
    def __init__(self, endpoint_id: int | None) -> None:
        self.endpoint_id = endpoint_id
        self.queue: asyncio.Queue[Batch | Behind | None] = asyncio.Queue(_WAITING_BATCHES)

    def tell(self, heard: Batch) -> None:
        if self.queue.full():
            self._clear()
            self.queue.put_nowait(Behind(heard.position))
        else:
            self.queue.put_nowait(heard)

    def end(self) -> None:
        self._clear()
        self.queue.put_nowait(None)

    def _clear(self) -> None:
        while not self.queue.empty():
            self.queue.get_nowait()


class Live:
    """The reader and its listeners."""

    def __init__(self, database: Database, card_reader: cards.Cards) -> None:
        self._database = database
        self._cards = card_reader
        self._position = Position(0, 0)
        self._heard = asyncio.Event()
        self._joined = asyncio.Event()
        self._everything: set[_Listener] = set()
        self._by_endpoint: dict[int, set[_Listener]] = {}
        self._stopped = False
        self._ready = asyncio.Event()

    async def run(self) -> None:
        """Read until cancelled. Who listens waits until it has found its place."""
        await self._begin()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._database.listen(self._heard.set))
            group.create_task(self._read_forever())

    async def _begin(self) -> None:
        while not self._ready.is_set():
            try:
                async with self._database.read() as conn:
                    self._position = await events.head(conn)
                self._ready.set()
            except SQLAlchemyError as error:
                log.warning("the live stream waits for the database", error=type(error).__name__)
                await asyncio.sleep(POLL)

    def stop(self) -> None:
        """End all streams at once, so that the server can shut down; new ones end immediately."""
        self._stopped = True
        for listener in [*self._everything, *(one for some in self._by_endpoint.values() for one in some)]:
            listener.end()

    async def follow(self, after: Position | None, endpoint_id: int | None = None) -> AsyncGenerator[Heard]:
        """What happened after a position (None: from now on), and then what happens; ends at `stop`.

        With `endpoint_id` only what concerns this endpoint. Yields None after 15 s of silence.
        """
        await self._ready.wait()
        if not self._listened:
            await self._skip()
        listener = _Listener(endpoint_id)
        listeners = self._everything
        if endpoint_id is not None:
            listeners = self._by_endpoint.setdefault(endpoint_id, set())
        listeners.add(listener)
        self._joined.set()
        try:
            # What comes after this position reaches the listener's own queue from here on.
            until = self._position
            if after is not None and after < until:
                async for batch in self._missed(after, until, endpoint_id):
                    yield batch
            while not self._stopped:
                try:
                    async with asyncio.timeout(KEEPALIVE):
                        heard = await listener.queue.get()
                except TimeoutError:
                    heard = None
                if self._stopped:
                    return
                yield heard
        finally:
            listeners.discard(listener)
            if endpoint_id is not None and not listeners:
                self._by_endpoint.pop(endpoint_id, None)

    async def _missed(
        self, after: Position, until: Position, endpoint_id: int | None
    ) -> AsyncIterator[Batch | Behind]:
        position, read = after, 0
        while position < until:
            async with self._database.read() as conn:
                rows = await events.read_after(conn, position, _READ_AT_ONCE)
                rows = [row for row in rows if row.position <= until]
                if not rows:
                    return
                read += len(rows)
                if read > _FURTHEST_BACK:
                    yield Behind(until)
                    return
                position = rows[-1].position
                batch = replace(await self._load(conn, rows), typing=())
            batch = batch if endpoint_id is None else batch.only(endpoint_id)
            if batch.endpoints or batch.accounts or batch.notices is not None or batch.training is not None:
                yield batch

    async def _read_forever(self) -> None:
        while True:
            try:
                await self._read_on()
            except SQLAlchemyError as error:
                log.warning("the live stream waits for the database", error=type(error).__name__)
            try:
                async with asyncio.timeout(POLL):
                    await (self._heard if self._listened else self._joined).wait()
            except TimeoutError:
                continue
            self._heard.clear()
            self._joined.clear()

    @property
    def _listened(self) -> bool:
        return bool(self._everything or self._by_endpoint)

    async def _skip(self) -> None:
        """Go to the end of what has happened, unless somebody has begun to listen meanwhile."""
        async with self._database.read() as conn:
            head = await events.head(conn)
        if not self._listened:
            self._position = head

    async def _read_on(self) -> None:
        if not self._listened:
            return
        more = True
        while more:
            async with self._database.read() as conn:
                rows = await events.read_after(conn, self._position, _READ_AT_ONCE)
                more = len(rows) == _READ_AT_ONCE
                if not rows:
                    return
                position = rows[-1].position
                batch = await self._load(conn, rows)
                # Nothing may be awaited from here on: who joins either gets the batch or finds a
                # position that lies before it.
                self._position = position
                self._tell(batch)

    def _tell(self, batch: Batch) -> None:
        for listener in self._everything:
            listener.tell(batch)
        for endpoint_id in batch.endpoints & self._by_endpoint.keys():
            part = batch.only(endpoint_id)
            for listener in self._by_endpoint[endpoint_id]:
                listener.tell(part)

    async def _load(self, conn: AsyncConnection, rows: Collection[StoredEvent]) -> Batch:
        message_ids = {row.message_id for row in rows if row.message_id is not None}
        messages = await history.by_ids(conn, message_ids)
        conversation_ids = {
            row.conversation_id
            for row in rows
            if row.conversation_id is not None and row.kind not in _WITHOUT_CARD
        } | {  # A refused send may have blocked the endpoint, which its card shows.
            placed.message.conversation_id
            for placed in messages
            if placed.message.delivery and placed.message.delivery.state == Delivery.FAILED.value
        }
        return Batch(
            max(row.position for row in rows),
            tuple(await self._cards.by_ids(conn, conversation_ids)),
            tuple(messages),
            tuple(
                Typing(row.conversation_id, row.data["endpoint"], row.data["by"])
                for row in rows
                if row.kind == "typing" and row.conversation_id is not None
            ),
            tuple(dict.fromkeys(account for row in rows for account in row.data.get("accounts", ()))),
            await read_notices(conn) if any(row.kind == "notice.changed" for row in rows) else None,
            await read_training(conn) if any(row.kind in _TRAINING for row in rows) else None,
        )


async def read_notices(conn: AsyncConnection) -> tuple[shapes.StandingNotice, ...]:
    """The operator's board as the console shows it."""
    return tuple(
        shapes.StandingNotice(key=notice.key, text=notice.text, since=notice.since)
        for notice in await notices.standing(conn)
    )
