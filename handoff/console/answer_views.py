"""How the console shows the bot's answers, and what other words for one would change."""

from __future__ import annotations

from collections.abc import Iterable

from bot.answers.catalogue import DU, Address, Entry
from bot.storage.answers import Wording
from handoff.console import shapes
from handoff.console.gate import FlipView, flip_view
from handoff.console.shapes import Moment, Shape
from handoff.gate import WordingOutcome

_SHOWN = 3  # past replies before and after


class ReadingView(Shape):
    """A past reply as it would be said today, and as it would read."""

    conversation_id: int
    message_id: int
    excerpt: str
    old: str
    new: str


class EffectView(Shape):
    """What a wording would change in the last conversations. `said_in`: in how many it would be said;
    `readings`: the newest replies that would read differently, `changed` how many there are; `missing`:
    what the safety line has lost. `blocked`: it may not be saved.
    """

    conversations: int
    turns: int
    said_in: int
    changed: int
    readings: list[ReadingView]
    flips: list[FlipView]
    missing: list[str]
    blocked: bool


class AnswerText(Shape):
    """One answer in one form. `version` 0 was never reworded."""

    text: str
    original: str
    version: int
    edited_by: str | None
    edited_at: Moment | None


class AnswerTexts(Shape):
    """One answer in both languages; `de_du` is German with du, by itself what `de` says."""

    de: AnswerText
    de_du: AnswerText
    en: AnswerText


class AnswerView(Shape):
    """One answer: when it is said, what it may name, and how it is worded."""

    key: str
    about: shapes.Words
    variables: list[str]
    texts: AnswerTexts


class Answers(Shape):
    """All answers, in the order of the catalogue; `address` is the German that is spoken."""

    address: Address
    answers: list[AnswerView]


def answer_view(entry: Entry, wordings: Iterable[Wording]) -> AnswerView:
    """An answer in all its forms; `wordings` are the latest of any answer."""
    known = {wording.language: wording for wording in wordings if wording.key == entry.key}
    de = _text(entry.originals["de"], known.get("de"))
    return AnswerView(
        key=entry.key,
        about=shapes.Words(de=entry.about["de"], en=entry.about["en"]),
        variables=sorted(entry.variables),
        texts=AnswerTexts(
            de=de,
            de_du=_text(entry.originals.get(DU) or de.text, known.get(DU)),
            en=_text(entry.originals["en"], known.get("en")),
        ),
    )


def _text(original: str, wording: Wording | None) -> AnswerText:
    if wording is None:
        return AnswerText(text=original, original=original, version=0, edited_by=None, edited_at=None)
    return AnswerText(
        text=wording.text or original,
        original=original,
        version=wording.version,
        edited_by=wording.edited_by,
        edited_at=wording.edited_at,
    )


def effect_view(outcome: WordingOutcome) -> EffectView:
    """What a wording would change."""
    effect, blocking = outcome.effect, {flip.message_id for flip in outcome.blocking}
    return EffectView(
        conversations=effect.conversations,
        turns=effect.turns,
        said_in=effect.said_in,
        changed=len(effect.readings),
        readings=[
            ReadingView(
                conversation_id=reading.conversation_id,
                message_id=reading.message_id,
                excerpt=reading.excerpt,
                old=reading.old,
                new=reading.new,
            )
            for reading in effect.readings[:_SHOWN]
        ],
        flips=[flip_view(flip, blocks=flip.message_id in blocking) for flip in effect.flips],
        missing=list(outcome.missing),
        blocked=outcome.shut,
    )
