"""A company name taken apart: the words that tell companies apart, and those of the trade."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from bot.accounts.names import words
from bot.accounts.trades import opened, stems


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
