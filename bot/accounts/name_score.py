"""How alike two company names are, 0-100.

A name is taken apart into the words that tell companies apart ("Kahmann") and the general ones
("Heizung", "Bau"). The former decide, by spelling and by sound; the latter and the plain likeness of
the whole separate what is left. Weights were set on firms of the commercial register
(docs/accounts.md says how well it does and how to repeat it).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import mul

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cdist

from bot.accounts.names import fold, without_small, words
from bot.accounts.phonetics import sound, spoken
from bot.accounts.places import Place, compare_places, same_word
from bot.accounts.trades import FIRST_NAMES, VAGUE, opened, stems

OWN, GENERAL, WHOLE = 0.55, 0.1, 0.35
_CITY = 20.0
_SHARED, _THERE = 30.0, 20.0  # in the order of a search: words in common, and the city
_FORMER = 2.0  # a present name goes before a former one that fits as well
_ABBREVIATED = 12.0  # initials fit many names
_TOGETHER = 96.0  # the same letters, written apart or together
_INITIALS = 4  # letters of an abbreviation at most
_SAME_WORD = 40  # points of the rough order for a telling word in common
_TRADE, _SLIP = 5, 0.75  # letters of a word, and likeness, from which it is a mistyped trade
_NEARLY = 0.82  # words that nearly sound the same
_FAR = 0.55  # words less alike than this (Jaro-Winkler) do not sound the same either
_UNLIKE = 0.65  # words less alike than this are different words


@dataclass(frozen=True, slots=True)
class Name:
    """A company name taken apart: `own` are the words that tell companies apart, `trades` the others.

    `general` are the stems of `trades`.
    """

    plain: str
    own: tuple[str, ...]
    trades: tuple[str, ...]
    general: frozenset[str]


@lru_cache(maxsize=65_536)
def take_apart(text: str) -> Name:
    """Take a name apart. A name of general words only has no `own` ones."""
    own: dict[str, None] = {}
    trades: list[str] = []
    general: set[str] = set()
    parts = tuple(part for word in words(text) for part in opened(word))
    for word in parts:
        found = stems(word)
        general.update(found)
        if found:
            trades.append(word)
        else:
            own[word] = None
    return Name(" ".join(parts), tuple(own), tuple(trades), frozenset(general))


def plain_parts(text: str) -> str:
    """The `plain` form of a name alone, for an index: nothing is remembered."""
    return " ".join(part for word in words(text) for part in opened(word))


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


def mended(typed: Name, name: Name) -> Name:
    """The typed name with mistyped trades understood as those of the other name: "Elecktro" as "Elektro"."""
    slips: dict[str, str] = {}
    for word in typed.own:
        if len(word) >= _TRADE and word not in name.own:
            trade, nearest = _mistyped(word, (*name.trades, *name.general))
            if nearest >= _SLIP and nearest > max((_alike(word, own) for own in name.own), default=0.0):
                slips[word] = trade
    if not slips:
        return typed
    return take_apart(" ".join(slips.get(word, word) for word in typed.plain.split()))


def written_out(typed: Name, name: Name) -> Name | None:
    """The typed name with initials as the words of the other name: "Nordlicht FM" as "… Facility Management".

    None when there are no such initials, or nothing besides them.
    """
    short = [word for word in typed.own if 2 <= len(word) <= _INITIALS]
    said, there = typed.plain.split(), name.plain.split()
    if not short or len(said) < 2:
        return None
    first = "".join(word[0] for word in there)
    for word in short:
        at = first.find(word)
        if at >= 0 and word not in there:
            full = " ".join(there[at : at + len(word)])
            return take_apart(" ".join(full if one == word else one for one in said))
    return None


def _mistyped(word: str, trades: Iterable[str]) -> tuple[str, float]:
    """The trade that this word is likeliest to be with slips, and how near it is, 0-1."""
    best = ("", 0.0)
    for trade in trades:
        longer = max(len(word), len(trade))
        if longer - min(len(word), len(trade)) <= longer // 4:
            nearest = 1 - OSA.distance(word, trade, score_cutoff=longer // 4) / longer
            if nearest > best[1]:
                best = (trade, nearest)
    return best


def likeness(a: Name, b: Name) -> tuple[float, float]:
    """How alike two names are, whatever their legal forms and the order of their words; 100 is the same.

    With it, how much of each other's telling words they have, 0-1.
    """
    own = own_likeness(a.own, b.own)
    if a.plain == b.plain:
        return 100.0, own
    whole = (fuzz.token_set_ratio(a.plain, b.plain) + fuzz.token_sort_ratio(a.plain, b.plain)) / 200
    general = _shared(a.general, b.general)
    if not a.own and not b.own:
        return 100 * (whole + general) / 2, own
    return 100 * (OWN * own + GENERAL * general + WHOLE * whole), own


def own_likeness(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """How much of each other's telling words two names have, 0-1."""
    if not a or not b:
        return 0.0
    if len(a) == len(b) == 1:
        return _alike(a[0], b[0])
    joined = _alike("".join(a), "".join(b)) if len(a) != len(b) else 0.0
    alike = [[_alike(word, other) for other in b] for word in a]
    there, back = _covered(a, map(max, alike)), _covered(b, map(max, zip(*alike, strict=True)))
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
def _alike(a: str, b: str) -> float:
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
        if _bare_vowels(a) == _bare_vowels(b):
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


def _bare_vowels(word: str) -> str:
    """A word as a keyboard without umlauts writes it."""
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def _shared(a: frozenset[str], b: frozenset[str], neither: float = 0.5) -> float:
    return len(a & b) / len(a | b) if a or b else neither


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
                    else _shared(name_wanted.general - vague, here.general - vague, 1.0),
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
    return "".join(letter for letter, _ in groupby(_bare_vowels(word)))


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
