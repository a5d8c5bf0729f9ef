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

_REFRESH_AFTER = 3.0  # seconds until another process's change is seen
_DEAREST = 1000.0
_MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class Policy:
    """The cost table. A cost says how many needless handoffs a mistake is as bad as.

    `missed_emergency` is an emergency that raised no alarm, `needless_alarm` an alarm for nothing;
    `missed_person` is a case for a person that the bot answered, `needless_handoff` one the bot could
    have answered. After `give_up_after` failed answers in a row the bot hands over.
    """

    missed_emergency: float = 50.0
    needless_alarm: float = 1.0
    missed_person: float = 2.0
    needless_handoff: float = 1.0
    give_up_after: int = 2

    @property
    def alarm_from(self) -> float:
        """The probability of an emergency from which on an alarm costs less than silence."""
        return self.needless_alarm / (self.needless_alarm + self.missed_emergency)

    @property
    def person_from(self) -> float:
        """The probability of needing a person from which on a handoff costs less than an answer."""
        return self.needless_handoff / (self.needless_handoff + self.missed_person)


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
        if name == "give_up_after":
            if not (isinstance(value, int) and number and 1 <= value <= _MOST_TRIES):
                raise BadInput("bad_value", f'"{name}": expected a whole number from 1 to {_MOST_TRIES}.')
        elif not (number and 0 < value <= _DEAREST):
            raise BadInput("bad_value", f'"{name}": expected a number above 0, at most {_DEAREST:.0f}.')
    return Policy(**values)


def write_policy(policy: Policy) -> dict[str, Any]:
    """The JSON form of a policy."""
    return asdict(policy)


class LivePolicy:
    """The policy in force; every process sees a change within seconds, without a restart."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._read_at: float | None = None
        self.current = AS_DELIVERED

    async def refresh(self, conn: AsyncConnection) -> None:
        """Take over a change; asks the database every few seconds at most."""
        now = self._clock()
        if self._read_at is None or now - self._read_at >= _REFRESH_AFTER:
            newest = await policies.newest(conn)
            self.current = read_policy(newest.values) if newest is not None else AS_DELIVERED
            self._read_at = now

    def changed(self) -> None:
        """Look again at the next turn: this process has just saved a change itself."""
        self._read_at = None
