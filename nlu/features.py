"""TF-IDF features: scikit-learn's vectorizers for the training, a short way for the one text of a parse.

`TfidfVectorizer.transform` of a single text spends most of its time checking arguments (measured:
5 ms, where the counting itself takes 0.1 ms), so `Features.row` computes the same numbers itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer


@dataclass(frozen=True, slots=True)
class Row:
    """One text: the columns that are not zero, their values, and the share (0..1) of all the text's
    words and letter sequences that the training has seen. Letters typed at random have next to none.
    """

    columns: NDArray[np.intp]
    values: NDArray[np.float64]
    known: float


class Features:
    """Several vectorizers side by side, each L2-normalised and then weighted."""

    def __init__(self, *parts: tuple[TfidfVectorizer, float]) -> None:
        self._parts = parts

    def fit(self, texts: Sequence[str]) -> csr_matrix:
        """Learn the vocabulary; the table has shape (texts, columns)."""
        table = self._table([weight * part.fit_transform(texts) for part, weight in self._parts])
        # What a row needs, taken out once: the analyzer, the columns and their weights.
        self._quick = [
            (
                part.build_analyzer(),
                {term: int(place) for term, place in part.vocabulary_.items()},
                part.idf_,
                weight,
            )
            for part, weight in self._parts
        ]
        return table

    def table(self, texts: Sequence[str]) -> csr_matrix:
        """Features of many texts, shape (texts, columns)."""
        return self._table([weight * part.transform(texts) for part, weight in self._parts])

    def row(self, text: str) -> Row:
        """Features of one text: the same numbers as `table([text])`."""
        columns: list[NDArray[np.intp]] = []
        values: list[NDArray[np.float64]] = []
        offset, seen, known = 0, 0, 0
        for analyse, vocabulary, idf, weight in self._quick:
            terms = analyse(text)
            counts = Counter(place for term in terms if (place := vocabulary.get(term)) is not None)
            seen, known = seen + len(terms), known + counts.total()
            places = np.fromiter(counts.keys(), dtype=np.intp, count=len(counts))
            tallies = np.fromiter(counts.values(), dtype=np.float64, count=len(counts))
            part = (1.0 + np.log(tallies)) * idf[places]
            length = float(np.sqrt(part @ part))
            columns.append(places + offset)
            values.append(part * (weight / length if length else 0.0))
            offset += len(vocabulary)
        return Row(np.concatenate(columns), np.concatenate(values), known / seen if seen else 0.0)

    @staticmethod
    def _table(parts: list[Any]) -> csr_matrix:
        return csr_matrix(hstack(parts))
