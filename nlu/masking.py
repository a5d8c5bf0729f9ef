"""Taking out of a message what says who wrote it, before it becomes an example that stays."""

from __future__ import annotations

import re
from collections.abc import Iterable

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"https?://\S+|www\.\S+")
_NUMBER = re.compile(r"\+?\d(?:[\d /().-]*\d)?")
_SIGNED = re.compile(
    r"(?i:\b(?:mfg|lg|vg|grüße|gruß|gruss|gruesse|regards|cheers|best wishes))"
    r"(?:\s+(?i:aus|from|vom|von)\s+\w+)?[\s,.:-]+((?:[A-ZÄÖÜ][\w'-]+\s*){1,3})\s*$"
)
_INTRODUCED = re.compile(
    r"(?i:\b(?:hier ist|hier spricht|mein name ist|ich heiße|ich heisse|i am|i'm|my name is|this is))\s+"
    r"((?:[A-ZÄÖÜ][\w'-]+)(?:\s+[A-ZÄÖÜ][\w'-]+)?)"
)
_TELLING_DIGITS = 5
"""Shorter numbers are quantities, terminals, codes and years; they mean something and name nobody."""
NAME = "Kim Muster"
EMAIL = "name@firma.example"
LINK = "https://firma.example"


def mask(text: str, names: Iterable[str] = ()) -> str:
    """The text with numbers of five and more digits, e-mails, links and names replaced by others.

    The digits of numbers become 0: the model reads all digits alike, so that it loses nothing. `names`
    are what we call the writer and the company; signatures and introductions are found by their form.
    A name in the middle of a sentence that we do not know stays.
    """
    text = _EMAIL.sub(EMAIL, _LINK.sub(LINK, text))
    text = _NUMBER.sub(_zeros, text)
    for pattern in (_SIGNED, _INTRODUCED):
        text = pattern.sub(lambda found: found[0].replace(found[1].strip(), NAME), text)
    known = {part for name in names for part in _parts(name)}
    for name in sorted(known, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", NAME, text, flags=re.IGNORECASE)
    return re.sub(rf"(?:{NAME}\s*){{2,}}", f"{NAME} ", text).strip()


def _parts(name: str) -> list[str]:
    """The whole name, and those of its words that are long enough to be one."""
    words = [word for word in re.split(r"[\s,]+", name) if len(word) > 3 and word[0].isupper()]
    whole = name.strip()
    return [whole, *words] if len(whole) > 3 else []


def _zeros(found: re.Match[str]) -> str:
    if sum(character.isdigit() for character in found[0]) < _TELLING_DIGITS:
        return found[0]
    return re.sub(r"\d", "0", found[0])
