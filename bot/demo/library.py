"""The demo's documents: a wiring diagram, data sheets and certificates for each family, and invoices.

The files are made by `bot.demo.assets.make` and kept in the repository.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.demo.assets.certificate import TITLES

ASSETS = Path(__file__).parent / "assets"
LIBRARY = ASSETS / "library"
FOLDER = "library"
"""Where the files are kept below the media directory."""


def copy_to(media_dir: Path) -> None:
    """Put the files below the media directory; those that are there already stay untouched."""
    target = media_dir / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    for file in LIBRARY.iterdir():
        if not (target / file.name).exists():
            shutil.copyfile(file, target / file.name)


def documents(families: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of the documents table, from the families' names as in `world/articles.yaml`."""
    diagrams = yaml.safe_load((ASSETS / "wiring.yaml").read_text(encoding="utf-8"))
    rows = []
    for code, family in families.items():
        if code not in diagrams:
            continue
        rows.append(_row(code, "wiring", None, diagrams[code]["title"], "image/png"))
        rows += [
            _row(code, "datasheet", language, family["name"], "application/pdf") for language in ("de", "en")
        ]
    return rows + list(_certificates())


def invoice(number: str) -> dict[str, Any]:
    """Where the PDF of an invoice is kept and how large it is, as the invoices table has it."""
    return _file(f"invoice-{number}.pdf")


def _certificates() -> Iterator[dict[str, Any]]:
    known = yaml.safe_load((ASSETS / "certificates.yaml").read_text(encoding="utf-8"))
    for sort, families in (("conformity", known["conformity"]["families"]), ("hygiene", known["hygiene"])):
        for family in families:
            title = {language: name.format(family=family) for language, name in TITLES[sort].items()}
            for language in title:
                row = _row(family, sort, language, title, "application/pdf")
                yield row | {"kind": "certificate"}


def _row(family: str, kind: str, language: str | None, title: dict[str, str], mime: str) -> dict[str, Any]:
    suffix = ".png" if language is None else f"-{language}.pdf"
    file = _file(f"{family.lower()}-{kind}{suffix}")
    return {"family": family, "kind": kind, "language": language, "title": title, "mime": mime, **file}


def _file(name: str) -> dict[str, Any]:
    return {"path": f"{FOLDER}/{name}", "size": (LIBRARY / name).stat().st_size}
