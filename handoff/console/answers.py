"""Rewording what the bot says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from bot.answers.catalogue import Entry
from bot.errors import Conflict
from bot.messages import Language
from bot.storage import answers, events
from bot.storage.answers import Wording
from handoff.console import shapes
from handoff.console.parts import AdminChanging, AdminReading, Console, SmallBody, TheConsole, Words
from handoff.console.shapes import Moment, Shape

router = APIRouter(prefix="/answers", route_class=SmallBody, tags=["answers"])

# What stands for a variable in a preview; any other variable shows its name.
_SAMPLES: dict[str, dict[Language, str]] = {
    "name": {"de": "Thomas Müller", "en": "Thomas Müller"},
    "company": {"de": "Müller Elektrotechnik GmbH", "en": "Müller Elektrotechnik GmbH"},
    "agent": {"de": "Anna Keller", "en": "Anna Keller"},
    "promise": {"de": "heute bis 14:30 Uhr", "en": "today by 14:30"},
    "number": {"de": "4500123456", "en": "4500123456"},
    "article": {"de": "NW-RV-250", "en": "NW-RV-250"},
    "phone": {"de": "+49 30 23125 100", "en": "+49 30 23125 100"},
    "date": {"de": "24.11.2026", "en": "24 November 2026"},
    "code": {"de": "E07", "en": "E07"},
    "stock": {"de": "12", "en": "12"},
    "days": {"de": "5", "en": "5"},
}


class Save(Shape):
    """A new wording, made from `version`."""

    text: Annotated[Words, Field(max_length=4000)]
    version: Annotated[int, Field(ge=0, le=2**31 - 1)]


class Try(Shape):
    """A wording to look at."""

    text: Annotated[Words, Field(max_length=4000)]
    channel: Literal["whatsapp", "telegram", "webchat"]


class Preview(Shape):
    """A wording as the installer would see it: one string a message."""

    parts: list[str]


class AnswerText(Shape):
    """One answer in one language. `version` 0 was never reworded."""

    text: str
    original: str
    version: int
    edited_by: str | None
    edited_at: Moment | None


class AnswerTexts(Shape):
    """One answer in both languages."""

    de: AnswerText
    en: AnswerText


class AnswerView(Shape):
    """One answer: when it is said, what it may name, and how it is worded."""

    key: str
    about: shapes.Words
    variables: list[str]
    texts: AnswerTexts


class Answers(Shape):
    """All answers, in the order of the catalogue."""

    answers: list[AnswerView]


@router.get("")
async def read(console: TheConsole, _: AdminReading) -> Answers:
    """All answers."""
    async with console.database.read() as conn:
        wordings = await answers.latest(conn)
    return Answers(answers=[_view(entry, wordings) for entry in console.catalogue.entries()])


@router.put("/{key}/{language}")
async def save(
    console: TheConsole, session: AdminChanging, key: str, language: Language, body: Save
) -> AnswerView:
    """Reword an answer; refused when somebody else has reworded it meanwhile."""
    console.catalogue.validate(key, body.text)
    return await _write(console, session, key, language, body.text, body.version)


@router.delete("/{key}/{language}")
async def restore(console: TheConsole, session: AdminChanging, key: str, language: Language) -> AnswerView:
    """Back to the wording that came with the product."""
    console.catalogue.entry(key)
    return await _write(console, session, key, language, "", None)


@router.post("/{key}/{language}/preview")
async def preview(console: TheConsole, _: AdminChanging, key: str, language: Language, body: Try) -> Preview:
    """Show a wording with samples in its variables. Answers always fit into one message."""
    console.catalogue.validate(key, body.text)
    names = console.catalogue.entry(key).variables
    samples = {name: _SAMPLES.get(name, {}).get(language, f"‹{name}›") for name in names}
    return Preview(parts=[body.text.format_map(samples)])


async def _write(
    console: Console, session: AdminChanging, key: str, language: Language, wording: str, after: int | None
) -> AnswerView:
    async with console.database.begin() as conn:
        saved = await answers.save(
            conn,
            key=key,
            language=language,
            wording=wording.strip(),
            after=after,
            agent_id=session.agent.id,
            now=console.clock(),
        )
        if not saved:
            current = await answers.find(conn, key, language)
            raise Conflict(
                "changed",
                f"{current.edited_by or 'Somebody'} has changed this answer meanwhile."
                if current
                else "This answer has never been changed.",
                version=current.version if current else 0,
                text=current.text if current else "",
            )
        await events.append(
            conn,
            kind="answer.changed",
            actor=f"agent:{session.agent.id}",
            data={"key": key, "language": language},
        )
        wordings = await answers.latest(conn)
    console.catalogue.reworded()
    return _view(console.catalogue.entry(key), wordings)


def _view(entry: Entry, wordings: Iterable[Wording]) -> AnswerView:
    known = {wording.language: wording for wording in wordings if wording.key == entry.key}
    return AnswerView(
        key=entry.key,
        about=shapes.Words(de=entry.about["de"], en=entry.about["en"]),
        variables=sorted(entry.variables),
        texts=AnswerTexts(de=_text(entry, "de", known.get("de")), en=_text(entry, "en", known.get("en"))),
    )


def _text(entry: Entry, language: Language, wording: Wording | None) -> AnswerText:
    original = entry.originals[language]
    if wording is None:
        return AnswerText(text=original, original=original, version=0, edited_by=None, edited_at=None)
    return AnswerText(
        text=wording.text or original,
        original=original,
        version=wording.version,
        edited_by=wording.edited_by,
        edited_at=wording.edited_at,
    )
