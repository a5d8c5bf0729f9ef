"""TF-IDF features: texts are counted once, and any selection of them can be learned from.

Calibration trains on several selections of the same texts, and counting is most of the work, so
counts are kept apart from the weights learned from them. The numbers are those of scikit-learn's
`TfidfVectorizer(binary=True)`, computed here because its `transform` spends 5 ms on one text, most of it on
checking arguments, where the counting itself takes 0.1 ms.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from nlu.calibration import Floats

Indices = NDArray[np.intp]

BEGINNING = 4
"""Letters of a word that a pair looks at: a stem in German and English alike. Cross-validation put it
level with a stemmer for each language, and above whole words.
"""
NEAR = 10
"""Words between which pairs are formed; all pairs of a text are no better."""

_WORD = re.compile(r"\w+")


class Neighbours:
    """Words, and pairs of words that follow each other, the text's start and end among them.

    An analyser for `CountVectorizer`. Words of one letter count: L and N are terminals.
    """

    def __call__(self, text: str) -> list[str]:
        """The words of this normalised text, then their pairs."""
        words = _WORD.findall(text)
        marked = ["^", *words, "$"] if words else []
        return [*words, *(f"{word} {following}" for word, following in pairwise(marked))]


class WordPairs:
    """Pairs of word beginnings that stand near each other, in either order: "lief+wann", "kart+verl".

    An analyser for `CountVectorizer`: two words tell more together than each alone, wherever they stand.
    """

    def __call__(self, text: str) -> list[str]:
        """The pairs in this normalised text."""
        words = [word[:BEGINNING] for word in _WORD.findall(text)]
        return [
            f"{word}+{other}" if word < other else f"{other}+{word}"
            for place, word in enumerate(words)
            for other in words[place + 1 : place + 1 + NEAR]
        ]


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each term stands in each text: one matrix of shape (texts, terms) a vectorizer."""

    parts: tuple[csr_matrix, ...]

    def rows(self, places: Indices) -> Counts:
        """The counts of some of the texts."""
        return Counts(tuple(part[places] for part in self.parts))


@dataclass(frozen=True, slots=True)
class Row:
    """One text: the columns that are not zero, their values, and the share (0..1) of all the text's
    terms that the training has seen. Letters typed at random have next to none.
    """

    columns: Indices
    values: Floats
    known: float


class Terms:
    """Several vectorizers side by side, each with its weight in the whole."""

    def __init__(self, *parts: tuple[CountVectorizer, float]) -> None:
        self.vectorizers = tuple(vectorizer for vectorizer, _ in parts)
        self.weights = tuple(weight for _, weight in parts)

    def count(self, texts: Sequence[str]) -> Counts:
        """Learn the vocabulary of these texts and count its terms in them."""
        return Counts(tuple(_counted(part, texts) for part in self.vectorizers))


def _counted(vectorizer: CountVectorizer, texts: Sequence[str]) -> csr_matrix:
    try:
        return csr_matrix(vectorizer.fit_transform(texts))
    except ValueError:  # not one term in all the texts: no pair of words where each text is one word
        vectorizer.vocabulary_ = {}
        return csr_matrix((len(texts), 0))


class Features:
    """Term weights learned from some texts: inverse frequency of the terms that are there, however often,
    each part L2-normalised, then weighted.
    """

    def __init__(self, terms: Terms, counts: Counts, labels: Indices | None = None) -> None:
        """Learn from these counts; terms that none of the texts has are unknown.

        A term tells the more, the rarer it is: among the texts, or among their labels where given. "card"
        in all ten examples of one intent tells as much as a word of a single example.
        """
        groups = (
            None if labels is None else csr_matrix((np.ones(len(labels)), (labels, np.arange(len(labels)))))
        )
        self._weights = terms.weights
        self._scales = [
            _inverse_frequency(part if groups is None else groups @ part) for part in counts.parts
        ]
        self._analysers = [vectorizer.build_analyzer() for vectorizer in terms.vectorizers]
        self._vocabularies = [vectorizer.vocabulary_ for vectorizer in terms.vectorizers]

    def table(self, counts: Counts) -> csr_matrix:
        """Features of counted texts, shape (texts, columns)."""
        parts = []
        for part, scale, weight in zip(counts.parts, self._scales, self._weights, strict=True):
            values = csr_matrix(part, dtype=np.float64, copy=True)
            values.data = scale[values.indices]
            parts.append((normalize(values, copy=False) if part.shape[1] else values) * weight)
        return csr_matrix(hstack(parts, format="csr"))

    def known(self, counts: Counts) -> Floats:
        """The share of each counted text's terms that these features know; see `Row.known`."""
        known = sum(part @ (scale > 0) for part, scale in zip(counts.parts, self._scales, strict=True))
        total = sum(part.sum(axis=1).A1 for part in counts.parts)
        return np.asarray(known / np.maximum(total, 1), dtype=np.float64)

    def row(self, text: str) -> Row:
        """Features of one text: the same numbers as in `table`."""
        columns: list[Indices] = []
        values: list[Floats] = []
        offset, seen, known = 0, 0, 0.0
        for analyse, vocabulary, scale, weight in zip(
            self._analysers, self._vocabularies, self._scales, self._weights, strict=True
        ):
            terms = analyse(text)
            tally = Counter(place for term in terms if (place := vocabulary.get(term)) is not None)
            places = np.fromiter(tally.keys(), dtype=np.intp, count=len(tally))
            tallies = np.fromiter(tally.values(), dtype=np.float64, count=len(tally))
            part = scale[places]
            seen, known = seen + len(terms), known + float(tallies @ (scale[places] > 0))
            length = float(np.sqrt(part @ part))
            columns.append(places + offset)
            values.append(part * (weight / length if length else 0.0))
            offset += len(vocabulary)
        return Row(np.concatenate(columns), np.concatenate(values), known / seen if seen else 0.0)


def _inverse_frequency(counts: csr_matrix) -> Floats:
    """How much each term tells: the fewer rows have it the more, and 0 if none has it."""
    texts, having = counts.shape[0], counts.getnnz(axis=0)
    return np.where(having > 0, np.log((1.0 + texts) / (1.0 + having)) + 1.0, 0.0)
