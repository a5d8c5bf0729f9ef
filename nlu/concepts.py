"""Concepts: words that mean the same, as features the engine can learn from.

A few hundred examples never name every word for smoke, every animal in a barn or every way to say
that a fan stands still. `project/concepts.yml` groups such words; a text then has the concepts it
touches, and every pair of them ("critical_place+failing"), as features beside its words and letters.
What they count for is learned from the examples; no concept decides anything alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

_PLAIN = re.compile(r"[\w '-]+")
_EDGED = re.compile(r"(\\b)?([\w ]+?)(\\b)?")
_NO_WORD = re.compile(r"\W")


@dataclass(frozen=True, slots=True)
class Concept:
    """The words of one concept, by how they are looked up: plain substrings in a text as it is,
    substrings in its words between blanks, and what needs a regular expression.
    """

    name: str
    plain: tuple[str, ...]
    edged: tuple[str, ...]
    pattern: re.Pattern[str] | None

    def touches(self, text: str, words: str) -> bool:
        """Whether the concept is in a text; `words` is the text with a blank around each word."""
        for word in self.plain:  # any() over a generator takes three times as long
            if word in text:
                return True
        for word in self.edged:
            if word in words:
                return True
        return self.pattern is not None and self.pattern.search(text) is not None


class Concepts:
    """Finds the concepts of normalised texts. Picklable, so that it travels with a trained model."""

    def __init__(self, words: Mapping[str, str]) -> None:
        """`words` holds each concept's patterns, separated by blanks; _ stands for a blank in one.

        Raises ValueError naming concept and pattern when one is no regular expression.
        """
        self._concepts = tuple(_concept(name, words[name]) for name in sorted(words))

    def __call__(self, text: str) -> list[str]:
        """The names of the concepts in this text, and their pairs as "one+other"."""
        words = f" {_NO_WORD.sub(' ', text)} "
        found = [concept.name for concept in self._concepts if concept.touches(text, words)]
        return [*found, *_pairs(found)]


def _pairs(names: list[str]) -> Iterator[str]:
    return ("+".join(pair) for pair in combinations(names, 2))


def _concept(name: str, patterns: str) -> Concept:
    """Most patterns are mere words, and finding those without regular expressions is ten times faster."""
    plain, edged, rest = [], [], []
    for pattern in (part.replace("_", " ") for part in patterns.split()):
        if _PLAIN.fullmatch(pattern):
            plain.append(pattern)
        elif match := _EDGED.fullmatch(pattern):
            edged.append(f"{' ' if match[1] else ''}{match[2]}{' ' if match[3] else ''}")
        else:
            rest.append(pattern)
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"concept {name}: {pattern!r} is no regular expression ({error})") from error
    return Concept(name, tuple(plain), tuple(edged), re.compile("|".join(rest)) if rest else None)
