"""`bauruf accounts lookup`: which account a phone, number, address, name or sentence points to."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.directory import Given
from bot.errors import BadInput
from bot.settings import read_settings
from bot.storage.accounts import LocalDirectory
from webhooks.runtime import err, opened

_KNOWN = ("phone", "profile_name", "email", "text")


async def lookup(text: str | None, file: Path | None) -> None:
    """Look one text up, or every line of a file ("-" for standard input); print JSON lines."""
    if (text is None) == (file is None):
        raise BadInput("nothing_to_look_up", "Expected either a text or --file.")
    lines = read_lines(
        [json.dumps({"given": text})] if file is None else await asyncio.to_thread(_lines, file)
    )
    settings = read_settings()
    async with opened(settings) as database, database.read() as conn:
        directory = LocalDirectory(lambda: datetime.now(settings.zone))
        for done, line in enumerate(lines, start=1):
            answer = {**line, "predicted": await predict(conn, directory, line["given"])}
            sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
            if done % 100 == 0:
                err.print(f"{done} of {len(lines)} looked up …", style="dim")


async def predict(conn: AsyncConnection, directory: LocalDirectory, given: Any) -> dict[str, Any]:
    """The outcome for a "given" of `read_lines`."""
    outcome = await directory.identify(conn, as_given(given))
    return {"outcome": outcome.kind, "customer_numbers": [one.customer_number for one in outcome.accounts]}


def as_given(value: Any) -> Given:
    """A "given" as evidence: a string is what somebody typed, an object names what the channel delivered."""
    if not isinstance(value, dict):
        return Given(text=_text(value))
    return Given(**{name: _text(value.get(name)) for name in _KNOWN})


def read_lines(lines: Iterable[str]) -> list[dict[str, Any]]:
    """JSON lines with "given". Raises BadInput, naming every bad one."""
    found, bad = [], []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
        except json.JSONDecodeError as error:
            bad.append(f"line {number}: not JSON: {error.msg}")
            continue
        if not isinstance(case, dict) or "given" not in case:
            bad.append(f'line {number}: expected an object with "given"')
        else:
            found.append(case)
    if bad:
        raise BadInput("bad_lines", "\n".join(bad[:20]))
    return found


def _text(value: Any) -> str | None:
    """A scalar as text; numbers come from files whose phones lost their quotes."""
    if value is None or isinstance(value, (bool, dict, list)):
        return None
    return str(value)


def _lines(file: Path) -> list[str]:
    try:
        if str(file) == "-":
            return sys.stdin.read().splitlines()
        return file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("unreadable", f"{file}: cannot be read: {error}") from None
