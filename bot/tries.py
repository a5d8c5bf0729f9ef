"""When enough is enough: counting what the bot has tried in vain, so that it never goes round in circles."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answers.skill import Reply
from bot.dialogue import MATTER, Dialogue
from bot.reading import SMALL_TALK
from bot.remedies import steps_given
from bot.topic import Topic
from bot.triage import Action, Decision

_MOST_MISSED = 3  # different values that nobody knows, before a person looks
_GIVE_UP = 99  # more than any policy allows


@dataclass(frozen=True, slots=True)
class Tries:
    """After a turn: failed answers in a row, remedies tried in vain, values that nobody knows, and all that
    failed since the case began.
    """

    failed: int
    remedies: int
    missed: tuple[str, ...]
    in_vain: int


def count(dialogue: Dialogue, topic: Topic, decision: Decision, reply: Reply) -> Tries:
    """Count. A wrong number corrected by its sender is no failure, the same one again is.

    A question asked in vain for the second time is one too.
    """
    intent = topic.understanding.intent
    small = intent in SMALL_TALK
    missed = dialogue.missed if small else ()
    failed = dialogue.failed if small else 0
    in_vain = reply.missed
    if in_vain is None and _asks_again(dialogue, topic, reply):
        in_vain = f"?{reply.expecting}"
    went_wrong = reply.failed or (decision.action is Action.CLARIFY and not _announced(dialogue, reply))
    if went_wrong:
        failed = dialogue.failed + 1
    elif in_vain is not None:
        missed = (*dialogue.missed, in_vain)
        insists = in_vain in dialogue.missed or len(missed) > _MOST_MISSED
        failed = _GIVE_UP if insists else 0
    remedies = dialogue.remedies if small or intent == "error_code" else 0
    if reply.unhelped:
        remedies += 1
    elif steps_given(dialogue) and intent == "affirm":
        remedies = 0
    went_wrong = went_wrong or reply.unhelped or in_vain is not None
    return Tries(failed, remedies, missed, dialogue.in_vain + went_wrong)


def _announced(dialogue: Dialogue, reply: Reply) -> bool:
    """Whether a question was announced for the first time: asking which one is no failure of ours."""
    return reply.expecting == MATTER != dialogue.expecting


def _asks_again(dialogue: Dialogue, topic: Topic, reply: Reply) -> bool:
    return (
        reply.expecting not in (None, "remedy")
        and not reply.unhelped
        and reply.expecting == dialogue.expecting
        and topic.understanding.intent == dialogue.intent
        and topic.slots == dialogue.slots
    )
