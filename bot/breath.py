"""Which of the waiting messages are one turn: what somebody said in one breath.

Usually a message is answered before the next one is written. After an outage, or behind a slow provider,
many wait at once; they are then taken one by one, as if each had just come. So none goes unanswered
because another came after it, and our own delay never looks like many questions at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from bot.messages import Kind
from bot.storage.inbox import Waiting

PAUSE = timedelta(seconds=10)
"""Within so long our answer would have been there, and the next message be about that."""


def one_turn(items: Sequence[Waiting]) -> list[Waiting]:
    """The first turn among these items: up to a pause of the sender's, or a signal, which is one by
    itself; with the later edits of what is in it.
    """
    taken = 1
    for before, item in pairwise(items):
        if _parted(before, item):
            break
        taken += 1
    said = {item.inbound.message_id for item in items[:taken]}
    edits = [item for item in items[taken:] if _edits(item, said)]
    return [*items[:taken], *edits]


def _parted(before: Waiting, item: Waiting) -> bool:
    signal = Kind.SIGNAL in (before.inbound.kind, item.inbound.kind)
    return signal or item.inbound.sent_at - before.inbound.sent_at > PAUSE


def _edits(item: Waiting, said: set[str | None]) -> bool:
    return item.inbound.kind is Kind.EDIT and item.inbound.message_id in said
