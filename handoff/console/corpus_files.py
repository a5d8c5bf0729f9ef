"""The corpus as files: given out whole, and taken in after a look at what would change."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from bot.entries import Entry, Import
from bot.errors import BadInput
from handoff.console.corpus import EntryView, view
from handoff.console.parts import AdminChanging, AdminReading, Console, SmallBody, TheConsole, check_length
from handoff.console.shapes import Shape
from nlu.corpus_file import SPOKEN, as_csv, as_rasa_zip, read_csv, read_rasa
from nlu.overlay import Change
from nlu.understanding import CorpusError

router = APIRouter(prefix="/corpus", route_class=SmallBody, tags=["corpus"])
uploads = APIRouter(prefix="/corpus", tags=["corpus"])

_MOST_FILE = 12_000_000  # bytes
_SHOWN = 50


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
    intents = [intent.name for intent in await console.intents.all() if not intent.removed]
    try:
        if name.lower().endswith(".csv"):
            return await asyncio.to_thread(read_csv, name, content, intents, language)
        with tempfile.TemporaryDirectory() as folder:
            return await asyncio.to_thread(read_rasa, name, content, intents, language, Path(folder))
    except CorpusError as error:
        raise BadInput("bad_corpus", str(error), field="file") from None


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
        other=view(entry),
        similarity=round(similarity, 3),
    )
