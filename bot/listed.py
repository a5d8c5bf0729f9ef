"""Several orders or articles named in one breath: "4500123457 und 4500123458"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from nlu.understanding import Entity

_NAMES = ("order_number", "article_number")
_JOINT = re.compile(
    r"\s*(?:[,;/&+]|\b(?:und|and|sowie|u)\b)[\s.]*(?:(?:auch|noch|die|der|den|das|the|auftrag|order)\s+)*"
    r"(?:\d{1,3}\s?(?:x|stk|stück)?\s*)?",
    re.IGNORECASE,
)


def listed(text: str, entities: Sequence[Entity]) -> list[tuple[str, str]]:
    """(name, value) of each that is listed before another of its kind. The last one is none of them, and
    neither is one that was taken back ("4500123496, nein, 4500123469").
    """
    found = []
    for name in _NAMES:
        same = [entity for entity in entities if entity.name == name]
        for entity, following in pairwise(same):
            if entity.value != same[-1].value and _JOINT.fullmatch(text[entity.end : following.start]):
                found.append((name, entity.value))
    return found
