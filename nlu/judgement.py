"""Urgent, complex, vague? The probabilities of a text weighed against what mistakes cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nlu.complexity import for_a_person
from nlu.corpus import Example
from nlu.costs import CostTable, worth_it
from nlu.labels import COMPLAINT, EMERGENCY, HUMAN_REQUEST
from nlu.understanding import Chances
from nlu.urgency import Alarm, danger_now

ALWAYS_COMPLEX = frozenset({EMERGENCY, COMPLAINT, HUMAN_REQUEST})
SOON, COMPLEX, VAGUE = "soon", "complex", "vague"


def traits_of(examples: tuple[Example, ...]) -> Mapping[str, list[bool | None]]:
    """What the examples teach about the traits, by name.

    Where the intent alone decides, nothing is learned about time pressure and complexity.
    """
    plain = [e.labels if e.intent not in ALWAYS_COMPLEX else None for e in examples]
    return {
        SOON: [labels.urgency > 0 if labels else None for labels in plain],
        COMPLEX: [labels.complex if labels else None for labels in plain],
        VAGUE: [e.labels.vague if e.labels else None for e in examples],
    }


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The probabilities from which a text counts as urgent, soon, complex and vague."""

    urgent: float
    soon: float
    complex: float
    vague: float


def thresholds(costs: CostTable, alarm: Alarm | None) -> Thresholds:
    """What follows from these costs. Quick: nothing is trained."""
    return Thresholds(
        urgent=alarm.threshold(costs) if alarm else 1.0,
        soon=worth_it(costs.missed_hurry),
        complex=worth_it(costs.missed_handoff),
        vague=worth_it(costs.missed_question),
    )


@dataclass(frozen=True, slots=True)
class Judgement:
    """Urgency 0 to 2; whether a person's judgement is needed; whether there is nothing to act on."""

    urgency: int
    complex: bool
    vague: bool


def judge(words: str, intent: str, chances: Chances, limits: Thresholds) -> Judgement:
    """Weigh one normalised text, given its intent and its probabilities."""
    if intent == EMERGENCY or chances.urgent >= limits.urgent or danger_now(words):
        return Judgement(2, complex=True, vague=False)
    hurry = intent == COMPLAINT or chances.soon >= limits.soon
    needs_person = intent in ALWAYS_COMPLEX or chances.complex >= limits.complex or for_a_person(words)
    return Judgement(int(hurry), needs_person, not needs_person and chances.vague >= limits.vague)
