"""Which part of a device is meant: "ist der Ersatzfilter davon da?" asks about the filter, not the device."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.storage.knowledge import Article
from nlu.wording import readable

PART = "part"  # the slot of the kind of part that is meant
# The rules read normalised text (`nlu.wording`): lower case, "ue" for "ü". A part is meant by the same words
# by which it is called in the article master, in any language.
_WORDS: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(words)
    for kind, words in {
        "filter": r"filter|\bfiltr",
        "board": r"platine|\bboard|\bpcb\b",
        "motor": r"motor(?:en|s)?\b",
        "heat_exchanger": r"tauscher|heat exchanger",
        "sensor": r"sensor|fuehler",
        "bearing": r"kugellager|lagersatz|bearing",
        "impeller": r"laufrad|laufraeder|fluegelrad|impeller",
        "capacitor": r"kondensator|capacitor",
        "seal": r"dichtung|gasket|\bseals?\b",
        "actuator": r"stellmotor|stellantrieb|actuator",
        "panel": r"bedienteil|fernbedienung|remote control|control panel",
        "grille": r"gitter\b|grille",
    }.items()
}
_WHOLE = re.compile(r"\b(?:selbst|selber|komplett\w*|geraet|itself|complete|whole|unit)\b")


def part_meant(text: str, before: str | None) -> str | None:
    """The kind of part that a text names; `before` is what was meant until now and stays so unless the
    whole device is named.
    """
    plain = readable(text)
    named = next((kind for kind, words in _WORDS.items() if words.search(plain)), None)
    return named or (None if _WHOLE.search(plain) else before)


def of_kind(parts: Sequence[Article], kind: str | None) -> list[Article]:
    """Those of a device's parts that are of this kind, by their names."""
    words = _WORDS.get(kind or "")
    if words is None:
        return []
    return [part for part in parts if any(words.search(readable(name)) for name in part.name.values())]
