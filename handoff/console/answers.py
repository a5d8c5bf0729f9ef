"""Rewording what the bot says."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from bot.answers.catalogue import Entry, Form, added_entry
from bot.errors import Conflict
from bot.storage import answers, events
from handoff.console.answer_views import Answers, AnswerView, EffectView, answer_view, effect_view
from handoff.console.parts import AdminChanging, AdminReading, Console, SmallBody, TheConsole, Words
from handoff.console.shapes import Shape
from handoff.gate import refuse
from handoff.samples import SAMPLES

router = APIRouter(prefix="/answers", route_class=SmallBody, tags=["answers"])


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


class Wanted(Shape):
    """A wording to be looked at; without words the one that came with the product."""

    text: Annotated[str, Field(max_length=4000)]


@router.get("")
async def read(console: TheConsole, _: AdminReading) -> Answers:
    """All answers; those of intents that admins have added come first."""
    entries = [*await _added(console), *console.catalogue.entries()]
    async with console.database.read() as conn:
        wordings = await answers.latest(conn)
    return Answers(
        address=console.catalogue.address, answers=[answer_view(entry, wordings) for entry in entries]
    )


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
    return effect_view(await console.gate.try_wording(entry, form, body.text.strip()))


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
        for intent in await console.intents.all()
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
    return answer_view(entry, wordings)
