"""Urgent, complex, vague? The probabilities of a text weighed against what mistakes cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nlu.aside import by_the_way
from nlu.complexity import for_a_person
from nlu.corpus import Example
from nlu.costs import CostTable, worth_it
from nlu.labels import COMPLAINT, EMERGENCY, HUMAN_REQUEST
from nlu.understanding import Chances
from nlu.urgency import Alarm, danger_now

SOON, COMPLEX, VAGUE = "soon", "complex", "vague"
_TO_PEOPLE = frozenset({EMERGENCY, COMPLAINT, HUMAN_REQUEST})
"""Intents that are something to act on in themselves; their examples teach nothing about time pressure."""


def traits_of(examples: tuple[Example, ...]) -> Mapping[str, list[bool | None]]:
    """What the examples teach about the traits, by name.

    Where the intent alone decides, nothing is learned: about time pressure and complexity of emergencies,
    about time pressure of complaints. Nor is it of the wishes for a person, which nobody has labelled.
    """
    return {
        SOON: [e.labels.urgency > 0 if e.labels and e.intent not in _TO_PEOPLE else None for e in examples],
        COMPLEX: [e.labels.complex if e.labels and e.intent != EMERGENCY else None for e in examples],
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
    if by_the_way(words):
        return Judgement(0, complex=False, vague=True)
    if intent == EMERGENCY or chances.urgent >= limits.urgent or danger_now(words):
        return Judgement(2, complex=True, vague=False)
    hurry = intent == COMPLAINT or chances.soon >= limits.soon
    needs_person = chances.complex >= limits.complex or for_a_person(words)
    empty = chances.vague >= limits.vague and not needs_person and intent not in _TO_PEOPLE
    return Judgement(int(hurry), needs_person, empty)
