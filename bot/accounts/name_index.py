"""Which names look like a given one: an inverted index of letter triples, in memory, for a million names.

A triple of the 37 characters that names are folded to is a number below 37³, so an index is a few flat
arrays: about 150 bytes a name with the name itself. Searching adds up the weights of the query's
rarest triples until a budget of entries has been read; the common ones ("bau", "gmb") would only cost
time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]

_BASE = 37
_SIZE = _BASE**3
_LINE = 10
_BUDGET = 500_000  # entries read for one query; enough to read every triple up to about 60,000 names
_SHARES, _SPARE = (0.6, 0.4, 0.25, 0.1, 0.0), 4
_CODES = np.zeros(256, dtype=np.int32)  # blank and everything unknown is 0
for _i, _c in enumerate(b"abcdefghijklmnopqrstuvwxyz0123456789", start=1):
    _CODES[_c] = _i


@dataclass(frozen=True, slots=True)
class Postings:
    """The names that have triple t: `entries[starts[t]:starts[t + 1]]`. `lengths` counts triples by name.

    `text` are the names themselves, each between blanks on a line of its own; line i ends at `ends[i]`.
    """

    starts: NDArray[np.int64]
    entries: Ints
    lengths: NDArray[np.float32]
    text: bytes
    ends: NDArray[np.int64]

    @property
    def count(self) -> int:
        """How many names are indexed."""
        return len(self.lengths)

    def name(self, entry: int) -> str:
        """The plain name of this entry."""
        start = int(self.ends[entry - 1]) + 2 if entry else 1
        return self.text[start : int(self.ends[entry]) - 1].decode("ascii")


def build(texts: Sequence[str]) -> Postings:
    """Index plain names (`names.plain`); the position in `texts` is the entry's number."""
    lines = "".join(f" {text} \n" for text in texts).encode("ascii", "replace")
    joined = np.frombuffer(lines, dtype=np.uint8)
    triples, owners = _triples(joined)
    order = np.argsort(triples.astype(np.uint16), kind="stable")  # a radix sort; owners stay in order
    triples, owners = triples[order], owners[order]
    once = np.ones(len(triples), dtype=bool)
    once[1:] = (triples[1:] != triples[:-1]) | (owners[1:] != owners[:-1])
    triples, owners = triples[once], owners[once]
    starts = np.zeros(_SIZE + 1, dtype=np.int64)
    np.cumsum(np.bincount(triples, minlength=_SIZE), out=starts[1:])
    lengths = np.bincount(owners, minlength=len(texts)).astype(np.float32)
    return Postings(starts, owners, lengths, lines, np.flatnonzero(joined == _LINE))


def search(postings: Postings, text: str, limit: int, among: Ints | None = None) -> Ints:
    """Entries whose names look most like this plain name, best first.

    With `among`, the best of these entries come in addition, alike or not.
    """
    triples = np.unique(_triples(np.frombuffer(f" {text} ".encode("ascii", "replace"), dtype=np.uint8))[0])
    sizes = postings.starts[triples + 1] - postings.starts[triples]
    order = np.argsort(sizes, kind="stable")[int((sizes == 0).sum()) :]
    triples, sizes = triples[order], sizes[order]
    take = int(np.searchsorted(np.cumsum(sizes), _BUDGET, side="right"))
    scores = np.zeros(postings.count, dtype=np.float32)
    for triple, size in zip(triples[: max(take, 1)], sizes, strict=False):
        # An entry has a triple once, so no addition is lost.
        scores[postings.entries[postings.starts[triple] : postings.starts[triple + 1]]] += np.float32(
            np.log1p(postings.count / size) ** 2
        )
    found = _best(_high(scores, limit), scores, postings.lengths, limit)
    if among is None or not len(among):
        return found
    return np.concatenate([found, np.setdiff1d(_best(among, scores, postings.lengths, limit), found)])


def _high(scores: NDArray[np.float32], limit: int) -> Ints:
    """The entries with the highest scores, several times the limit of them: few are worth ranking."""
    highest = scores.max(initial=0.0)
    for share in _SHARES:
        high = np.flatnonzero(scores > highest * share)
        if len(high) >= _SPARE * limit:
            break
    return high.astype(np.int32)


def _best(entries: Ints, scores: NDArray[np.float32], lengths: NDArray[np.float32], limit: int) -> Ints:
    rank = scores[entries] / np.sqrt(lengths[entries] + 8.0)
    if len(entries) > limit:
        best = np.argpartition(rank, -limit)[-limit:]
        entries, rank = entries[best], rank[best]
    return entries[np.argsort(-rank, kind="stable")]


def _triples(text: NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """The triples of a text of lines, and the line each stands in. Triples across lines are left out."""
    if len(text) < 3:
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32)
    codes = _CODES[text]
    line = np.cumsum(text == _LINE, dtype=np.int32)
    inside = (text[:-2] != _LINE) & (text[1:-1] != _LINE) & (text[2:] != _LINE)
    triples = codes[:-2] * (_BASE * _BASE) + codes[1:-1] * _BASE + codes[2:]
    return triples[inside], line[:-2][inside]
