"""The gate before anything goes live: the last conversations are decided again, and what flips is shown."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.errors import Conflict
from bot.model import Model
from bot.policy import Policy
from bot.replay import Comparison, Flip, Replay
from bot.storage import reviews
from bot.storage.database import Database
from nlu.understanding import Understander

LAST = 200
_KEPT = 8


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a candidate would change. `blocking` are lost emergencies that no person has called a mistake."""

    comparison: Comparison
    blocking: tuple[Flip, ...]


class Gate:
    """Lets a model version or a policy through, or says which emergency it would miss."""

    def __init__(self, database: Database, replay: Replay, model: Model, engine: Understander) -> None:
        self._database = database
        self._replay = replay
        self._model = model
        self._engine = engine
        self._seen: dict[tuple[object, ...], Comparison] = {}
        self._one_at_a_time = asyncio.Lock()

    async def try_version(self, name: str) -> Outcome:
        """What this version would change. Raises NotFound, and Conflict for an unfit one."""
        candidate = await self._model.usable(name)
        return await self._judge(("version", name), candidate, None)

    async def try_policy(self, policy: Policy) -> Outcome:
        """What this policy would change, with the engine that answers now."""
        return await self._judge(("policy", policy, self._model.version), self._engine, policy)

    async def _judge(
        self, candidate: tuple[object, ...], understander: Understander, policy: Policy | None
    ) -> Outcome:
        async with self._one_at_a_time:
            async with self._database.read() as conn:
                newest = await reviews.newest_message(conn)
            key = (*candidate, newest)
            comparison = self._seen.get(key)
            if comparison is None:
                comparison = await self._replay.compare(understander=understander, policy=policy, last=LAST)
                while len(self._seen) >= _KEPT:
                    self._seen.pop(next(iter(self._seen)))
                self._seen[key] = comparison
        lost = [flip for flip in comparison.flips if flip.lost_emergency]
        async with self._database.read() as conn:
            mistaken = await reviews.no_emergency(conn, [flip.message_id for flip in lost])
        return Outcome(comparison, tuple(flip for flip in lost if flip.message_id not in mistaken))


def refuse(outcome: Outcome) -> None:
    """Raise Conflict("lost_emergency") when the gate is shut."""
    if outcome.blocking:
        raise Conflict(
            "lost_emergency",
            "An emergency of the last conversations would be missed. If it was none, correct that message.",
            messages=[flip.message_id for flip in outcome.blocking],
            conversations=[flip.conversation_id for flip in outcome.blocking],
        )
