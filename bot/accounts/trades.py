"""Words that many company names share, so that they say little about which company it is.

A word made of such stems only ("Heizungsbau", "Gartenbauverein") is general too; every other word is
what tells one company from another.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.accounts.words import general_words

_STEMS = general_words()["stems"]
VAGUE = frozenset(general_words()["vague"])
_LINK = r"(?:s|es|en|n|e|er|ei|ung|ungs|ungen|isch|ische|ischer|isches|lich|liche|licher)?"
_WORD = re.compile("(?:" + "|".join(sorted(map(re.escape, set(_STEMS)), key=len, reverse=True)) + ")" + _LINK)
_GENERAL = re.compile(f"(?:{_WORD.pattern})+")
# Endings that a company name is often written together with: "Lindnerbau" is "Lindner Bau".
_TAIL = re.compile(
    r"([a-z]{4,}?)(bau|haustechnik|elektrotechnik|elektro|technik|heizung|dach|sanitaer|klima)"
)

FIRST_NAMES = frozenset(general_words()["first_names"])


@lru_cache(maxsize=65_536)
def stems(word: str) -> tuple[str, ...]:
    """The general stems a folded word is made of; empty for a word that tells companies apart."""
    if not _GENERAL.fullmatch(word):
        return ()
    return tuple(_bare(found.group()) for found in _WORD.finditer(word))


@lru_cache(maxsize=65_536)
def opened(word: str) -> tuple[str, ...]:
    """A word with its trade taken off: "lindnerbau" is "lindner" and "bau"."""
    if stems(word):
        return (word,)
    found = _TAIL.fullmatch(word)
    return (found[1], found[2]) if found else (word,)


@lru_cache(maxsize=4_096)
def _bare(part: str) -> str:
    """A stem without the letters that link it to the next."""
    return max((stem for stem in _STEMS if part.startswith(stem)), key=len)
