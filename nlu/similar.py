"""Which texts are nearly the same: for grouping what is to be reviewed, and for finding contradictions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from nlu.wording import readable

SAME = 0.72
"""Cosine of letter 2-4-grams from which two short texts say the same to a person who labels them. Read by
hand on the corpus: above it pairs differ in spelling, greeting or number, below it in what they ask.
"""
_BLOCK = 512
_LARGEST = 12_000
"""More texts are compared by their words alone: all pairs of letters would take minutes."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two places in a list of texts, `first` before `second`, and how similar they are (0 to 1)."""

    first: int
    second: int
    similarity: float


def table_of(texts: Sequence[str]) -> csr_matrix | None:
    """One row of length 1 for each text; None when there is not a letter in any."""
    words = [readable(text) for text in texts]
    try:
        return csr_matrix(TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4)).fit_transform(words))
    except ValueError:  # an empty vocabulary
        return None


def near_pairs(texts: Sequence[str], from_similarity: float = SAME) -> list[Pair]:
    """All pairs that are at least this similar, most similar first."""
    if len(texts) > _LARGEST:
        found = list(_same_words(texts))
    else:
        table = table_of(texts)
        found = [] if table is None else list(_pairs(table, from_similarity))
    return sorted(found, key=lambda pair: -pair.similarity)


def _pairs(table: csr_matrix, from_similarity: float) -> Iterator[Pair]:
    columns = csr_matrix(table.T)
    for start in range(0, table.shape[0], _BLOCK):
        block = (table[start : start + _BLOCK] @ columns).tocoo()
        near = (block.data >= from_similarity) & (block.row + start < block.col)
        for row, column, value in zip(block.row[near], block.col[near], block.data[near], strict=True):
            yield Pair(int(start + row), int(column), min(float(value), 1.0))


def _same_words(texts: Sequence[str]) -> Iterator[Pair]:
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        places[tuple(sorted(set(readable(text).split())))].append(place)
    for same in places.values():
        for place in same[1:]:
            yield Pair(same[0], place, 1.0)


def group(texts: Sequence[str], from_similarity: float = SAME) -> list[list[int]]:
    """Places in groups: each text joins the nearest of those that began a group, or begins one.

    For some hundred texts; all pairs are compared.
    """
    table = table_of(texts)
    if table is None:
        return [[place] for place in range(len(texts))]
    leaders: list[int] = []
    groups: dict[int, list[int]] = {}
    likeness = csr_matrix(table @ table.T)
    for place in range(table.shape[0]):
        row = likeness.getrow(place)
        near = {int(column): value for column, value in zip(row.indices, row.data, strict=True)}
        leader = max(
            (other for other in leaders if near.get(other, 0.0) >= from_similarity),
            key=lambda other: near[other],
            default=None,
        )
        if leader is None:
            leaders.append(place)
            groups[place] = [place]
        else:
            groups[leader].append(place)
    return list(groups.values())
