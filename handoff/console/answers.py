"""Rewording what the bot says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from bot.answers.catalogue import DU, Address, Entry, Form, added_entry
from bot.errors import Conflict
from bot.storage import answers, events
from bot.storage.answers import Wording
from handoff.console import shapes
from handoff.console.gate import FlipView, flip_view
from handoff.console.parts import AdminChanging, AdminReading, Console, SmallBody, TheConsole, Words
from handoff.console.shapes import Moment, Shape
from handoff.gate import WordingOutcome, refuse
from handoff.samples import SAMPLES

router = APIRouter(prefix="/answers", route_class=SmallBody, tags=["answers"])

_SHOWN = 3  # past replies before and after


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


class Wanted(Shape):
    """A wording to be looked at; without words the one that came with the product."""

    text: Annotated[str, Field(max_length=4000)]


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


@router.get("")
async def read(console: TheConsole, _: AdminReading) -> Answers:
    """All answers; those of intents that admins have added come first."""
    entries = [*await _added(console), *console.catalogue.entries()]
    async with console.database.read() as conn:
        wordings = await answers.latest(conn)
    return Answers(address=console.catalogue.address, answers=[_view(entry, wordings) for entry in entries])


@router.put("/{key}/{form}")
async def save(console: TheConsole, session: AdminChanging, key: str, form: Form, body: Save) -> AnswerView:
    """Reword an answer; refused when an emergency would be lost, or somebody was faster."""
    entry = await _entry(console, key)
    console.catalogue.validate(entry, body.text)
    refuse(await console.gate.try_wording(entry, form, body.text.strip()))
    return await _write(console, session, entry, form, body.text, body.version)


@router.delete("/{key}/{form}")
async def restore(console: TheConsole, session: AdminChanging, key: str, form: Form) -> AnswerView:
    """Back to the wording that came with the product; an added intent goes to people again."""
    entry = await _entry(console, key)
    refuse(await console.gate.try_wording(entry, form, ""))
    return await _write(console, session, entry, form, "", None)


@router.post("/{key}/{form}/replay")
async def try_wording(
    console: TheConsole, _: AdminChanging, key: str, form: Form, body: Wanted
) -> EffectView:
    """Answer the last conversations again in other words; nothing is saved."""
    entry = await _entry(console, key)
    if body.text.strip():
        console.catalogue.validate(entry, body.text)
    return _effect(await console.gate.try_wording(entry, form, body.text.strip()))


@router.post("/{key}/{form}/preview")
async def preview(console: TheConsole, _: AdminChanging, key: str, form: Form, body: Try) -> Preview:
    """Show a wording with samples in its variables. Answers always fit into one message."""
    entry = await _entry(console, key)
    console.catalogue.validate(entry, body.text)
    samples = {name: SAMPLES.get(name, {}).get(form[:2], f"‹{name}›") for name in entry.variables}
    return Preview(parts=[body.text.format_map(samples)])


async def _added(console: Console) -> list[Entry]:
    """The entries of intents that admins have added and no answer came with the product for."""
    shipped = {entry.key for entry in console.catalogue.entries()}
    return [
        added_entry(intent.name)
        for intent in await console.teaching.intents()
        if intent.source == "console" and not intent.removed and intent.name not in shipped
    ]


async def _entry(console: Console, key: str) -> Entry:
    added = next((entry for entry in await _added(console) if entry.key == key), None)
    return added or console.catalogue.entry(key)


async def _write(
    console: Console,
    session: AdminChanging,
    entry: Entry,
    form: Form,
    wording: str,
    after: int | None,
) -> AnswerView:
    async with console.database.begin() as conn:
        saved = await answers.save(
            conn,
            key=entry.key,
            language=form,
            wording=wording.strip(),
            after=after,
            agent_id=session.agent.id,
            now=console.clock(),
        )
        if not saved:
            current = await answers.find(conn, entry.key, form)
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
            data={"key": entry.key, "language": form},
        )
        wordings = await answers.latest(conn)
    console.catalogue.reworded()
    return _view(entry, wordings)


def _view(entry: Entry, wordings: Iterable[Wording]) -> AnswerView:
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


def _effect(outcome: WordingOutcome) -> EffectView:
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
