"""How a German word sounds: Cologne phonetics (Postel 1969), for dictated and dialect spellings."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby

_RULES = (
    ("p", r"ph", "f"),
    ("", r"[dt](?=[csz])", "8"),
    ("x", r"(?<=[ckq])x", "8"),
    ("x", r"x", "48"),
    ("c", r"^c(?=[ahkloqrux])|(?<![sz])c(?=[ahkoqux])", "4"),
)  # a letter without which the pattern need not be tried, the pattern, its code
_CONSONANTS = str.maketrans(
    {letter: code for letters, code in (
        ("cszß", "8"), ("dt", "2"), ("fvw", "3"), ("bp", "1"), ("gkq", "4"), ("l", "5"), ("mn", "6"),
        ("r", "7"), ("h", None),
    ) for letter in letters}
)  # fmt: skip
_ZEROS = str.maketrans(dict.fromkeys("aeiouyj", "0"))
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
_COMPILED = tuple((letter, re.compile(pattern), code) for letter, pattern, code in _RULES)


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """The Cologne code of a folded word; vowels count at the beginning only."""
    code = _once(_coded(word).translate(_ZEROS))
    return code[:1] + code[1:].replace("0", "")


@lru_cache(maxsize=65_536)
def spoken(word: str) -> str:
    """The Cologne code with its vowels: equal for words that cannot be told apart by ear."""
    heard = word
    for pattern, letter in _HEARD:
        heard = pattern.sub(letter, heard)
    return _once(_coded(heard)).replace("E7", "7")


def _coded(word: str) -> str:
    """The word with its consonants as digits, "h" left out."""
    for letter, pattern, code in _COMPILED:
        if letter in word:
            word = pattern.sub(code, word)
    return word.translate(_CONSONANTS)


def _once(code: str) -> str:
    """The code with each sign once where it stands several times in a row."""
    return "".join(sign for sign, _ in groupby(code))
