"""Concepts: words that mean the same, as features the engine can learn from.

A few hundred examples never name every word for smoke, every animal in a barn or every way to say
that a fan stands still. `project/concepts.yml` groups such words; a text then has the concepts it
touches, and every pair of them ("critical_place+failing"), as features beside its words and letters.
What they count for is learned from the examples; no concept decides anything alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from itertools import combinations, product

_PIECE = re.compile(r"(\\b)|\(\?:([\w '|-]+)\)(\?)?|\[(-?[\w' ]+)\](\?)?|([\w '-])(\?)?")
_EDGED = re.compile(r"(\\b)?([\w ]+?)(\\b)?")
_PLAIN = re.compile(r"[\w '-]+")
_NO_WORD = re.compile(r"\W")
_MOST_SPELLINGS = 64
_KEY = 3
"""Letters by which a word is found in a text; fewer find too many that are not there."""

Words = dict[str, list[tuple[str, str]]]
"""Word and concept, by the first `_KEY` letters of the word."""


class Concepts:
    """Finds the concepts of normalised texts. Picklable, so that it travels with a trained model."""

    def __init__(self, words: Mapping[str, str]) -> None:
        """`words` holds each concept's patterns, separated by blanks; _ stands for a blank in one.

        Raises ValueError naming concept and pattern when one is no regular expression.
        Most patterns are mere words or a few spellings of one. Those are looked up, plain ones in the text
        as it is, those with edges in its words between blanks; the rest stays regular expressions.
        """
        self._plain: Words = {}
        self._edged: Words = {}
        self._patterns: list[tuple[str, re.Pattern[str]]] = []
        for name in sorted(words):
            rest = []
            for pattern in (part.replace("_", " ") for part in words[name].split()):
                spellings = _spellings(pattern)
                if spellings is None:
                    _check(name, pattern)
                    rest.append(pattern)
                for spelling in spellings or ():
                    table, word = self._table(spelling)
                    table.setdefault(word[:_KEY], []).append((word, name))
            if rest:
                self._patterns.append((name, re.compile("|".join(rest))))
        self._sizes = sorted({len(key) for key in (*self._plain, *self._edged)})

    def _table(self, spelling: str) -> tuple[Words, str]:
        if (edged := _EDGED.fullmatch(spelling)) and (edged[1] or edged[3]):
            return self._edged, f"{' ' if edged[1] else ''}{edged[2]}{' ' if edged[3] else ''}"
        return self._plain, spelling

    def __call__(self, text: str) -> list[str]:
        """The names of the concepts in this text, and their pairs as "one+other"."""
        found: set[str] = set()
        self._look_up(self._plain, text, found)
        self._look_up(self._edged, f" {_NO_WORD.sub(' ', text)} ", found)
        for name, pattern in self._patterns:
            if name not in found and pattern.search(text):
                found.add(name)
        names = sorted(found)
        return [*names, *_pairs(names)]

    def _look_up(self, table: Words, text: str, found: set[str]) -> None:
        keys = {text[place : place + size] for size in self._sizes for place in range(len(text))}
        for key in table.keys() & keys:
            for word, name in table[key]:
                if word in text:
                    found.add(name)


def _pairs(names: list[str]) -> Iterator[str]:
    return ("+".join(pair) for pair in combinations(names, 2))


def _check(name: str, pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"concept {name}: {pattern!r} is no regular expression ({error})") from error


def _spellings(pattern: str) -> list[str] | None:
    """All that a pattern stands for, word edges kept; None when it takes a regular expression to say."""
    choices, place = [], 0
    while place < len(pattern):
        piece = _PIECE.match(pattern, place)
        if piece is None:
            return None
        edge, several, may_several, letters, may_letters, letter, may_letter = piece.groups()
        choice = several.split("|") if several else list(letters) if letters else [edge or letter]
        choices.append([*choice, ""] if may_several or may_letters or may_letter else choice)
        place = piece.end()
    if math.prod(map(len, choices)) > _MOST_SPELLINGS:
        return None
    spellings = ["".join(pieces) for pieces in product(*choices)]
    fit = all(_PLAIN.fullmatch(spelling) or _EDGED.fullmatch(spelling) for spelling in spellings)
    return spellings if fit else None
