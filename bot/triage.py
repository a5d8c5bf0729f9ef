"""Answer, ask back, or hand over: the decision the whole product stands for, with its reasons.

The engine says what the words mean, `bot.tone` what they say beside it, the dialogue what was tried
before; the policy says what a mistake costs. The reasons are stored with the conversation and shown to
agents and admins in their own language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.policy import AS_DELIVERED, Policy
from bot.questions import count_questions
from bot.tone import NEUTRAL, Tone, hear_tone
from nlu.labels import HUMAN_REQUEST
from nlu.understanding import Understanding

REASONS: Mapping[str, Mapping[str, str]] = {
    "emergency": {"de": "Notfall", "en": "Emergency"},
    "human_request": {"de": "Möchte mit einem Menschen sprechen", "en": "Wants to talk to a person"},
    "complaint": {"de": "Ist unzufrieden", "en": "Is dissatisfied"},
    "two_failed_answers": {"de": "Der Bot hat zweimal nicht geholfen", "en": "The bot failed twice"},
    "one_failed_answer": {"de": "Der Bot hat einmal nicht geholfen", "en": "The bot failed once"},
    "many_questions": {"de": "Mehrere Anliegen auf einmal", "en": "Several matters at once"},
    "complex": {"de": "Braucht fachliches Urteil", "en": "Needs a person's judgement"},
    "order_change": {
        "de": "Möchte etwas bestellen, ändern oder stornieren",
        "en": "Wants to place, change or cancel an order",
    },
    "claim": {"de": "Falsche oder fehlende Ware", "en": "Wrong or missing goods"},
    "photo_damage": {"de": "Foto von einem Schaden", "en": "Photo of damage"},
    "appointment": {"de": "Wünscht einen Termin vor Ort", "en": "Wants a visit on site"},
    "needs_person": {"de": "Das entscheidet ein Mensch", "en": "A person decides this"},
    "not_authorised": {
        "de": "Auftrag gehört nicht nachweislich zu dieser Person",
        "en": "Order is not known to belong to this person",
    },
    "voice_note": {"de": "Sprachnachricht, bitte anhören", "en": "Voice note, please listen"},
    "photo": {"de": "Foto ohne Beschreibung", "en": "Photo without a word"},
    "no_knowledge": {"de": "Steht nicht in unseren Unterlagen", "en": "Not in our documents"},
    "bot_failed": {"de": "Der Bot hatte einen Fehler", "en": "The bot had an error"},
    "open_case": {"de": "Dazu ist schon ein Fall offen", "en": "A case about this is open already"},
    "top_tier": {"de": "Beste Servicestufe", "en": "Best service level"},
    "closed": {"de": "Außerhalb der Öffnungszeiten", "en": "Outside opening hours"},
}
"""Every reason in words. The last three never hand over by themselves: they stand beside another one."""


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
    `wordless` that there were no words at all; `hollow` that there is nothing in them to act on.
    `about_order` says that an order was talked about before, `about_goods` that something one can order was.

    `in_vain` counts everything tried in vain since the case began, in a row or not; `top_tier` says that
    the company has bought the best service; `questions` is how many were asked at once.
    """

    understanding: Understanding
    tone: Tone = NEUTRAL
    policy: Policy = AS_DELIVERED
    failed: int = 0
    wants_person: bool = False
    voice: bool = False
    files: bool = False
    wordless: bool = False
    hollow: bool = False
    about_order: bool = False
    about_goods: bool = False
    in_vain: int = 0
    top_tier: bool = False
    questions: int = 1


@dataclass(frozen=True, slots=True)
class Decision:
    """What triage decided: the action, the codes of its reasons, urgency 0-2."""

    action: Action
    reasons: tuple[str, ...] = field(default=())
    urgency: int = 0


_POLITE = frozenset({"greet", "goodbye", "thanks", "affirm", "deny"})
# Short words that are complete in themselves.
_COMPLETE = frozenset({"greet", "goodbye", "thanks", "introduction", "opening_hours"})


def is_hollow(understanding: Understanding, tone: Tone) -> bool:
    """Whether there is nothing to act on: no value and no more than "geht nix" or "Klemme?"."""
    complete = understanding.sure and understanding.intent in _COMPLETE
    return tone.hollow and (tone.announces or not complete) and not understanding.entities


def first_words(understanding: Understanding, text: str) -> Situation:
    """The situation when a text is the first of a conversation and nothing came with it.

    A wish for a person beside another topic is what decides, so it is what the text is about.
    """
    tone = hear_tone(text)
    wants_person = tone.wants_person or HUMAN_REQUEST in understanding.also
    if wants_person and urgency_of(understanding, tone) < 2:
        understanding = replace(understanding, intent=HUMAN_REQUEST)
    hollow = is_hollow(understanding, tone)
    return Situation(
        understanding,
        tone,
        wants_person=tone.wants_person,
        wordless=not text.strip(),
        hollow=hollow,
        questions=count_questions(text, understanding),
    )


def decide(situation: Situation) -> Decision:
    """Decide on one turn. Danger first, then the wish for a person, then what the bot can do."""
    heard = situation.understanding
    if situation.wordless:
        return _decide_without_words(situation)
    urgency = urgency_of(heard, situation.tone)
    if urgency == 2:
        return Decision(Action.HANDOFF, ("emergency",), 2)
    if situation.wants_person or HUMAN_REQUEST in (heard.intent, *heard.also):
        return Decision(Action.HANDOFF, ("human_request",), urgency)
    reasons = _reasons(situation)
    if reasons:
        return Decision(Action.HANDOFF, reasons, max(urgency, 1) if "complaint" in reasons else urgency)
    if situation.hollow or not heard.sure:
        return _ask_back(situation, "two_failed_answers", urgency)
    return Decision(Action.ANSWER, (), urgency)


def with_context(decision: Decision, *, case: bool, top_tier: bool, closed: bool) -> Decision:
    """Name beside the reasons of a handoff what else the agent should know: that a case about the same
    matter is open, that the company has the best service level, that the desk was closed (danger knows no
    hours).
    """
    if decision.action is not Action.HANDOFF:
        return decision
    beside = {"open_case": case, "top_tier": top_tier, "closed": closed and decision.urgency < 2}
    added = [code for code, holds in beside.items() if holds and code not in decision.reasons]
    return replace(decision, reasons=(*decision.reasons, *added))


def urgency_of(heard: Understanding, tone: Tone) -> int:
    """How urgent it is, 0-2: a raised voice is never less than soon."""
    raised = tone.anger > 0 and heard.intent not in _POLITE
    return max(heard.urgency, 1 if raised else 0)


def _reasons(situation: Situation) -> tuple[str, ...]:
    """Why a person has to take over, the most telling first; empty when nobody has to."""
    heard, tone = situation.understanding, situation.tone
    if situation.hollow and heard.intent != "complaint" and tone.anger < 2:
        return ()
    found = {
        "complaint": "complaint" in (heard.intent, *heard.also) or tone.anger == 2,
        "order_change": tone.orders
        or (tone.changes and situation.about_order)
        or (tone.takes and situation.about_goods),
        # Asking how a claim stands is none.
        "claim": tone.claim and not (heard.sure and heard.intent == "case_status"),
        "photo_damage": situation.files and tone.damage,
        "many_questions": situation.questions >= situation.policy.many_questions,
        "complex": heard.complex and heard.intent not in _POLITE,
    }
    return tuple(reason for reason, holds in found.items() if holds)


def _decide_without_words(situation: Situation) -> Decision:
    if situation.wants_person:
        return Decision(Action.HANDOFF, ("human_request",), 0)
    if situation.voice:
        return Decision(Action.HANDOFF, ("voice_note",), 1)
    return _ask_back(situation, "photo" if situation.files else "two_failed_answers", 0)


def _ask_back(situation: Situation, given_up: str, urgency: int) -> Decision:
    """Ask back; one failure too many goes to a person: in a row, or for the best contract, at all."""
    policy = situation.policy
    if situation.failed + 1 >= policy.give_up_after:
        return Decision(Action.HANDOFF, (given_up,), urgency)
    if situation.top_tier and situation.in_vain + 1 >= policy.give_up_after_top_tier:
        return Decision(Action.HANDOFF, ("one_failed_answer",), urgency)
    return Decision(Action.CLARIFY, (), urgency)
