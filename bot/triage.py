"""Answer, ask back, or hand over: the decision the whole product stands for, with its reasons.

First version: clear rules over what the engine understood. The reasons are stored with the
conversation and shown to agents and admins in their own language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from nlu.understanding import Understanding

GIVE_UP_AFTER = 2  # failed answers in a row

REASONS: Mapping[str, Mapping[str, str]] = {
    "emergency": {"de": "Notfall", "en": "Emergency"},
    "human_request": {"de": "Möchte mit einem Menschen sprechen", "en": "Wants to talk to a person"},
    "complaint": {"de": "Ist unzufrieden", "en": "Is dissatisfied"},
    "two_failed_answers": {"de": "Der Bot hat zweimal nicht geholfen", "en": "The bot failed twice"},
    "complex": {"de": "Braucht fachliches Urteil", "en": "Needs a person's judgement"},
    "needs_person": {"de": "Das entscheidet ein Mensch", "en": "A person decides this"},
    "not_authorised": {
        "de": "Auftrag gehört nicht nachweislich zu dieser Person",
        "en": "Order is not known to belong to this person",
    },
    "voice_note": {"de": "Sprachnachricht, bitte anhören", "en": "Voice note, please listen"},
    "photo": {"de": "Foto ohne Beschreibung", "en": "Photo without a word"},
    "no_knowledge": {"de": "Steht nicht in unseren Unterlagen", "en": "Not in our documents"},
    "bot_failed": {"de": "Der Bot hatte einen Fehler", "en": "The bot had an error"},
}

# What a person has to decide in this version, whatever the bot could say about it.
_FOR_PEOPLE = frozenset({"product_advice", "price_quote", "invoice", "appointment", "warranty_return"})


class Action(StrEnum):
    """What happens next."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    HANDOFF = "handoff"


@dataclass(frozen=True, slots=True)
class Situation:
    """What triage looks at.

    `failed` counts failed answers in a row so far. `wants_person` is a tapped or typed wish that
    needs no engine. `voice` and `files` say that there was a voice note or a file beside the words;
    `wordless` that there were no words at all.
    """

    understanding: Understanding
    failed: int = 0
    wants_person: bool = False
    voice: bool = False
    files: bool = False
    wordless: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What triage decided: the action, the codes of its reasons, urgency 0-2."""

    action: Action
    reasons: tuple[str, ...] = field(default=())
    urgency: int = 0


def decide(situation: Situation) -> Decision:
    """Decide on one turn. Danger first, then the wish for a person, then what the bot can do."""
    heard = situation.understanding
    urgency = heard.urgency
    if not situation.wordless and urgency == 2:
        return Decision(Action.HANDOFF, ("emergency",), 2)
    if situation.wants_person or (heard.intent == "human_request" and not situation.wordless):
        return Decision(Action.HANDOFF, ("human_request",), urgency)
    if situation.voice and situation.wordless:
        return Decision(Action.HANDOFF, ("voice_note",), 1)
    if situation.wordless:
        return _ask_back(situation, "photo" if situation.files else "two_failed_answers")
    if not heard.sure:
        return _ask_back(situation, "two_failed_answers")
    if heard.intent == "complaint":
        return Decision(Action.HANDOFF, ("complaint",), max(urgency, 1))
    if heard.intent in _FOR_PEOPLE:
        return Decision(Action.HANDOFF, ("needs_person",), urgency)
    if heard.complex:
        return Decision(Action.HANDOFF, ("complex",), urgency)
    return Decision(Action.ANSWER, (), urgency)


def _ask_back(situation: Situation, given_up: str) -> Decision:
    """Ask back once; a second failure in a row goes to a person."""
    if situation.failed + 1 >= GIVE_UP_AFTER:
        return Decision(Action.HANDOFF, (given_up,), situation.understanding.urgency)
    return Decision(Action.CLARIFY, (), situation.understanding.urgency)
