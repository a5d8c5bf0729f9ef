"""What people call the devices: seen, searched, changed, given out and taken in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as InPath
from pydantic import Field
from starlette.datastructures import UploadFile

from bot.errors import BadInput
from bot.naming import LONGEST, Family
from handoff.console import shapes
from handoff.console.parts import AdminChanging, AdminReading, SmallBody, TheConsole, Words, check_length
from handoff.console.shapes import Shape
from nlu.family_file import as_csv, as_rasa_blocks, read_csv, read_rasa
from nlu.understanding import CorpusError

router = APIRouter(prefix="/corpus/families", route_class=SmallBody, tags=["corpus"])
uploads = APIRouter(prefix="/corpus/families", tags=["corpus"])

_MOST_FILE = 1_000_000  # bytes

Code = Annotated[str, InPath(max_length=64)]
NameInPath = Annotated[str, InPath(max_length=LONGEST)]


class NameView(Shape):
    """One name. `others` are the families that are called like that too: then it names none of them."""

    name: str
    shipped: bool
    others: list[str]


class FamilyView(Shape):
    """A family of devices; `removed` are shipped names that were taken away."""

    code: str
    title: shapes.Words
    articles: int
    names: list[NameView]
    removed: list[str]


class Families(Shape):
    """All families that fit."""

    families: list[FamilyView]


class NameBody(Shape):
    """What people call the family too."""

    name: Annotated[Words, Field(max_length=LONGEST)]


class NamesImport(Shape):
    """What a file adds, or would add."""

    added: int
    same: int
    applied: bool


@router.get("")
async def read(
    console: TheConsole, _: AdminReading, q: Annotated[str, Query(max_length=200)] = ""
) -> Families:
    """All families whose code, title or names hold these words."""
    words = q.casefold().split()
    found = [family for family in await console.naming.families() if _fits(family, words)]
    return Families(families=[_view(family) for family in found])


@router.post("/{code}/names", status_code=204)
async def add(console: TheConsole, session: AdminChanging, code: Code, body: NameBody) -> None:
    """Call a family by one more name, or again by one that was taken away."""
    await console.naming.add(code, body.name, session.agent.id)


@router.delete("/{code}/names/{name}", status_code=204)
async def remove(console: TheConsole, session: AdminChanging, code: Code, name: NameInPath) -> None:
    """Call a family no longer by a name."""
    await console.naming.remove(code, name, session.agent.id)


@router.get("/export", response_class=Response)
async def export(console: TheConsole, _: AdminReading, format: Literal["rasa", "csv"] = "rasa") -> Response:
    """All names: Rasa's synonyms with a lookup table, or a table."""
    families = (await console.teaching.corpus()).families
    if format == "csv":
        body, mime, name = as_csv(families), "text/csv; charset=utf-8", "families.csv"
    else:
        body, mime = f'version: "3.1"\nnlu:\n{as_rasa_blocks(families)}', "application/yaml"
        name = "families.yml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body.encode(), media_type=mime, headers=headers)


@uploads.post("/import")
async def take_in(console: TheConsole, session: AdminChanging, request: Request) -> NamesImport:
    """Show what a file (Rasa's synonyms or CSV) would add; with `apply` "yes", add it: all or nothing."""
    check_length(request, _MOST_FILE)
    async with request.form(max_files=1, max_fields=2) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise BadInput("bad_input", "Expected a file.", field="file")
        name, content = Path(file.filename or "file").name[:100], await file.read()
        apply = form.get("apply") == "yes"
    try:
        names = read_csv(name, content) if name.lower().endswith(".csv") else read_rasa(name, content)
    except CorpusError as error:
        raise BadInput("bad_corpus", str(error), field="file") from None
    added = await console.naming.take_in(names, session.agent.id, apply=apply)
    return NamesImport(added=added, same=len(names) - added, applied=apply)


def _fits(family: Family, words: list[str]) -> bool:
    names = [name.name for name in family.names]
    text = " ".join([family.code, *family.title.values(), *names, *family.removed]).casefold()
    return all(word in text for word in words)


def _view(family: Family) -> FamilyView:
    return FamilyView(
        code=family.code,
        title=shapes.Words(de=family.title["de"], en=family.title["en"]),
        articles=family.articles,
        names=[NameView(name=n.name, shipped=n.shipped, others=list(n.others)) for n in family.names],
        removed=list(family.removed),
    )
