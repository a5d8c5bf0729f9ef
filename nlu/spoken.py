"""Numbers as voice transcripts spell them: "zweihundertfünfzig" is 250, "zwölf" is 12."""

from __future__ import annotations

import re

_UNITS = {
    **dict.fromkeys(("ein", "eins", "one"), 1),
    **dict.fromkeys(("zwei", "zwo", "two"), 2),
    **dict.fromkeys(("drei", "three"), 3),
    **dict.fromkeys(("vier", "four"), 4),
    **dict.fromkeys(("fünf", "fuenf", "five"), 5),
    **dict.fromkeys(("sechs", "six"), 6),
    **dict.fromkeys(("sieben", "seven"), 7),
    **dict.fromkeys(("acht", "eight"), 8),
    **dict.fromkeys(("neun", "nine"), 9),
}
_TEENS = {
    "zehn": 10, "elf": 11, "zwölf": 12, "zwoelf": 12, "dreizehn": 13, "vierzehn": 14, "fünfzehn": 15,
    "fuenfzehn": 15, "sechzehn": 16, "siebzehn": 17, "achtzehn": 18, "neunzehn": 19,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
}  # fmt: skip
_TENS = {
    "zwanzig": 20, "dreißig": 30, "dreissig": 30, "vierzig": 40, "fünfzig": 50, "fuenfzig": 50,
    "sechzig": 60, "siebzig": 70, "achtzig": 80, "neunzig": 90,
}  # fmt: skip
_SMALL = {**_UNITS, **_TEENS, **_TENS}
_ONE_OF_UNITS = "|".join(_UNITS)

SMALL = "|".join(sorted({**_UNITS, **_TEENS}, key=len, reverse=True))
"""A pattern for the numbers up to 19."""
HUNDREDS = rf"(?:{_ONE_OF_UNITS})?hundert[a-zäöüß]*"
"""A pattern for what may be a number from 100 to 999; `spoken` says whether it is one."""

_HUNDREDS = re.compile(rf"(?P<many>{_ONE_OF_UNITS})?hundert(?:und)?(?P<rest>\w*)")
_COMPOUND = re.compile(rf"(?P<one>{_ONE_OF_UNITS})und(?P<ten>{'|'.join(_TENS)})")


def spoken(words: str) -> int | None:
    """The number that one word stands for, or digits; None when it is none."""
    word = words.lower()
    if word.isdecimal():
        return int(word)
    if match := _HUNDREDS.fullmatch(word):
        rest = spoken(match["rest"]) if match["rest"] else 0
        return None if rest is None else 100 * _UNITS.get(match["many"], 1) + rest
    if match := _COMPOUND.fullmatch(word):
        return _UNITS[match["one"]] + _TENS[match["ten"]]
    return _SMALL.get(word)
