"""What a turn is about: the engine's intent, seen in the light of what was asked and offered before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.answers.orders import OTHER_THAN
from bot.dialogue import HUMAN, Dialogue
from bot.hearing import Heard
from bot.outcome import declines, helped, only_helped
from nlu.complexity import for_a_person
from nlu.labels import EMERGENCY
from nlu.understanding import Understanding
from nlu.urgency import danger_now
from nlu.wording import readable

# What a value means when it comes alone, and which values a topic can use.
_ALONE: Mapping[str, str] = {
    "order_number": "order_status",
    "error_code": "error_code",
    "invoice_number": "invoice",
}
_USES: Mapping[str, frozenset[str]] = {
    "order_status": frozenset({"order_number"}),
    "stock_availability": frozenset({"article_number", "quantity"}),
    "spare_part": frozenset({"article_number"}),
    "error_code": frozenset({"error_code", "article_number", "family"}),
    "wiring": frozenset({"article_number", "family"}),
    "datasheet": frozenset({"article_number", "family"}),
    "product_advice": frozenset({"article_number", "family"}),
    "price_quote": frozenset({"article_number"}),
    "invoice": frozenset({"order_number", "invoice_number"}),
}
# Slots that take whatever is said: a day or a place has too many forms.
_FREE = frozenset({"day", "place"})
_LONGEST_FREE = 120
_LIKELY = 0.5
_HEARD = 0.3  # how likely a second matter is that stands beside a word of thanks
_BRIEF = 12  # words in which our question is answered; more of them tell a story of their own
_REPORT = 20  # words in which the outcome of steps is told, also by voice
_ELLIPTIC = 6  # words in which one asks on about the same device: "und das Datenblatt?"
_JOINING = re.compile(r"\b(?:und|oder|auch|dann|bei|für|mit|von|and|or|also|then|for|with)\b", re.IGNORECASE)
# What stays known when the topic changes: the device in front of them is still the same.
_LASTING = frozenset({"article_number", "family"})
# What is known again when few words point back to it: "und die Rechnung dazu?"
_POINTED_AT = frozenset({"order_number"})
_AND = re.compile(r"^(?:(?:gut|ok|okay|super|danke|good|great|thanks)\W+)?(?:und|and)\b")
_BACK = re.compile(r"\bda(?:zua?|fuer|von)\b|\bhier(?:zu|fuer)\b|\b(?:for|to|with) (?:it|that)\b")
_OTHER_ONE = re.compile(
    r"(?:(?:und|and|was ist mit|what about)\W+)*(?:d(?:er|ie|as|en|em)\s|the\s)?"
    r"(?:ander(?:e[nrsm]?|n)|zweite[nrsm]?|other(?: one)?|second(?: one)?)\W*"
)
HANDOFF = "handoff"  # the slot of choices that pass a topic on to people
SMALL_TALK = frozenset(
    {"greet", "goodbye", "thanks", "affirm", "deny", "introduction", "who_are_you", "out_of_scope"}
)
# What it is about was said before, when they only want a person, or are angry.
SAY_NO_TOPIC = frozenset({"human_request", "complaint"})
# What can be said about steps that were tried; anything else is a new topic.
_ABOUT_REMEDIES = SMALL_TALK | {"error_code", "complaint", "human_request"}


@dataclass(frozen=True, slots=True)
class Topic:
    """What is being talked about now: an understanding whose intent takes the dialogue into account,
    and the slots known for it. `picked` is a choice that names no intent, as (slot, value); `declined`
    that nothing more is wanted. `referred` names the values of before that the words point back to.
    """

    understanding: Understanding
    slots: Mapping[str, str]
    picked: tuple[str, str] | None = None
    declined: bool = False
    referred: frozenset[str] = frozenset()


def find_topic(heard: Heard, understanding: Understanding, dialogue: Dialogue) -> Topic:
    """Decide what the turn is about: a picked choice, the answer to our question, a correction, or news."""
    value = heard.tap or dialogue.chosen(heard.text)
    if value is not None:
        return _picked(value, understanding, dialogue)
    said = _values(understanding)
    about = dialogue.intent
    if declines(heard.text) and not said:
        return Topic(_as(understanding, "deny"), dialogue.slots, declined=True)
    if steps_given(dialogue):
        tried = _tried(heard, understanding, dialogue, said)
        if tried is not None:
            return tried
    offered = _passes_on(dialogue)
    if offered is not None and understanding.sure and understanding.intent == "affirm":
        return _picked(offered, understanding, dialogue)
    if dialogue.expecting == "error_code" and not said and _has_none(heard, understanding):
        return Topic(_as(understanding, "deny", urgency=0), dialogue.slots)
    if dialogue.expecting in _FREE and about and not alarming(heard, understanding):
        dated = dialogue.expecting == "day" and "date" in said
        if dated or _free(heard, understanding, about):
            told = {dialogue.expecting: heard.text.strip()[:_LONGEST_FREE]}
            return Topic(_as(understanding, about, urgency=0), _merged(dialogue.slots, {**said, **told}))
    answers_us = dialogue.expecting is not None and dialogue.expecting in said
    if not understanding.sure and understanding.intent == about and about not in SMALL_TALK:
        # What was talked about just now makes a guess that agrees a good one.
        understanding = _as(understanding, about)
    if other_order(heard, dialogue):
        told = {OTHER_THAN: dialogue.slots["order_number"]}
        return Topic(_as(understanding, "order_status"), told)
    if _points_back(heard):
        # "und die Bankverbindung" is too short to be a case for a person.
        understanding = _brief(understanding, heard)
    kept = _kept(heard, understanding, dialogue)
    if _asks_on(heard, understanding, kept) and not said:
        return Topic(_as(understanding, understanding.intent), kept, referred=frozenset(kept))
    vague = not understanding.sure or understanding.intent in SMALL_TALK or _bare(heard, understanding)
    corrects = about is not None and vague and bool(said.keys() & _USES.get(about, frozenset()))
    if about is not None and (answers_us or corrects):
        return Topic(_brief(_as(understanding, about), heard), _merged(dialogue.slots, said))
    if vague:
        alone = next((intent for name, intent in _ALONE.items() if name in said), None)
        if alone is not None:
            return Topic(_as(understanding, alone), _merged(kept, said))
    if (
        understanding.intent in SMALL_TALK | SAY_NO_TOPIC
        or not understanding.sure
        or understanding.intent == about
    ):
        return Topic(understanding, _merged(dialogue.slots, said))
    return Topic(understanding, _merged(kept, said), referred=frozenset(kept.keys() - said.keys()))


def other_order(heard: Heard, dialogue: Dialogue) -> bool:
    """Whether "und die andere?" means another order than the one just talked about."""
    told = dialogue.intent == "order_status" and "order_number" in dialogue.slots
    return told and _OTHER_ONE.fullmatch(readable(heard.text)) is not None


def _bare(heard: Heard, understanding: Understanding) -> bool:
    """Whether there is nothing but values: "und 20 Stück?" tells its topic only in the light of before."""
    spans = sorted((entity.start, entity.end) for entity in understanding.entities)
    left = heard.text
    for start, end in reversed(spans):
        left = left[:start] + left[end:]
    return bool(spans) and not re.search(r"\w", _JOINING.sub("", left))


def _asks_on(heard: Heard, understanding: Understanding, kept: Mapping[str, str]) -> bool:
    """Whether few words, too few by themselves, ask for something else of what is talked about."""
    known = kept.keys() & _USES.get(understanding.intent, frozenset())
    hinted = understanding.chances.vague >= _LIKELY or understanding.confidence >= _LIKELY
    return not understanding.sure and bool(known) and _few(heard) and hinted and understanding.urgency < 2


def _few(heard: Heard) -> bool:
    return len(heard.text.split()) <= _ELLIPTIC


def _points_back(heard: Heard) -> bool:
    words = readable(heard.text)
    named = _BACK.search(words) is not None and len(heard.text.split()) <= _BRIEF
    return named or (_few(heard) and _AND.search(words) is not None)


def passed_on(topic: Topic) -> Topic:
    """The topic of a picked choice that hands over: "handoff:invoice" is about the invoice."""
    if topic.picked is None or topic.picked[0] != HANDOFF:
        raise ValueError("no choice that hands over")
    slots = {name: value for name, value in topic.slots.items() if name != HANDOFF}
    return replace(topic, understanding=_as(topic.understanding, topic.picked[1]), slots=slots)


def _passes_on(dialogue: Dialogue) -> str | None:
    """What a yes means when the last answer offered to pass the topic on."""
    return next((c.value for c in dialogue.choices if c.value.startswith(f"{HANDOFF}:")), None)


def _has_none(heard: Heard, understanding: Understanding) -> bool:
    """Whether somebody says that the device shows no code."""
    talk = understanding.intent in _ABOUT_REMEDIES - {"human_request"} or not understanding.sure
    calm = not _alarmed(heard, understanding) and not _needs_person(heard)
    return talk and calm and helped(heard.text) is False


def _needs_person(heard: Heard) -> bool:
    return for_a_person(readable(heard.text))


def _free(heard: Heard, understanding: Understanding, about: str) -> bool:
    """Whether the words may be the day or the place we asked for, and not something else altogether."""
    talk = (about, "introduction", "opening_hours", "affirm", "out_of_scope", EMERGENCY)
    return not heard.wordless and (not understanding.sure or understanding.intent in talk)


def alarming(heard: Heard, understanding: Understanding) -> bool:
    """Whether an answer to our own question is danger all the same: "Klinik Nord, Dach" is a place, and would
    be a reason to look twice if nobody had asked for one.
    """
    return understanding.chances.urgent >= _LIKELY or danger_now(readable(heard.text))


def _alarmed(heard: Heard, understanding: Understanding) -> bool:
    return understanding.intent == EMERGENCY or alarming(heard, understanding)


def steps_given(dialogue: Dialogue) -> bool:
    """Whether we are waiting to hear if the steps to try have helped."""
    after_code = dialogue.expecting == "error_code" and "error_code" in dialogue.slots
    return dialogue.expecting == "remedy" or after_code


def _tried(
    heard: Heard, understanding: Understanding, dialogue: Dialogue, said: Mapping[str, str]
) -> Topic | None:
    """What is told about the steps that were tried; None when the turn is about something else."""
    known = dialogue.slots.get("error_code")
    other_code = said.get("error_code", known) != known
    plain = only_helped(heard.text)
    asks = any(chance >= _HEARD and intent not in _ABOUT_REMEDIES for intent, chance in understanding.ranking)
    news = understanding.sure and asks and not plain
    wants_person = understanding.sure and understanding.intent == HUMAN
    if other_code or news or wants_person or _needs_person(heard) or "order_number" in said:
        return None
    outcome = helped(heard.text)
    if outcome is None:
        return None
    # Frustration about the device is none about us.
    calm = understanding
    if understanding.intent == "complaint":
        calm = replace(understanding, complex=False)
    if not _alarmed(heard, understanding) or (outcome and plain):
        # "ist weg jetzt" and "brummt weiter" alarm nobody who knows what we asked; danger speaks for itself.
        calm = replace(calm, urgency=2 if danger_now(readable(heard.text)) else 0)
    calm = _brief(calm, heard, _REPORT)
    return Topic(_as(calm, "affirm" if outcome else "deny"), dialogue.slots)


def _brief(understanding: Understanding, heard: Heard, words: int = _BRIEF) -> Understanding:
    """A short answer to our own question is no case for a person, however it would read by itself."""
    longer = len(heard.text.split()) > words
    return replace(understanding, complex=understanding.complex and (longer or _needs_person(heard)))


def _picked(value: str, understanding: Understanding, dialogue: Dialogue) -> Topic:
    slot, colon, picked = value.partition(":")
    if not colon:
        return Topic(_as(understanding, value, urgency=0), dialogue.slots)
    intent = dialogue.intent or understanding.intent
    return Topic(
        _as(understanding, intent, urgency=0), _merged(dialogue.slots, {slot: picked}), (slot, picked)
    )


def _as(understanding: Understanding, intent: str, urgency: int | None = None) -> Understanding:
    return replace(
        understanding,
        intent=intent,
        sure=True,
        urgency=understanding.urgency if urgency is None else urgency,
        complex=False if urgency == 0 else understanding.complex,
    )


def _values(understanding: Understanding) -> dict[str, str]:
    """The last value of each kind wins: people correct themselves from left to right."""
    return {entity.name: entity.value for entity in understanding.entities}


def _kept(heard: Heard, understanding: Understanding, dialogue: Dialogue) -> dict[str, str]:
    """What stays known: the device in front of them, and an order the words point back to."""
    names = _LASTING
    if _points_back(heard):
        names = names | (_USES.get(understanding.intent, frozenset()) & _POINTED_AT)
    return {name: value for name, value in dialogue.slots.items() if name in names}


def _merged(known: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    merged = {**known, **said}
    if "article_number" in said and "family" not in said:
        merged.pop("family", None)
    return merged
