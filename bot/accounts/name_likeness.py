"""How alike two names are, and two words: by spelling and by sound.

The telling words decide; the trades and the plain likeness of the whole separate what is left. Weights
were set on firms of the commercial register (docs/accounts.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from operator import mul

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler

from bot.accounts.name_parts import Name
from bot.accounts.phonetics import sound, spoken
from bot.accounts.trades import FIRST_NAMES

OWN, GENERAL, WHOLE = 0.55, 0.1, 0.35
_NEARLY = 0.82  # words that nearly sound the same
_FAR = 0.55  # words less alike than this (Jaro-Winkler) do not sound the same either
_UNLIKE = 0.65  # words less alike than this are different words


def likeness(a: Name, b: Name) -> tuple[float, float]:
    """How alike two names are, whatever their legal forms and the order of their words; 100 is the same.

    With it, how much of each other's telling words they have, 0-1.
    """
    own = own_likeness(a.own, b.own)
    if a.plain == b.plain:
        return 100.0, own
    whole = (fuzz.token_set_ratio(a.plain, b.plain) + fuzz.token_sort_ratio(a.plain, b.plain)) / 200
    general = shared(a.general, b.general)
    if not a.own and not b.own:
        return 100 * (whole + general) / 2, own
    return 100 * (OWN * own + GENERAL * general + WHOLE * whole), own


def own_likeness(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """How much of each other's telling words two names have, 0-1."""
    if not a or not b:
        return 0.0
    if len(a) == len(b) == 1:
        return alike(a[0], b[0])
    joined = alike("".join(a), "".join(b)) if len(a) != len(b) else 0.0
    table = [[alike(word, other) for other in b] for word in a]
    there, back = _covered(a, map(max, table)), _covered(b, map(max, zip(*table, strict=True)))
    return max(joined, 0.6 * there + 0.4 * back)


def _covered(words_of: tuple[str, ...], likest: Iterable[float]) -> float:
    """How much of these words is there, each as far as the word that is likest to it."""
    weights = [_weight(word) for word in words_of]
    covered: float = sum(map(mul, weights, likest))
    return covered / sum(weights)


@lru_cache(maxsize=65_536)
def _weight(word: str) -> float:
    if len(word) == 1:
        return 0.15
    return 0.45 if word in FIRST_NAMES else min(max(len(word), 3), 6) / 6


@lru_cache(maxsize=262_144)
def alike(a: str, b: str) -> float:
    """How alike two words are: 1 the same, 0 different ones."""
    if a == b:
        return 1.0
    shorter, longer = sorted((len(a), len(b)))
    if shorter < 3:
        return 0.0
    if JaroWinkler.similarity(a, b) < _FAR:
        return 0.0
    heard = shorter >= 3 and sound(a) == sound(b) and (shorter > 3 or len(sound(a)) > 2)
    distance = OSA.distance(a, b, score_cutoff=3)
    if distance > 3 and not heard and shorter < 5:
        return 0.0
    near = 1 - distance / longer if distance <= 3 else 0.0
    if heard:
        if bare_vowels(a) == bare_vowels(b):
            near = max(near, 0.97)
        elif spoken(a) == spoken(b):
            near = max(near, 0.95)
    if shorter >= 5 and (a.startswith(b) or b.startswith(a)):
        near = max(near, 0.75)
    elif (
        shorter >= 5
        and near < _NEARLY
        and OSA.distance(sound(a), sound(b), score_cutoff=1) <= 1
        and JaroWinkler.similarity(a, b) > 0.7
    ):
        near = _NEARLY
    return near if near >= _UNLIKE else near / 3


def bare_vowels(word: str) -> str:
    """A word as a keyboard without umlauts writes it."""
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def shared(a: frozenset[str], b: frozenset[str], neither: float = 0.5) -> float:
    """How much two sets have in common, 0-1; `neither` when both are empty."""
    return len(a & b) / len(a | b) if a or b else neither
