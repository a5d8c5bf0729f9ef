"""What the model learns from: intents and examples, searched, changed, taken in and given out."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as InPath
from pydantic import Field
from starlette.datastructures import UploadFile

from bot.entries import Entry, Import
from bot.errors import BadInput
from bot.teaching import LONGEST
from handoff.console.parts import (
    AdminChanging,
    AdminReading,
    Console,
    SignedIn,
    SmallBody,
    TheConsole,
    Words,
    check_length,
)
from handoff.console.shapes import Moment, Shape
from nlu.corpus_file import SPOKEN, as_csv, as_rasa_zip, read_csv, read_rasa
from nlu.overlay import Change
from nlu.understanding import CorpusError

router = APIRouter(prefix="/corpus", route_class=SmallBody, tags=["corpus"])
uploads = APIRouter(prefix="/corpus", tags=["corpus"])

_PAGE = 60
_MOST_FILE = 12_000_000  # bytes
_SHOWN = 50

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


class Incoming(Shape):
    """A text of a file, with the text it concerns."""

    text: str
    intent: str
    place: str
    other: EntryView
    similarity: float


class ImportView(Shape):
    """What a file changes, or would change: `moved` and `near` show the first fifty."""

    added: int
    moved: int
    same: int
    moves: list[Incoming]
    near: list[Incoming]
    applied: bool


@router.get("/intents")
async def intents(console: TheConsole, _: SignedIn) -> Intents:
    """All intents."""
    return Intents(
        intents=[
            IntentView(name=one.name, source=one.source, examples=one.examples, removed=one.removed)
            for one in await console.teaching.intents()
        ]
    )


@router.post("/intents", status_code=204)
async def add_intent(console: TheConsole, session: AdminChanging, body: NewIntent) -> None:
    """Add an intent; such messages go to a person."""
    await console.teaching.add_intent(body.name, session.agent.id)


@router.delete("/intents/{name}", status_code=204)
async def remove_intent(
    console: TheConsole, session: AdminChanging, name: Annotated[str, InPath(max_length=64)]
) -> None:
    """Remove an intent that was added here, with its texts."""
    await console.teaching.remove_intent(name, session.agent.id)


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
    return Entries(entries=[_view(entry) for entry in found[after : after + _PAGE]], total=len(found))


def _fits(entry: Entry, source: str | None) -> bool:
    if source == "removed" or entry.removed:
        return source == "removed" and entry.removed
    return source is None or entry.source == source or (source == "changed" and entry.source != "shipped")


@router.post("/examples", status_code=201)
async def add(console: TheConsole, session: AdminChanging, body: ExampleBody) -> EntryView:
    """Add a text."""
    return _view(await console.teaching.put(_change(body), session.agent.id))


@router.put("/examples/{key}")
async def change(console: TheConsole, session: AdminChanging, key: Key, body: ExampleBody) -> EntryView:
    """Change a text, its intent or its labels."""
    return _view(await console.teaching.put(_change(body), session.agent.id, instead_of=key))


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
            Contradiction(
                first=_view(one.first), second=_view(one.second), similarity=round(one.similarity, 3)
            )
            for one in await console.teaching.contradictions()
        ]
    )


_FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {}, "text/csv": {}}, "description": "The file."}
}


@router.get("/export", response_class=Response, responses=_FILES)
async def export(console: TheConsole, _: AdminReading, format: Literal["rasa", "csv"] = "rasa") -> Response:
    """The corpus as it is now: a Rasa project as an archive, or a table."""
    corpus = await console.teaching.corpus()
    if format == "csv":
        body, mime, name = as_csv(corpus.examples).encode(), "text/csv; charset=utf-8", "corpus.csv"
    else:
        body, mime, name = await asyncio.to_thread(as_rasa_zip, corpus), "application/zip", "corpus.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type=mime, headers=headers)


_UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "language": {"type": "string", "enum": ["de", "en", "mul"]},
                        "apply": {"type": "string", "enum": ["yes", "no"]},
                    },
                }
            }
        },
    }
}


@uploads.post("/import", openapi_extra=_UPLOAD)
async def take_in(console: TheConsole, session: AdminChanging, request: Request) -> ImportView:
    """Show what a file (Rasa YAML or CSV) would change; with `apply` "yes", do it: all of it or nothing."""
    check_length(request, _MOST_FILE)
    async with request.form(max_files=1, max_fields=3) as form:
        file, language = form.get("file"), form.get("language", "de")
        if not isinstance(file, UploadFile) or language not in SPOKEN:
            raise BadInput("bad_input", "Expected a file, and de, en or mul as language.", field="file")
        name, content = Path(file.filename or "file").name[:100], await file.read()
        apply = form.get("apply") == "yes"
    changes = await _read(console, name, content, str(language))
    if apply:
        return _import(await console.teaching.take_in(changes, session.agent.id), applied=True)
    return _import(await console.teaching.preview(changes), applied=False)


async def _read(console: Console, name: str, content: bytes, language: str) -> list[Change]:
    intents = [intent.name for intent in await console.teaching.intents() if not intent.removed]
    try:
        if name.lower().endswith(".csv"):
            return await asyncio.to_thread(read_csv, name, content, intents, language)
        with tempfile.TemporaryDirectory() as folder:
            return await asyncio.to_thread(read_rasa, name, content, intents, language, Path(folder))
    except CorpusError as error:
        raise BadInput("bad_corpus", str(error), field="file") from None


def _change(body: ExampleBody) -> Change:
    return Change(body.text, body.intent, body.language, urgency=body.urgency, complex=body.complex)


def _view(entry: Entry) -> EntryView:
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


def _import(found: Import, *, applied: bool) -> ImportView:
    return ImportView(
        added=len(found.added),
        moved=len(found.moved),
        same=found.same,
        moves=[_incoming(change, entry, 1.0) for change, entry in found.moved[:_SHOWN]],
        near=[_incoming(change, entry, similarity) for change, entry, similarity in found.near[:_SHOWN]],
        applied=applied,
    )


def _incoming(change: Change, entry: Entry, similarity: float) -> Incoming:
    return Incoming(
        text=change.text,
        intent=change.intent,
        place=change.place,
        other=_view(entry),
        similarity=round(similarity, 3),
    )
