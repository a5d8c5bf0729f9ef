"""The gate before anything goes live: the last conversations are decided again, and what flips is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.answers.catalogue import Catalogue, Entry
from bot.errors import Conflict
from bot.model import Model
from bot.policy import Policy
from bot.replay import Comparison, Flip, Replay
from bot.rewording import Effect, Rewording
from bot.staging import Stage
from bot.storage import reviews
from bot.storage.database import Database
from bot.storage.model_versions import Version
from nlu.understanding import Understander

LAST = 200
_KEPT = 8

Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a candidate would change. `blocking` are lost emergencies that no person has called a mistake."""

    comparison: Comparison
    blocking: tuple[Flip, ...]


@dataclass(frozen=True, slots=True)
class WordingOutcome:
    """What another wording would change. `missing` are words it has lost that somebody's safety hangs on."""

    effect: Effect
    blocking: tuple[Flip, ...]
    missing: tuple[str, ...]

    @property
    def shut(self) -> bool:
        """Whether it may not be said."""
        return bool(self.blocking or self.missing)


class Gate:
    """Lets a model version, a policy or a wording through, or says which emergency it would miss."""

    def __init__(
        self,
        database: Database,
        replay: Replay,
        rewording: Rewording,
        model: Model,
        catalogue: Catalogue,
        engine: Understander,
        stage: Stage,
    ) -> None:
        self._database = database
        self._replay = replay
        self._rewording = rewording
        self._model = model
        self._catalogue = catalogue
        self._engine = engine
        self._stage = stage
        self._seen: dict[Hashable, Any] = {}
        self._one_at_a_time = asyncio.Lock()

    async def try_version(self, name: str) -> Outcome:
        """What this version would change. Raises NotFound, and Conflict for an unfit one, as `Stage.set`."""
        await self._model.usable(name)

        async def replay() -> Comparison:
            async with self._stage.set(name) as candidate:
                return await self._replay.compare(understander=candidate, last=LAST)

        return await self._judge(("version", name), replay)

    async def try_policy(self, policy: Policy) -> Outcome:
        """What this policy would change, with the engine that answers now."""
        return await self._judge(
            ("policy", policy, self._model.version),
            lambda: self._replay.compare(understander=self._engine, policy=policy, last=LAST),
        )

    async def try_wording(self, entry: Entry, form: str, text: str) -> WordingOutcome:
        """What this wording would change; an empty one is the one that came with the product."""
        async with self._database.read() as conn:
            await self._catalogue.refresh(conn)
        trial = self._catalogue.trying(entry.key, form, text)
        effect = await self._once(
            ("wording", trial.state, self._catalogue.state, self._model.version),
            lambda: self._rewording.compare(self._catalogue, trial, understander=self._engine, last=LAST),
        )
        lost = entry.missing(form, text) if text else ()
        return WordingOutcome(effect, await self._blocking(effect.flips), lost)

    async def roll_back(self, agent_id: int | None, *, anyway: bool) -> Version:
        """Let the version answer again that was live before; `anyway` even if it would miss an emergency,
        which is written down. Raises Conflict when the gate is shut, and as `Model.earlier`.
        """
        version = await self._model.earlier()
        outcome = await self.try_version(version.name)
        if not anyway:
            refuse(outcome)
        lost = [flip.message_id for flip in outcome.blocking]
        await self._model.roll_back(version, agent_id, lost)
        return version

    async def _judge(
        self, candidate: tuple[Hashable, ...], replay: Callable[[], Awaitable[Comparison]]
    ) -> Outcome:
        comparison = await self._once(candidate, replay)
        return Outcome(comparison, await self._blocking(comparison.flips))

    async def _blocking(self, flips: tuple[Flip, ...]) -> tuple[Flip, ...]:
        lost = [flip for flip in flips if flip.lost_emergency]
        async with self._database.read() as conn:
            mistaken = await reviews.no_emergency(conn, [flip.message_id for flip in lost])
        return tuple(flip for flip in lost if flip.message_id not in mistaken)

    async def _once(self, candidate: tuple[Hashable, ...], replay: Callable[[], Awaitable[Seen]]) -> Seen:
        """What was seen of this candidate before, as long as nobody has written since."""
        async with self._one_at_a_time:
            async with self._database.read() as conn:
                newest = await reviews.newest_message(conn)
            key = (*candidate, newest)
            if key not in self._seen:
                seen = await replay()
                while len(self._seen) >= _KEPT:
                    self._seen.pop(next(iter(self._seen)))
                self._seen[key] = seen
            known: Seen = self._seen[key]
            return known


def refuse(outcome: Outcome | WordingOutcome) -> None:
    """Raise Conflict("lost_emergency") when the gate is shut."""
    if isinstance(outcome, WordingOutcome) and outcome.missing:
        raise Conflict(
            "safety_line",
            "This wording has lost a part of the safety line.",
            missing=list(outcome.missing),
        )
    if outcome.blocking:
        raise Conflict(
            "lost_emergency",
            "An emergency of the last conversations would be missed. If it was none, correct that message.",
            messages=[flip.message_id for flip in outcome.blocking],
            conversations=[flip.conversation_id for flip in outcome.blocking],
        )
