"""What past replies would say in other words, and which decisions would fall differently for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answers.catalogue import Catalogue, Trial
from bot.moment import Moment, Response
from bot.policy import LivePolicy
from bot.replay import EXCERPT, SILENT, Decided, Flip, moment_of
from bot.storage import past_turns
from bot.storage.database import Database
from bot.talk import Talk
from bot.triage import Action
from bot.worded import worded
from nlu.understanding import Understander


@dataclass(frozen=True, slots=True)
class Reading:
    """A past reply that would read differently: what would be said today, and with the other wording."""

    conversation_id: int
    message_id: int
    excerpt: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What another wording would change in the last conversations. `said_in` counts those in which it
    would be said; `readings` are newest first.
    """

    conversations: int
    turns: int
    said_in: int
    readings: tuple[Reading, ...]
    flips: tuple[Flip, ...]


class Rewording:
    """Answers past turns again, in the words of today and in those of a trial."""

    def __init__(
        self,
        database: Database,
        policy: LivePolicy,
        talk_of: Callable[[Catalogue], Talk],
        promise: Mapping[str, str],
        emergency_phone: str,
        clock: Callable[[], datetime],
    ) -> None:
        """`promise` stands for what people promise at a handoff, by language."""
        self._database = database
        self._policy = policy
        self._talk_of = talk_of
        self._promise = promise
        self._emergency_phone = emergency_phone
        self._clock = clock

    async def compare(
        self, catalogue: Catalogue, trial: Trial, *, understander: Understander, last: int
    ) -> Effect:
        """Compare the answers in force with those under trial. Nothing is written and nothing is said."""
        today, tried = self._talk_of(catalogue), self._talk_of(trial)
        readings: list[Reading] = []
        flips: list[Flip] = []
        said_in: set[int] = set()
        turns = 0
        async with self._database.read() as conn:
            past = await past_turns.latest(conn, last, self._clock().date())
            for conversation in past:
                for turn in conversation.turns:
                    if turn.recorded.get("decision", {}).get("action", SILENT) == SILENT:
                        continue
                    turns += 1
                    moment = await moment_of(conversation, turn, understander, self._policy.current)
                    trial.consulted = False
                    new, new_text = await self._answer(conn, tried, trial, moment)
                    if not trial.consulted:
                        continue
                    said_in.add(conversation.id)
                    old, old_text = await self._answer(conn, today, catalogue, moment)
                    excerpt = moment.heard.text[:EXCERPT]
                    if old_text != new_text:
                        readings.append(
                            Reading(conversation.id, turn.message_id, excerpt, old_text, new_text)
                        )
                    flip = Flip(
                        conversation.id,
                        turn.message_id,
                        excerpt,
                        _decided(old, moment),
                        _decided(new, moment),
                    )
                    if flip.new.differs(flip.old):
                        flips.append(flip)
        return Effect(len(past), turns, len(said_in), tuple(readings), tuple(flips))

    async def _answer(
        self, conn: AsyncConnection, talk: Talk, catalogue: Catalogue, moment: Moment
    ) -> tuple[Response, str]:
        response = await talk.respond(conn, moment)
        hands_off = response.decision.action is Action.HANDOFF
        promise = self._promise[moment.language] if hands_off else None
        reply = worded(catalogue, response, moment.language, promise, self._emergency_phone)
        return response, reply.text if reply is not None else ""


def _decided(response: Response, moment: Moment) -> Decided:
    return Decided(
        response.intent or moment.understanding.intent,
        response.decision.action.value,
        response.decision.urgency,
        response.decision.reasons,
    )
