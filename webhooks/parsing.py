"""`bauruf parse`: what the engine and triage make of texts, without a database."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import httpx

from bot.errors import BadInput
from bot.settings import read_settings
from bot.triage import decide, first_words
from nlu.understanding import Understander
from webhooks.engine import connect_engine
from webhooks.runtime import err


class Unnoticed:
    """Without a database the operator is told on standard error."""

    async def show(self, key: str, text: str) -> None:
        """Print it."""
        err.print(text, highlight=False)

    async def clear(self, key: str) -> None:
        """Nothing is taken back on a terminal."""


async def parse(text: str | None, file: Path | None) -> None:
    """Print one JSON line for each text: the input and what was predicted.

    Raises BadInput for a line that is no JSON object with a "text", naming its number.
    """
    if (text is None) == (file is None):
        raise BadInput("one_source", "Give a text, or --file with JSON lines; not both.")
    async with httpx.AsyncClient() as http:
        engine = await asyncio.to_thread(
            connect_engine, read_settings(), http, Unnoticed(), lambda line: err.print(line, style="dim")
        )
        for record in [{"text": text}] if text is not None else _records(file or Path("-")):
            predicted = await _predict(engine, record["text"])
            sys.stdout.write(json.dumps({**record, "predicted": predicted}, ensure_ascii=False) + "\n")


async def _predict(engine: Understander, text: str) -> dict[str, Any]:
    understanding = await engine.understand(text)
    situation = first_words(understanding, text)
    decision = decide(situation)
    return {
        "intent": situation.understanding.intent,
        "confidence": round(understanding.confidence, 4),
        "entities": [{"entity": e.name, "value": e.value} for e in understanding.entities],
        "urgency": decision.urgency,
        "complex": int(understanding.complex),
        "action": decision.action.value,
    }


def _records(file: Path) -> Iterator[dict[str, Any]]:
    if str(file) == "-":
        yield from _lines("standard input", sys.stdin)
        return
    try:
        with file.open(encoding="utf-8") as lines:
            yield from _lines(str(file), lines)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("unreadable", f"{file} cannot be read: {error}.") from None


def _lines(name: str, lines: TextIO) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadInput("bad_line", f"{name}, line {number}: no JSON ({error.msg}).") from None
        if not isinstance(record, dict) or not isinstance(record.get("text"), str):
            raise BadInput("bad_line", f'{name}, line {number}: expected an object with a "text".')
        yield record
