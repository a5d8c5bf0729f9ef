"""Reading an understanding in the light of the conversation: words mean less, or more, as an answer to us."""

from __future__ import annotations

from dataclasses import replace

from bot.hearing import Heard
from nlu.complexity import for_a_person
from nlu.labels import EMERGENCY
from nlu.understanding import Understanding
from nlu.urgency import danger_now
from nlu.wording import readable

SMALL_TALK = frozenset(
    {"greet", "goodbye", "thanks", "affirm", "deny", "introduction", "who_are_you", "out_of_scope"}
)
# What it is about was said before, when they only want a person, or are angry.
SAY_NO_TOPIC = frozenset({"human_request", "complaint"})
LIKELY = 0.5
BRIEF = 12  # words in which our question is answered; more of them tell a story of their own


def as_intent(understanding: Understanding, intent: str, urgency: int | None = None) -> Understanding:
    """The same, surely about `intent`; with urgency 0 it is no case for a person either."""
    return replace(
        understanding,
        intent=intent,
        sure=True,
        urgency=understanding.urgency if urgency is None else urgency,
        complex=False if urgency == 0 else understanding.complex,
    )


def brief(understanding: Understanding, heard: Heard, words: int = BRIEF) -> Understanding:
    """A short answer to our own question is no case for a person, however it would read by itself."""
    longer = len(heard.text.split()) > words
    return replace(understanding, complex=understanding.complex and (longer or needs_person(heard)))


def values(understanding: Understanding) -> dict[str, str]:
    """The values named. The last of each kind wins: people correct themselves from left to right."""
    return {entity.name: entity.value for entity in understanding.entities}


def alarming(heard: Heard, understanding: Understanding) -> bool:
    """Whether an answer to our own question is danger all the same: "Klinik Nord, Dach" is a place, and would
    be a reason to look twice if nobody had asked for one.
    """
    return understanding.chances.urgent >= LIKELY or danger_now(readable(heard.text))


def alarmed(heard: Heard, understanding: Understanding) -> bool:
    """Whether a report about steps that were tried is danger all the same."""
    return understanding.intent == EMERGENCY or alarming(heard, understanding)


def needs_person(heard: Heard) -> bool:
    """Whether the words plainly ask for what only a person may decide."""
    return for_a_person(readable(heard.text))
