"""Text between people and providers: made safe coming in, cut to size going out."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from bot.messages import Choice

_UNSAFE = regex.compile("[\x00\ud800-\udfff]")
_CHARACTER = regex.compile(r"\X")
_BREAKS = (
    regex.compile(r"\n\s*\n\s*"),  # between paragraphs
    regex.compile(r"\n"),
    regex.compile(r"(?<=[.!?…:;])\s+"),  # between sentences
    regex.compile(r"\s+"),
)


def clean(text: str) -> str:
    """Replace NUL and lone surrogates, which JSON can carry and databases cannot, by U+FFFD."""
    return _UNSAFE.sub("\ufffd", text)


def units(text: str) -> int:
    """Length in UTF-16 units: how Telegram counts, and never less than what anybody else counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def split(text: str, limit: int) -> list[str]:
    """Cut into pieces of at most `limit` UTF-16 units which, joined, are the text again.

    The cut is made between paragraphs, lines, sentences or words, in this order of preference, as
    long as the piece stays at least half full (words: whatever it takes); else between two
    characters as a person sees them, so never inside an emoji. Only a single character larger than
    `limit` is cut itself.
    """
    pieces: list[str] = []
    rest = text
    while units(rest) > limit:
        end = _best_cut(*_head(rest, limit))
        pieces.append(rest[:end])
        rest = rest[end:]
    if rest:
        pieces.append(rest)
    return pieces


def pages(text: str, limit: int) -> list[str]:
    """The pieces of `split` that say something, without blanks at their ends; providers refuse empty ones."""
    return [stripped for piece in split(text, limit) if (stripped := piece.strip())]


def numbered(text: str, choices: Sequence[Choice]) -> str:
    """Choices as a numbered list under the text, for where there are no buttons."""
    lines = [f"{number}. {choice.label}" for number, choice in enumerate(choices, start=1)]
    return "\n\n".join(part for part in (text.strip(), "\n".join(lines)) if part)


def _head(text: str, limit: int) -> tuple[str, frozenset[int]]:
    """The longest beginning of whole characters within the limit, and where its characters end.

    If not even one character fits, the longest part of it.
    """
    size = end = 0
    ends = []
    for match in _CHARACTER.finditer(text):
        size += units(match.group())
        if size > limit:
            break
        end = match.end()
        ends.append(end)
    if not ends:
        end = limit
        while units(text[:end]) > limit:
            end -= 1
        ends.append(end)
    return text[:end], frozenset(ends)


def _best_cut(head: str, ends: frozenset[int]) -> int:
    for place in _BREAKS:
        enough = 1 if place is _BREAKS[-1] else len(head) // 2
        cuts = [match.end() for match in place.finditer(head) if match.end() in ends]
        if cuts and cuts[-1] >= enough:
            return int(cuts[-1])
    return len(head)
