"""The form in which engines see a text: short enough, and with what does not matter levelled out."""

from __future__ import annotations

import re
import unicodedata

HEAD = 1500
TAIL = 500
"""Characters read from the start and the end of a text: what is asked for stands in one of them."""

_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "ł": "l", "đ": "d", "ı": "i"}
)
_LETTER_RUN = re.compile(r"([^\W\d_])\1{2,}")


class _Kept(dict[int, str]):
    """What becomes of each character, worked out when it is first met; for `str.translate`."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kind = unicodedata.category(char)
        kept = " " if kind[0] in "CZ" else "" if kind[0] == "M" else "0" if kind == "Nd" else char
        self[code] = kept
        return kept


_KEPT = _Kept()


def windows(text: str) -> tuple[tuple[int, str], ...]:
    """The parts of a text that are read, each with its offset: the whole, or head and tail."""
    if len(text) <= HEAD + TAIL:
        return ((0, text),)
    return ((0, text[:HEAD]), (len(text) - TAIL, text[-TAIL:]))


def normalise(text: str) -> str:
    """Level out what carries no meaning; applying it twice changes nothing.

    Compatibility forms (NFKC), case, umlauts and accents are folded (Tür, TUER → tuer), every digit
    becomes 0, three and more of a letter become two, everything that is no printable character
    (controls, lone surrogates, direction marks) becomes a blank, and blanks are joined.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_UMLAUTS)
    kept = unicodedata.normalize("NFKD", folded).casefold().translate(_KEPT)
    return " ".join(_LETTER_RUN.sub(r"\1\1", kept).split())


def readable(text: str) -> str:
    """The normalised head and tail of a text: what every model is trained on and asked about."""
    return " ".join(normalise(part) for _, part in windows(text)).strip()
