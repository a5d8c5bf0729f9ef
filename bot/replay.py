"""Past conversations once more: what another model or policy would have decided.

Every recorded turn is decided again by the code that decides live traffic, from the dialogue's memory as
it was before that turn. Nothing is written and nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.accounts.recognition import Origin
from bot.dialogue import recall
from bot.hearing import hear
from bot.moment import Moment
from bot.policy import LivePolicy, Policy
from bot.storage import past_turns
from bot.storage.database import Database
from bot.storage.past_turns import PastConversation, PastTurn
from bot.talk import Talk, listen
from nlu.fallback import FallbackUnderstander
from nlu.linear import LinearUnderstander
from nlu.live import LiveUnderstander
from nlu.rasa import RasaUnderstander
from nlu.understanding import Understander

SILENT = "silent"
EXCERPT = 160  # characters


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a turn: answer, clarify, handoff or silent, about what, how urgent and why."""

    intent: str
    action: str
    urgency: int
    reasons: tuple[str, ...]

    def differs(self, other: Decided) -> bool:
        """Whether somebody would notice: another action or urgency, or an answer about something else."""
        if (self.action, self.urgency) != (other.action, other.urgency):
            return True
        return self.action in ("answer", "clarify") and self.intent != other.intent


@dataclass(frozen=True, slots=True)
class Flip:
    """A turn that would be decided differently. `excerpt` is the beginning of what was said."""

    conversation_id: int
    message_id: int
    excerpt: str
    old: Decided
    new: Decided

    @property
    def lost_emergency(self) -> bool:
        """An alarm that would not be raised any more."""
        return self.old.urgency == 2 and self.new.urgency < 2


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a candidate would change in the last conversations."""

    conversations: int
    turns: int
    flips: tuple[Flip, ...]

    @property
    def lost_emergency(self) -> bool:
        """Whether any alarm would be lost: reason enough not to promote the candidate."""
        return any(flip.lost_emergency for flip in self.flips)


Progress = Callable[[int, int], None]


class Replay:
    """Decides past turns again."""

    def __init__(
        self, database: Database, talk: Talk, policy: LivePolicy, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._talk = talk
        self._policy = policy
        self._clock = clock

    async def compare(
        self,
        *,
        understander: Understander,
        policy: Policy | None = None,
        last: int = 200,
        progress: Progress = lambda done, total: None,
    ) -> Comparison:
        """Decide the turns of the last conversations again with a candidate, and compare.

        `policy` is the one in force when left out. `progress` is told how many of how many conversations
        are done. Cancelling it leaves nothing behind. Turns recorded before decisions were kept are left
        out. Raises EngineUnavailable when a candidate does.
        """
        candidate = policy or self._policy.current
        if isinstance(
            understander, LinearUnderstander | LiveUnderstander | RasaUnderstander | FallbackUnderstander
        ):
            understander = understander.at(candidate.costs)
        flips: list[Flip] = []
        turns = 0
        async with self._database.read() as conn:
            past = await past_turns.latest(conn, last, self._clock().date())
            for done, conversation in enumerate(past):
                progress(done, len(past))
                for turn in conversation.turns:
                    if "decision" not in turn.recorded:
                        continue
                    turns += 1
                    moment = await moment_of(conversation, turn, understander, candidate)
                    old = _decided(turn.recorded["decision"])
                    if old.action == SILENT:
                        response = listen(moment)
                    else:
                        response = await self._talk.respond(conn, moment)
                    new = Decided(
                        response.intent or moment.understanding.intent,
                        SILENT if old.action == SILENT else response.decision.action.value,
                        response.decision.urgency,
                        response.decision.reasons,
                    )
                    if new.differs(old):
                        excerpt = moment.heard.text[:EXCERPT]
                        flips.append(Flip(conversation.id, turn.message_id, excerpt, old, new))
        progress(len(past), len(past))
        return Comparison(len(past), turns, tuple(flips))


async def moment_of(
    conversation: PastConversation, turn: PastTurn, understander: Understander, policy: Policy
) -> Moment:
    """A recorded turn as it stood before the bot had thought about it."""
    heard = hear(turn.messages)
    last = turn.messages[-1]
    understanding = await understander.understand(heard.text)
    return Moment(
        heard,
        understanding,
        recall(turn.recorded.get("before", {})),
        conversation.whom,
        understanding.language or conversation.language,
        # Nobody proves anything in a replay, and nothing is counted.
        Origin(last.sender, None, None, last.sent_at),
        policy,
    )


def _decided(recorded: Mapping[str, Any]) -> Decided:
    return Decided(
        recorded["intent"], recorded["action"], recorded["urgency"], tuple(recorded.get("reasons", ()))
    )
