"""The demo's documents: a wiring diagram and a data sheet per language for each family of devices.

The files are made by `bot.demo.assets.make` and kept in the repository.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

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
    return rows


def _row(family: str, kind: str, language: str | None, title: dict[str, str], mime: str) -> dict[str, Any]:
    suffix = ".png" if language is None else f"-{language}.pdf"
    name = f"{family.lower()}-{kind}{suffix}"
    return {
        "family": family,
        "kind": kind,
        "language": language,
        "title": title,
        "path": f"{FOLDER}/{name}",
        "mime": mime,
        "size": (LIBRARY / name).stat().st_size,
    }
