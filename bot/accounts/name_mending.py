"""Understanding a typed name by the other one: mistyped trades, and initials for words."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import OSA

from bot.accounts.name_likeness import alike
from bot.accounts.name_parts import Name, take_apart

_INITIALS = 4  # letters of an abbreviation at most
_TRADE, _SLIP = 5, 0.75  # letters of a word, and likeness, from which it is a mistyped trade


def mended(typed: Name, name: Name) -> Name:
    """The typed name with mistyped trades understood as those of the other name: "Elecktro" as "Elektro"."""
    slips: dict[str, str] = {}
    for word in typed.own:
        if len(word) >= _TRADE and word not in name.own:
            trade, nearest = _mistyped(word, (*name.trades, *name.general))
            if nearest >= _SLIP and nearest > max((alike(word, own) for own in name.own), default=0.0):
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
