"""The drain of one thread: turns first, then one send, until nothing is left."""

from __future__ import annotations

from bot.outbox import Outbox
from bot.storage.deliveries import Claimed
from bot.turn import Turns


class Drain:
    """What a wake-up does. Its job holds the thread's lock, so there is one drain at a time."""

    def __init__(self, turns: Turns, outbox: Outbox) -> None:
        self._turns = turns
        self._outbox = outbox

    async def __call__(self, thread: str) -> None:
        """Work on a thread until its inbox is empty and its outbox is empty or has to wait.

        New messages go before further sends, so that a slow provider never hides an emergency.
        """
        part: Claimed | None = None
        heard = look = True  # whether the inbox, and the queue, may hold something that we have not seen
        while True:
            taken = await self._turns.take(thread) if heard else None
            heard = taken is not None
            if taken is not None:
                look = taken.part is None
                part = part or taken.part
                if taken.more:
                    continue
            if part is None and look:
                part, look = await self._outbox.next(thread), False
            if part is not None:
                sent = await self._outbox.send(thread, part)
                part, heard = sent.next, sent.heard
            elif not heard:
                return
