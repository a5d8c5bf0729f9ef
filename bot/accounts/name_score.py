"""How well an account fits a typed company name, 0-100, with its city and its former names.

docs/accounts.md says how well it does and how to repeat it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from bot.accounts.name_likeness import bare_vowels, likeness, shared
from bot.accounts.name_mending import mended, written_out
from bot.accounts.name_parts import Name, take_apart
from bot.accounts.names import fold, without_small
from bot.accounts.phonetics import sound, spoken
from bot.accounts.places import Place, compare_places, same_word
from bot.accounts.trades import FIRST_NAMES, VAGUE

_CITY = 20.0
_SHARED, _THERE = 30.0, 20.0  # in the order of a search: words in common, and the city
_FORMER = 2.0  # a present name goes before a former one that fits as well
_ABBREVIATED = 12.0  # initials fit many names
_TOGETHER = 96.0  # the same letters, written apart or together
_SAME_WORD = 40  # points of the rough order for a telling word in common


def promising(typed: Name, typed_city: str | None, others: Sequence[tuple[str, str | None]]) -> list[float]:
    """How much a close look at each of these names and folded cities promises: a quick estimate.

    The names are plain, between blanks.
    """
    own = [f" {word} " for word in typed.own]
    weight = _SAME_WORD / max(len(own), 1)
    said = fold(typed_city) if typed_city else typed.plain
    names = [name for name, _ in others]
    whole = sum(
        cdist([typed.plain], names, scorer=scorer)[0]
        for scorer in (fuzz.token_set_ratio, fuzz.token_sort_ratio)
    )
    return [
        rough / 2 + weight * sum(map(name.__contains__, own)) + (_SAME_WORD if city and city in said else 0)
        for rough, (name, city) in zip(np.asarray(whole).tolist(), others, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Compared:
    """How well an account fits a name: `score` counts everything, 100 and up is the very name.

    `own`, 0-1: the telling words alone, of which `telling` counts those besides city and
    first names. `general`, 0-1: the trades, in the city that was said without those that everybody
    names ("Bau"); `within`: some were typed, and the account has all of them.
    `heard`: a telling word only sounds like the account's, so that it may be another family ("Meier" for
    "Maier"). `inside`: the account's whole name, of two words or more, stands in what was typed.
    `contains`: the account's name has all telling words that were typed, and perhaps more. `place`: the
    city that was said is the account's, is another, or none was said (or the account has none).
    `shared`, 0-1: how many of the words that were typed the account's name has, its city aside.
    """

    score: float
    own: float
    general: float
    within: bool
    telling: int
    exact: bool
    contains: bool
    place: Place
    heard: bool = False
    inside: bool = False
    shared: float = 0.0

    @property
    def promise(self) -> float:
        """How early to show it to somebody who looks for a name in a city: the city and whole words count for
        more than in `score`, because a firm may have changed the rest of its name.
        """
        there = {"same": _THERE, "other": -_THERE, "unsaid": 0.0}[self.place]
        return self.score + _SHARED * self.shared + there


def compare(
    typed: Name, typed_city: str | None, name: str, former: Sequence[str], city: str | None
) -> Compared:
    """Compare a typed name with an account's names and city."""
    place = compare_places(typed_city, city)
    wanted = [typed]
    if place == "unsaid" and city:
        rest = _without_city(typed, city)
        if rest is not None:
            place = "same"
            wanted.append(rest)
    there = frozenset(fold(city).split()) if city else frozenset()
    lift = {"same": _CITY, "other": -_CITY, "unsaid": 0.0}[place]
    vague = VAGUE if place == "same" else frozenset[str]()
    best = Compared(
        -100.0, 0.0, general=0.0, within=False, telling=0, exact=False, contains=False, place=place
    )
    for text, handicap in ((name, 0.0), *((old, _FORMER) for old in former)):
        here = take_apart(text)
        for typed_as, less in (*((one, 0.0) for one in wanted), *_written_out(wanted, here)):
            name_wanted = mended(typed_as, here)
            alike, own = likeness(name_wanted, here)
            together = name_wanted.plain != here.plain and _joined(name_wanted) == _joined(here)
            if together:
                alike, own = _TOGETHER, 1.0
            score = alike - handicap - less + lift
            if score > best.score:
                both = name_wanted.general and here.general
                best = Compared(
                    max(0.0, score),
                    own,
                    general=1.0
                    if together
                    else shared(name_wanted.general - vague, here.general - vague, 1.0),
                    within=bool(name_wanted.general - VAGUE) and name_wanted.general - VAGUE <= here.general,
                    telling=sum(
                        len(word) > 2 and word not in FIRST_NAMES and word not in there
                        for word in (here if together else name_wanted).own
                    ),
                    exact=(together or name_wanted.plain == here.plain) and (not less or place == "same"),
                    contains=bool(name_wanted.own)
                    and set(name_wanted.own) <= set(here.own)
                    and (not both or not name_wanted.general.isdisjoint(here.general)),
                    place=place,
                    heard=alike < 100.0 and not together and _only_heard(name_wanted.own, here.own),
                    inside=len(here.own) + len(here.general) > 1
                    and set(here.own) <= set(name_wanted.own)
                    and here.general <= name_wanted.general,
                    shared=_in_common(name_wanted, here, there),
                )
    return best


def _in_common(typed: Name, here: Name, city: frozenset[str]) -> float:
    said = set(typed.plain.split())
    return len(said.intersection(here.plain.split()) - city) / max(len(said), 1)


def _only_heard(typed: tuple[str, ...], there: tuple[str, ...]) -> bool:
    """Whether a word typed sounds like one there and is yet written otherwise, doubled letters aside."""
    return any(
        word != other
        and word not in there
        and len(word) > 3
        and sound(word) == sound(other)
        and spoken(word) == spoken(other)
        and _once(word) != _once(other)
        for word in typed
        for other in there
    )


def _once(word: str) -> str:
    return "".join(letter for letter, _ in groupby(bare_vowels(word)))


def _written_out(wanted: Sequence[Name], here: Name) -> list[tuple[Name, float]]:
    full = [written_out(one, here) for one in wanted]
    return [(one, _ABBREVIATED) for one in full if one is not None]


def _joined(name: Name) -> str:
    return name.plain.replace(" ", "")


@lru_cache(maxsize=16_384)
def _without_city(typed: Name, city: str) -> Name | None:
    """The typed name without this city, or None when the city does not stand in it."""
    place, said = without_small(fold(city).split()), typed.plain.split()
    for length in dict.fromkeys((len(place), 1)):
        wanted = place[:length]
        if length < len(place) and len(wanted[0]) < 4:
            continue
        for start in range(len(said) - length + 1):
            if said[start][0] == wanted[0][0] and all(
                same_word(x, y) for x, y in zip(wanted, said[start : start + length], strict=True)
            ):
                rest = said[:start] + said[start + length :]
                return take_apart(" ".join(rest)) if rest else None
    return None
