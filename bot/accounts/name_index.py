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
from scipy.sparse import csc_array

Ints = NDArray[np.int32]

_BASE = 37
_SIZE = _BASE**3
_LINE = 10
_BUDGET = 500_000  # entries read for one query; enough to read every triple up to about 60,000 names
_SHARES, _SPARE = (0.25, 0.1, 0.0), 8
_ONES = np.ones(_BUDGET, dtype=np.float32)
_CODES = np.zeros(256, dtype=np.int32)  # blank and everything unknown is 0
for _i, _c in enumerate(b"abcdefghijklmnopqrstuvwxyz0123456789", start=1):
    _CODES[_c] = _i
_CODE: list[int] = _CODES.tolist()


@dataclass(frozen=True, slots=True)
class Postings:
    """The names that have triple t: `entries[starts[t]:starts[t + 1]]`. `lengths` counts triples by name.

    `text` are the names themselves, each between blanks on a line of its own; line i ends at `ends[i]`.
    """

    starts: NDArray[np.int64]
    entries: Ints
    lengths: NDArray[np.float32]
    text: str
    ends: NDArray[np.int64]

    @property
    def count(self) -> int:
        """How many names are indexed."""
        return len(self.lengths)

    def names(self, entries: Ints) -> list[str]:
        """The plain names of these entries, each between blanks."""
        starts = np.where(entries > 0, self.ends[entries - 1] + 1, 0).tolist()
        ends = self.ends[entries].tolist()
        return [self.text[start:end] for start, end in zip(starts, ends, strict=True)]


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
    return Postings(starts, owners, lengths, lines.decode("ascii"), np.flatnonzero(joined == _LINE))


def search(postings: Postings, text: str, limit: int, among: Ints | None = None) -> Ints:
    """Entries whose names look most like this plain name, best first.

    With `among`, the best of these entries come in addition, alike or not.
    """
    triples = _asked(text)
    sizes = postings.starts[triples + 1] - postings.starts[triples]
    order = np.argsort(sizes, kind="stable")[int((sizes == 0).sum()) :]
    triples, sizes = triples[order], sizes[order]
    take = max(int(np.searchsorted(np.cumsum(sizes), _BUDGET, side="right")), 1)
    scores = _scores(postings, triples[:take], sizes[:take])
    found = _best(_high(scores, limit), scores, postings.lengths, limit)
    if among is None or not len(among):
        return found
    listed = set(found.tolist())
    there = _best(among, scores, postings.lengths, limit)
    more = [entry for entry in there.tolist() if entry not in listed]
    return np.concatenate([found, np.array(more, dtype=np.int32)])


def _scores(postings: Postings, triples: Ints, sizes: NDArray[np.int64]) -> NDArray[np.float32]:
    """The weights of these triples added up by entry: the product of a matrix of ones with the weights."""
    if not len(triples):
        return np.zeros(postings.count, dtype=np.float32)
    starts, ends = postings.starts[triples].tolist(), postings.starts[triples + 1].tolist()
    entries = np.concatenate([postings.entries[i:j] for i, j in zip(starts, ends, strict=True)])
    columns = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    ones = _ONES[: len(entries)] if len(entries) <= _BUDGET else np.ones(len(entries), dtype=np.float32)
    there = csc_array((ones, entries, columns), shape=(postings.count, len(triples)))
    scores: NDArray[np.float32] = there @ (np.log1p(postings.count / sizes) ** 2).astype(np.float32)
    return scores


def _high(scores: NDArray[np.float32], limit: int) -> Ints:
    """The entries with the highest scores, several times the limit of them: few are worth ranking."""
    highest = scores.max(initial=0.0)
    for share in _SHARES:
        high = np.flatnonzero(scores > highest * share)
        if len(high) >= _SPARE * limit:
            break
    if len(high) > 2 * _SPARE * limit:
        high = high[np.argpartition(scores[high], -_SPARE * limit)[-_SPARE * limit :]]
    return high.astype(np.int32)


def _best(entries: Ints, scores: NDArray[np.float32], lengths: NDArray[np.float32], limit: int) -> Ints:
    rank = scores[entries] / np.sqrt(lengths[entries] + 8.0)
    if len(entries) > limit:
        best = np.argpartition(rank, -limit)[-limit:]
        entries, rank = entries[best], rank[best]
    return entries[np.argsort(-rank, kind="stable")]


def _asked(text: str) -> Ints:
    """The triples of one plain name, each once; for a short text faster than `_triples`."""
    codes = [_CODE[byte] for byte in f" {text} ".encode("ascii", "replace")]
    found = {
        a * (_BASE * _BASE) + b * _BASE + c for a, b, c in zip(codes, codes[1:], codes[2:], strict=False)
    }
    return np.array(sorted(found), dtype=np.int32)


def _triples(text: NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """The triples of a text of lines, and the line each stands in. Triples across lines are left out."""
    if len(text) < 3:
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32)
    codes = _CODES[text]
    line = np.cumsum(text == _LINE, dtype=np.int32)
    inside = (text[:-2] != _LINE) & (text[1:-1] != _LINE) & (text[2:] != _LINE)
    triples = codes[:-2] * (_BASE * _BASE) + codes[1:-1] * _BASE + codes[2:]
    return triples[inside], line[:-2][inside]
