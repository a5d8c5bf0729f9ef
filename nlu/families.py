"""Families of devices said in words: "E07 am Dachventilator" names one as surely as an article number."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from nlu.understanding import Entity

_ENDING = r"(?:s|es|n|en|e)?"
_ABBREVIATION = 4
"""Names up to this length have no endings but s: "fuer" is no plural of FU."""
_GAP = re.compile(r"[ -]")
_UMLAUTS = {"ä": "(?:ä|ae)", "ö": "(?:ö|oe)", "ü": "(?:ü|ue)", "ß": "(?:ß|ss)"}


class Families:
    """Finds the one family a text names. Picklable, so that it travels with a trained model."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        """`words` holds what people call each family, by the family's code."""
        owners: defaultdict[str, set[str]] = defaultdict(set)
        for code, names in words.items():
            for name in names:
                owners[name].add(code)
        # The longest name first: it is the most telling, and takes its place before a part of it can.
        names = sorted(owners, key=len, reverse=True)
        self._owners = [frozenset(owners[name]) for name in names]
        self._pattern = re.compile(
            rf"(?<!\w)(?:{'|'.join(f'({_spelled(name)})' for name in names)})(?!\w)", re.IGNORECASE
        )

    def find(self, text: str) -> Entity | None:
        """The most telling mention, when the text's words fit exactly one family; None otherwise."""
        if not self._owners:
            return None
        mentions = [
            (self._owners[match.lastindex - 1], match)
            for match in self._pattern.finditer(text)
            if match.lastindex
        ]
        if not mentions:
            return None
        fitting = frozenset.intersection(*(owners for owners, _ in mentions))
        if len(fitting) != 1:
            return None
        match = min(mentions, key=lambda mention: len(mention[0]))[1]
        return Entity("family", next(iter(fitting)), match.start(), match.end())


NO_FAMILIES = Families({})
"""For projects that name none."""


def _spelled(name: str) -> str:
    letters = "".join(
        "[ -]?" if _GAP.match(char) else _UMLAUTS.get(char.lower(), re.escape(char)) for char in name
    )
    return letters + ("s?" if len(name) <= _ABBREVIATION else _ENDING)
