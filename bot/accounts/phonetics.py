"""How a German word sounds: Cologne phonetics (Postel 1969), for dictated and dialect spellings."""

from __future__ import annotations

import re
from functools import lru_cache

_RULES = (
    (r"ph", "f"),
    (r"[dt](?=[csz])", "8"),
    (r"(?<=[ckq])x", "8"),
    (r"x", "48"),
    (r"^c(?=[ahkloqrux])", "4"),
    (r"(?<![sz])c(?=[ahkoqux])", "4"),
    (r"[cszß]", "8"),
    (r"[dt]", "2"),
    (r"[fvw]", "3"),
    (r"[bp]", "1"),
    (r"[gkq]", "4"),
    (r"l", "5"),
    (r"[mn]", "6"),
    (r"r", "7"),
)
# Vowels as they are heard: "Meier", "Maier" and "Mayer" are one, "Müller" and "Möller" are not.
_VOWELS = (
    (r"(?<=[aeiou])h|h(?=[lmnr])", ""),
    (r"th", "t"),
    (r"(?:ei|ai|ey|ay)", "A"),
    (r"(?:aeu|eu|oi|oy)", "O"),
    (r"ae|ee|e", "E"),
    (r"ie|ii|i|y|j(?=[^aeiouAEO])", "I"),
)
_HEARD = tuple((re.compile(pattern), letter) for pattern, letter in _VOWELS)
_COMPILED = tuple((re.compile(pattern), code) for pattern, code in _RULES)


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """The Cologne code of a folded word; vowels count at the beginning only."""
    code = word
    for pattern, digit in _COMPILED:
        code = pattern.sub(digit, code)
    code = re.sub(r"[aeiouyj]", "0", code).replace("h", "")
    code = re.sub(r"(.)\1+", r"\1", code)
    return code[:1] + code[1:].replace("0", "")


@lru_cache(maxsize=65_536)
def spoken(word: str) -> str:
    """The Cologne code with its vowels: equal for words that cannot be told apart by ear."""
    code = word
    for pattern, letter in _HEARD:
        code = pattern.sub(letter, code)
    for pattern, digit in _COMPILED:
        code = pattern.sub(digit, code)
    return re.sub(r"(.)\1+", r"\1", code.replace("h", "")).replace("E7", "7")
