"""What mistakes cost, and when the bot gives up: set by admins, live on every process."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import BadInput
from bot.storage import policies
from nlu.costs import CostTable, worth_it

_REFRESH_AFTER = 3.0  # seconds until another process's change is seen
_DEAREST = 1000.0
# The least and the most of each count. 99 questions are more than a turn takes up: never too many.
_COUNTS = {"give_up_after": (1, 5), "give_up_after_top_tier": (1, 5), "many_questions": (2, 99)}
AS_TRAINED = CostTable()


@dataclass(frozen=True, slots=True)
class Policy:
    """The cost table (`nlu.costs.CostTable` says what each cost means), and when the bot gives up.

    It hands over after `give_up_after` failed answers in a row; what it does not understand of a company
    of the best service level, at the `give_up_after_top_tier`th thing that failed at all; and when one turn
    asks `many_questions` or more.
    """

    missed_emergency: float = AS_TRAINED.missed_emergency
    most_false_alarms: float = AS_TRAINED.most_false_alarms
    missed_handoff: float = AS_TRAINED.missed_handoff
    missed_hurry: float = AS_TRAINED.missed_hurry
    missed_question: float = AS_TRAINED.missed_question
    give_up_after: int = 2
    give_up_after_top_tier: int = 2
    many_questions: int = 3

    @property
    def costs(self) -> CostTable:
        """The costs, as the engine weighs them."""
        return CostTable(
            self.missed_emergency,
            self.most_false_alarms,
            self.missed_handoff,
            self.missed_hurry,
            self.missed_question,
        )

    @property
    def alarm_from(self) -> float:
        """The probability of an emergency from which on an alarm pays, were there no cap on false ones."""
        return worth_it(self.missed_emergency)

    @property
    def person_from(self) -> float:
        """The probability of needing a person's judgement from which on a handoff pays."""
        return worth_it(self.missed_handoff)


AS_DELIVERED = Policy()


def read_policy(values: Mapping[str, Any]) -> Policy:
    """Read a policy from JSON; what is left out is as delivered.

    Raises BadInput that names the value and what was expected.
    """
    known = {field.name for field in fields(Policy)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise BadInput("unknown_value", f'There is no "{unknown[0]}"; possible: {", ".join(sorted(known))}.')
    for name, value in values.items():
        number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if name in _COUNTS:
            least, most = _COUNTS[name]
            if not (isinstance(value, int) and number and least <= value <= most):
                raise BadInput("bad_value", f'"{name}": expected a whole number from {least} to {most}.')
        elif name == "most_false_alarms":
            if not (number and 0 < value <= 1):
                raise BadInput("bad_value", f'"{name}": expected a share above 0, at most 1.')
        elif not (number and 0 < value <= _DEAREST):
            raise BadInput("bad_value", f'"{name}": expected a number above 0, at most {_DEAREST:.0f}.')
    return Policy(**values)


def write_policy(policy: Policy) -> dict[str, Any]:
    """The JSON form of a policy."""
    return asdict(policy)


class LivePolicy:
    """The policy in force; every process sees a change within seconds, without a restart.

    `weigh` is told the costs whenever they change.
    """

    def __init__(
        self, weigh: Callable[[CostTable], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._weigh = weigh
        self._clock = clock
        self._read_at: float | None = None
        self.current = AS_DELIVERED

    async def refresh(self, conn: AsyncConnection) -> None:
        """Take over a change; asks the database every few seconds at most."""
        now = self._clock()
        if self._read_at is None or now - self._read_at >= _REFRESH_AFTER:
            newest = await policies.newest(conn)
            self._set(read_policy(newest.values) if newest is not None else AS_DELIVERED)
            self._read_at = now

    def _set(self, policy: Policy) -> None:
        if policy.costs != self.current.costs:
            self._weigh(policy.costs)
        self.current = policy

    def changed(self) -> None:
        """Look again at the next turn: this process has just saved a change itself."""
        self._read_at = None
