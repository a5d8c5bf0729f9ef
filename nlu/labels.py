"""What an example is beside its intent: how urgent, whether it needs a person's judgement, whether there
is anything in it to act on. The rules for labelling stand in docs/nlu.md.
"""

from __future__ import annotations

from dataclasses import dataclass

EMERGENCY, COMPLAINT, HUMAN_REQUEST = "emergency", "complaint", "human_request"

LISTED = ("soon", "complex", "vague")
"""The labels that `labels.yml` lists examples for."""


@dataclass(frozen=True, slots=True)
class Labels:
    """`urgency` 0 none, 1 soon, 2 urgent; `complex` needs a person's judgement; `vague` has no content to
    act on.
    """

    urgency: int
    complex: bool
    vague: bool


def labels_of(intent: str, soon: bool, complex: bool, vague: bool) -> Labels:
    """The labels of an example by what it is listed as.

    Some follow from the intent: an emergency is urgent and for a person, a complaint soon.
    """
    urgency = 2 if intent == EMERGENCY else int(soon or intent == COMPLAINT)
    return Labels(urgency, complex or intent == EMERGENCY, vague)
