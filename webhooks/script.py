"""Dialogues in a file: what installers say turn by turn, to be rehearsed with the bot.

One JSON object a line: {"id", "channel", "sender": {"phone": "+49…"|null, "customer_number": "K…"|null},
"turns": [{"text"} | {"media", "caption", "transcript"}]}. A turn may carry "from" (another phone: a chat
of its own), "gap_min" (minutes since the turn before) and "state_before": "resolved" (a person has
closed the case before this turn).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.accounts.phones import BadPhone, read_phone
from bot.errors import BadInput
from bot.messages import Kind

CHANNELS = ("whatsapp", "telegram", "webchat")
DEFAULT_GAP = timedelta(minutes=1)
_LONGEST_GAP = timedelta(days=365)
_KINDS: Mapping[str, Kind] = {
    **{kind.value: kind for kind in Kind if kind not in (Kind.TAP, Kind.EDIT, Kind.CONTACT)},
    **dict.fromkeys(("photo", "picture", "img", "foto", "bild", "screenshot"), Kind.IMAGE),
    **dict.fromkeys(("voice_note", "voicenote", "voice note", "ptt", "sprachnachricht"), Kind.VOICE),
    **dict.fromkeys(("pdf", "file", "doc", "dokument", "datei"), Kind.DOCUMENT),
    **dict.fromkeys(("gif", "animation", "video_note"), Kind.VIDEO),
    **dict.fromkeys(("standort", "geo", "position"), Kind.LOCATION),
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who writes: an E.164 phone, and the company that is known for it. A stranger has neither."""

    phone: str | None = None
    customer_number: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One turn. `by` is None for the dialogue's own caller; `resolved` closes the case before it."""

    kind: Kind
    text: str
    gap: timedelta
    by: Caller | None = None
    resolved: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """One dialogue, with the JSON it was read from."""

    channel: str
    caller: Caller
    lines: tuple[Line, ...]
    raw: Mapping[str, Any]


def read_scripts(file: Path) -> list[Script]:
    """Read a file of dialogues. Raises BadInput that names the line, the turn and what was expected."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("unreadable", f"{file} cannot be read: {error}.") from None
    return [_script(f"{file}, line {number}", line) for number, line in enumerate(lines, 1) if line.strip()]


def _bad(where: str, problem: str) -> BadInput:
    return BadInput("bad_line", f"{where}: {problem}.")


def _script(where: str, line: str) -> Script:
    try:
        raw = json.loads(line)
    except json.JSONDecodeError as error:
        raise _bad(where, f"no JSON ({error.msg})") from None
    if not isinstance(raw, dict):
        raise _bad(where, "expected an object")
    channel = raw.get("channel") or "whatsapp"
    if channel not in CHANNELS:
        raise _bad(where, f'"channel" is one of {", ".join(CHANNELS)}')
    turns = raw.get("turns")
    if not isinstance(turns, list) or not turns:
        raise _bad(where, 'expected "turns", a list of at least one turn')
    caller = _caller(f'{where}, "sender"', raw.get("sender"))
    told = tuple(_line(f"{where}, turn {number}", turn) for number, turn in enumerate(turns, 1))
    return Script(channel, caller, told, raw)


def _caller(where: str, value: Any) -> Caller:
    if value is None:
        return Caller()
    if isinstance(value, str):
        value = {"phone": value}
    if not isinstance(value, dict):
        raise _bad(where, 'expected {"phone", "customer_number"}')
    phone, number = value.get("phone"), value.get("customer_number")
    if not all(entry is None or isinstance(entry, str) for entry in (phone, number)):
        raise _bad(where, '"phone" and "customer_number" are texts or null')
    try:
        return Caller(read_phone(phone).e164 if phone else None, number or None)
    except BadPhone as error:
        raise _bad(where, f'"phone": {error}') from None


def _line(where: str, turn: Any) -> Line:
    if not isinstance(turn, dict):
        raise _bad(where, "expected an object")
    kind = _kind(where, turn.get("media"))
    words = [turn.get(name) for name in ("text", "caption", "transcript")]
    if not all(word is None or isinstance(word, str) for word in words):
        raise _bad(where, '"text", "caption" and "transcript" are texts or null')
    if kind is Kind.TEXT and "text" not in turn:
        raise _bad(where, 'expected "text" or "media"')
    gap = turn.get("gap_min")
    if gap is not None and not (
        isinstance(gap, int | float) and 0 <= gap * 60 <= _LONGEST_GAP.total_seconds()
    ):
        raise _bad(where, '"gap_min" is a number of minutes, at most a year')
    state = turn.get("state_before")
    if state not in (None, "resolved"):
        raise _bad(where, '"state_before" is "resolved" or left out')
    by = turn.get("from")
    return Line(
        kind,
        "\n".join(word for word in words if word),
        DEFAULT_GAP if gap is None else timedelta(minutes=gap),
        None if by is None else _caller(f'{where}, "from"', by),
        state == "resolved",
    )


def _kind(where: str, media: Any) -> Kind:
    if media is None:
        return Kind.TEXT
    if isinstance(media, dict):
        media = media.get("kind") or media.get("type")
    kind = _KINDS.get(media.strip().lower().partition("/")[0]) if isinstance(media, str) else None
    if kind is None:
        raise _bad(where, '"media" is one of image, voice, audio, video, document, location, sticker')
    return kind
