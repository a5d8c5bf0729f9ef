"""What mistakes cost: the table from which the thresholds of urgency and complexity follow."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class CostTable:
    """Costs of mistakes, counted in needless handoffs (a glance of an agent).

    `missed_emergency`: an emergency was answered by the bot. `most_false_alarms` (a share, 0..1) caps
    what that weight would do alone: no more of the other messages may be alarmed, because agents stop
    believing a bell that always rings. `missed_handoff`: the bot answered what needed a person's
    judgement. `missed_hurry`: time pressure was not noticed, counted in calm messages called soon.
    `missed_question`: the bot answered a message without content, counted in needless questions.

    Raises ValueError for a cost that is not above 0 or a share that is none.
    """

    missed_emergency: float = 50.0
    most_false_alarms: float = 0.04
    missed_handoff: float = 1.5
    missed_hurry: float = 2.0
    missed_question: float = 1.0

    def __post_init__(self) -> None:
        for field in fields(self):
            if not getattr(self, field.name) > 0.0:
                raise ValueError(f"{field.name} is {getattr(self, field.name)}; expected more than 0")
        if self.most_false_alarms > 1.0:
            raise ValueError(f"most_false_alarms is {self.most_false_alarms}; expected a share up to 1")


def worth_it(cost: float) -> float:
    """The probability from which acting pays, when not acting costs this much and acting in vain costs 1."""
    return 1.0 / (1.0 + cost)
