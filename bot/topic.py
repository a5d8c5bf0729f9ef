"""What a turn is about: the engine's intent, seen in the light of what was asked and offered before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.answers.orders import OTHER_THAN
from bot.dialogue import Dialogue
from bot.hearing import Heard
from bot.outcome import declines, lacks, will_try
from bot.reading import BRIEF, LIKELY, SAY_NO_TOPIC, SMALL_TALK, alarmed, alarming, as_intent, brief, values
from bot.remedies import has_no_code, steps_given, tried
from nlu.aside import by_the_way
from nlu.labels import EMERGENCY
from nlu.understanding import Understanding
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
_THE_ONE_WITH = re.compile(
    r"(?:(?:nee?|nein|na|ich mein\w*|i mean|no)\W+)*"
    r"(?:d(?:er|ie|as|en|em|es|e)(?:jenige\w*)?|the ones?) (?:mit|with)\b"
)
# What only the one who writes can have at hand; whoever has not, needs a person to find it.
_AT_HAND = frozenset({"order_number", "invoice_number", "article_number", "family"})
HANDOFF = "handoff"  # the slot of choices that pass a topic on to people


@dataclass(frozen=True, slots=True)
class Topic:
    """What is being talked about now: an understanding whose intent takes the dialogue into account,
    and the slots known for it. `picked` is a choice that names no intent, as (slot, value); `declined`
    that nothing more is wanted. `waiting` is how to answer somebody who needs a moment, a catalogue entry;
    what was asked stays open. `referred` names the values of before that the words point back to.
    """

    understanding: Understanding
    slots: Mapping[str, str]
    picked: tuple[str, str] | None = None
    declined: bool = False
    waiting: str | None = None
    referred: frozenset[str] = frozenset()


def find_topic(heard: Heard, understanding: Understanding, dialogue: Dialogue) -> Topic:
    """Decide what the turn is about: a picked choice, the answer to our question, a correction, or news."""
    value = heard.tap or dialogue.chosen(heard.text)
    if value is not None:
        return _picked(value, understanding, dialogue)
    said = values(understanding)
    about = dialogue.intent
    if declines(heard.text) and not said:
        return Topic(as_intent(understanding, "deny"), dialogue.slots, declined=True)
    if dialogue.expecting in _AT_HAND and about and not said and _lacks(heard, understanding, about):
        return Topic(understanding, dialogue.slots, picked=(HANDOFF, about))
    if steps_given(dialogue) and will_try(heard.text) and not alarmed(heard, understanding):
        return Topic(as_intent(understanding, "thanks", urgency=0), dialogue.slots, waiting="remedy_waiting")
    if steps_given(dialogue):
        report = tried(heard, understanding, dialogue, said)
        if report is not None:
            return Topic(report, dialogue.slots)
    offered = _passes_on(dialogue)
    if offered is not None and understanding.sure and understanding.intent == "affirm":
        return _picked(offered, understanding, dialogue)
    if dialogue.expecting == "error_code" and not said and has_no_code(heard, understanding):
        calm = as_intent(understanding, "deny", urgency=min(understanding.urgency, 1))
        return Topic(calm, dialogue.slots)
    if dialogue.expecting in _FREE and about and not alarming(heard, understanding):
        dated = dialogue.expecting == "day" and "date" in said
        if dated or _free(heard, understanding, about):
            told = {dialogue.expecting: heard.text.strip()[:_LONGEST_FREE]}
            return Topic(
                as_intent(understanding, about, urgency=0), _merged(dialogue.slots, {**said, **told})
            )
    if by_the_way(readable(heard.text)) and not (heard.files or heard.location):
        return Topic(as_intent(understanding, "thanks", urgency=0), dialogue.slots, waiting="by_the_way")
    answers_us = dialogue.expecting is not None and dialogue.expecting in said
    if not understanding.sure and understanding.intent == about and about not in SMALL_TALK:
        # What was talked about just now makes a guess that agrees a good one.
        understanding = as_intent(understanding, about)
    if other_order(heard, dialogue):
        told = {OTHER_THAN: dialogue.slots["order_number"]}
        return Topic(as_intent(understanding, "order_status"), told)
    if about == "order_status" and "order_number" not in said and _the_one_with(heard):
        return Topic(as_intent(understanding, about), _without(dialogue.slots, "order_number"))
    if _points_back(heard):
        # "und die Bankverbindung" is too short to be a case for a person.
        understanding = brief(understanding, heard)
    kept = _kept(heard, understanding, dialogue)
    if _asks_on(heard, understanding, kept) and not said:
        return Topic(as_intent(understanding, understanding.intent), kept, referred=frozenset(kept))
    vague = not understanding.sure or understanding.intent in SMALL_TALK or _bare(heard, understanding)
    corrects = about is not None and vague and bool(said.keys() & _USES.get(about, frozenset()))
    if about is not None and (answers_us or corrects):
        return Topic(brief(as_intent(understanding, about), heard), _merged(dialogue.slots, said))
    if vague:
        alone = next((intent for name, intent in _ALONE.items() if name in said), None)
        if alone is not None:
            return Topic(as_intent(understanding, alone), _merged(kept, said))
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


def _the_one_with(heard: Heard) -> bool:
    few = len(heard.text.split()) <= BRIEF
    return few and _THE_ONE_WITH.match(readable(heard.text)) is not None


def _lacks(heard: Heard, understanding: Understanding, about: str) -> bool:
    """Whether somebody says that they do not have what we asked for, and nothing else."""
    talk = not understanding.sure or understanding.intent in SMALL_TALK | {about, "human_request"}
    return talk and not alarmed(heard, understanding) and lacks(heard.text)


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
    hinted = understanding.chances.vague >= LIKELY or understanding.confidence >= LIKELY
    return not understanding.sure and bool(known) and _few(heard) and hinted and understanding.urgency < 2


def _few(heard: Heard) -> bool:
    return len(heard.text.split()) <= _ELLIPTIC


def _points_back(heard: Heard) -> bool:
    words = readable(heard.text)
    named = _BACK.search(words) is not None and len(heard.text.split()) <= BRIEF
    return named or (_few(heard) and _AND.search(words) is not None)


def passed_on(topic: Topic) -> Topic:
    """The topic of a picked choice that hands over: "handoff:invoice" is about the invoice."""
    if topic.picked is None or topic.picked[0] != HANDOFF:
        raise ValueError("no choice that hands over")
    slots = _without(topic.slots, HANDOFF)
    return replace(topic, understanding=as_intent(topic.understanding, topic.picked[1]), slots=slots)


def _passes_on(dialogue: Dialogue) -> str | None:
    """What a yes means when the last answer offered to pass the topic on."""
    return next((c.value for c in dialogue.choices if c.value.startswith(f"{HANDOFF}:")), None)


def _free(heard: Heard, understanding: Understanding, about: str) -> bool:
    """Whether the words may be the day or the place we asked for, and not something else altogether."""
    talk = (about, "introduction", "opening_hours", "affirm", "out_of_scope", EMERGENCY)
    return not heard.wordless and (not understanding.sure or understanding.intent in talk)


def _picked(value: str, understanding: Understanding, dialogue: Dialogue) -> Topic:
    slot, colon, picked = value.partition(":")
    if not colon:
        return Topic(as_intent(understanding, value, urgency=0), dialogue.slots)
    intent = dialogue.intent or understanding.intent
    return Topic(
        as_intent(understanding, intent, urgency=0), _merged(dialogue.slots, {slot: picked}), (slot, picked)
    )


def _kept(heard: Heard, understanding: Understanding, dialogue: Dialogue) -> dict[str, str]:
    """What stays known: the device in front of them, and an order the words point back to."""
    names = _LASTING
    if _points_back(heard):
        names = names | (_USES.get(understanding.intent, frozenset()) & _POINTED_AT)
    return {name: value for name, value in dialogue.slots.items() if name in names}


def _without(slots: Mapping[str, str], name: str) -> dict[str, str]:
    return {slot: value for slot, value in slots.items() if slot != name}


def _merged(known: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    merged = {**known, **said}
    if "article_number" in said and "family" not in said:
        merged.pop("family", None)
    return merged
