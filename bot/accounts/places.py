"""Whether two cities are the same, as people type them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from rapidfuzz.distance import OSA

from bot.accounts.names import fold

Place = Literal["same", "other", "unsaid"]


def compare_places(said: str | None, city: str | None) -> Place:
    """Whether a city that was said is the one on file."""
    if not said or not city:
        return "unsaid"
    a, b = fold(said).split(), fold(city).split()
    if not a or not b:
        return "unsaid"
    return "same" if _same_place(a, b) else "other"


def _same_place(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether two places may be one: "Frankfurt" is "Frankfurt (Oder)", "Gehra" is Gera."""
    short, long = sorted((a, b), key=len)
    return all(same_word(x, y) for x, y in zip(short, long, strict=False)) and (
        len(short) == len(long) or len(short[0]) >= 4
    )


def same_word(a: str, b: str) -> bool:
    """Whether two words are one, a slip of the finger aside."""
    return a == b or (min(len(a), len(b)) >= 4 and a[0] == b[0] and OSA.distance(a, b, score_cutoff=1) <= 1)
