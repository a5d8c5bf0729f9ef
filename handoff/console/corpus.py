"""What the model learns from: intents and examples, searched and changed."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi import Path as InPath
from pydantic import Field

from bot.entries import Entry
from bot.teaching import LONGEST
from handoff.console.parts import (
    AdminChanging,
    AdminReading,
    SignedIn,
    SmallBody,
    TheConsole,
    Words,
)
from handoff.console.shapes import Moment, Shape
from nlu.overlay import Change

router = APIRouter(prefix="/corpus", route_class=SmallBody, tags=["corpus"])

_PAGE = 60

Key = Annotated[str, InPath(pattern=r"^[0-9a-f]{32}$")]
Language = Literal["de", "en", "mul"]
Text = Annotated[Words, Field(max_length=LONGEST)]
IntentName = Annotated[Words, Field(max_length=64)]


class IntentView(Shape):
    """An intent and how many texts it has."""

    name: str
    source: Literal["shipped", "console"]
    examples: int
    removed: bool


class Intents(Shape):
    """All intents, removed ones last."""

    intents: list[IntentView]


class NewIntent(Shape):
    """An intent to be added."""

    name: IntentName


class EntryView(Shape):
    """One text. `was` is the intent it was shipped under, when that is another one."""

    key: str
    text: str
    intent: str
    language: str
    source: Literal["shipped", "console", "review", "import"]
    was: str | None
    removed: bool
    urgency: int | None
    complex: bool | None
    by: str | None
    at: Moment | None


class Entries(Shape):
    """A page of texts, and how many there are in all."""

    entries: list[EntryView]
    total: int


class ExampleBody(Shape):
    """A text as it shall stand in the corpus."""

    text: Text
    intent: IntentName
    language: Language
    urgency: Annotated[int, Field(ge=0, le=2)] | None = None
    complex: bool | None = None


class Contradiction(Shape):
    """Two nearly same texts under different intents."""

    first: EntryView
    second: EntryView
    similarity: float


class Contradictions(Shape):
    """The most similar first."""

    contradictions: list[Contradiction]


@router.get("/intents")
async def intents(console: TheConsole, _: SignedIn) -> Intents:
    """All intents."""
    return Intents(
        intents=[
            IntentView(name=one.name, source=one.source, examples=one.examples, removed=one.removed)
            for one in await console.intents.all()
        ]
    )


@router.post("/intents", status_code=204)
async def add_intent(console: TheConsole, session: AdminChanging, body: NewIntent) -> None:
    """Add an intent; such messages go to a person."""
    await console.intents.add(body.name, session.agent.id)


@router.put("/intents/{name}", status_code=204)
async def rename_intent(
    console: TheConsole,
    session: AdminChanging,
    name: Annotated[str, InPath(max_length=64)],
    body: NewIntent,
) -> None:
    """Rename an intent that was added here, with its texts and its words."""
    await console.intents.rename(name, body.name, session.agent.id)
    console.catalogue.reworded()


@router.delete("/intents/{name}", status_code=204)
async def remove_intent(
    console: TheConsole, session: AdminChanging, name: Annotated[str, InPath(max_length=64)]
) -> None:
    """Remove an intent that was added here, with its texts."""
    await console.intents.remove(name, session.agent.id)


@router.get("/examples")
async def examples(
    console: TheConsole,
    _: AdminReading,
    intent: Annotated[str | None, Query(max_length=64)] = None,
    q: Annotated[str, Query(max_length=200)] = "",
    source: Literal["shipped", "console", "review", "import", "changed", "removed"] | None = None,
    after: Annotated[int, Query(ge=0, le=10**7)] = 0,
) -> Entries:
    """Texts that fit, sixty at a time; removed ones only when they are asked for."""
    words = q.casefold().split()
    found = [
        entry
        for entry in await console.teaching.entries()
        if (intent is None or entry.intent == intent)
        and _fits(entry, source)
        and all(word in entry.text.casefold() for word in words)
    ]
    return Entries(entries=[view(entry) for entry in found[after : after + _PAGE]], total=len(found))


def _fits(entry: Entry, source: str | None) -> bool:
    if source == "removed" or entry.removed:
        return source == "removed" and entry.removed
    return source is None or entry.source == source or (source == "changed" and entry.source != "shipped")


@router.post("/examples", status_code=201)
async def add(console: TheConsole, session: AdminChanging, body: ExampleBody) -> EntryView:
    """Add a text."""
    return view(await console.teaching.put(_change(body), session.agent.id))


@router.put("/examples/{key}")
async def change(console: TheConsole, session: AdminChanging, key: Key, body: ExampleBody) -> EntryView:
    """Change a text, its intent or its labels."""
    return view(await console.teaching.put(_change(body), session.agent.id, instead_of=key))


@router.delete("/examples/{key}", status_code=204)
async def remove(console: TheConsole, session: AdminChanging, key: Key) -> None:
    """Take a text away."""
    await console.teaching.remove(key, session.agent.id)


@router.post("/examples/{key}/restore", status_code=204)
async def restore(console: TheConsole, session: AdminChanging, key: Key) -> None:
    """Take the change of a text back."""
    await console.teaching.restore(key, session.agent.id)


@router.get("/contradictions")
async def contradictions(console: TheConsole, _: AdminReading) -> Contradictions:
    """Nearly same texts under different intents."""
    return Contradictions(
        contradictions=[
            Contradiction(first=view(one.first), second=view(one.second), similarity=round(one.similarity, 3))
            for one in await console.teaching.contradictions()
        ]
    )


def _change(body: ExampleBody) -> Change:
    return Change(body.text, body.intent, body.language, urgency=body.urgency, complex=body.complex)


def view(entry: Entry) -> EntryView:
    """A text as the console shows it."""
    return EntryView(
        key=entry.key,
        text=entry.text,
        intent=entry.intent,
        language=entry.language,
        source=entry.source,
        was=entry.was,
        removed=entry.removed,
        urgency=entry.urgency,
        complex=entry.complex,
        by=entry.by,
        at=entry.at,
    )
