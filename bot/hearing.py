"""What was said in one turn: all waiting messages of a thread, heard together.

Installers write in bursts, send albums, and correct themselves; people read that as one thing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.messages import Contact, Inbound, Kind

GROUP = "group"  # the problem a channel names when somebody writes from a group

_FILES = frozenset({Kind.IMAGE, Kind.VIDEO, Kind.DOCUMENT})
_SPOKEN = frozenset({Kind.VOICE, Kind.AUDIO})


@dataclass(frozen=True, slots=True)
class Heard:
    """One turn of the installer.

    `text` joins the words of all messages, one a line. `tap` and `tap_id` are of the last tap.
    `problems` are what a channel could not take. `start` is a first contact by command, `start_token`
    what it brought along. `signal` is what happened elsewhere.
    """

    text: str = ""
    tap: str | None = None
    tap_id: str | None = None
    contact: Contact | None = None
    voice: bool = False
    files: bool = False
    location: bool = False
    problems: tuple[str, ...] = ()
    start: bool = False
    start_token: str | None = None
    signal: str | None = None

    @property
    def wordless(self) -> bool:
        """Nothing was written."""
        return not self.text.strip()

    @property
    def silent(self) -> bool:
        """There is nothing to react to (an edit of something answered long ago)."""
        return self.wordless and not (
            self.tap
            or self.contact
            or self.voice
            or self.files
            or self.location
            or self.problems
            or self.start
            or self.signal
        )


def hear(messages: Sequence[Inbound], unanswered: frozenset[str] = frozenset()) -> Heard:
    """Put the messages of one turn together.

    An edit replaces the words of the message it names when that is part of the turn, or belongs to
    `unanswered` (provider ids nobody has answered yet); any other edit changes only the record.
    """
    words: dict[str, str] = {}
    tap = tap_id = start_token = signal = None
    contact = None
    voice = files = location = start = False
    problems: list[str] = []
    for position, message in enumerate(messages):
        key = message.message_id or f"#{position}"
        match message.kind:
            case Kind.EDIT:
                if key in words or key in unanswered:
                    words[key] = message.text
                continue
            case Kind.TAP:
                tap, tap_id = message.tap or message.text, message.tap_id
                continue
            case Kind.CONTACT:
                contact = message.contact or contact
            case Kind.SIGNAL:
                signal = message.signal
            case Kind.LOCATION:
                location = True
            case Kind.UNSUPPORTED | Kind.STICKER:
                problems.append(message.problem or message.kind.value)
            case kind if kind in _SPOKEN:
                voice = True
            case kind if kind in _FILES:
                files = True
        if message.start_token is not None or message.text.strip() == "/start":
            start = True
            start_token = message.start_token or start_token
        elif message.text.strip():
            words[key] = message.text.strip()
    return Heard(
        "\n".join(text for text in words.values() if text.strip()),
        tap,
        tap_id,
        contact,
        voice,
        files,
        location,
        tuple(problems),
        start,
        start_token,
        signal,
    )
