"""TF-IDF features: texts are counted once, and any selection of them can be learned from.

Calibration trains on several selections of the same texts, and counting is most of the work, so
counts are kept apart from the weights learned from them. The numbers are those of scikit-learn's
`TfidfVectorizer(binary=True)`, computed here because its `transform` spends 5 ms on one text, most of it on
checking arguments, where the counting itself takes 0.1 ms. Nor does its `fit_transform` count for us: it
looks at each term in Python, where `Counter` and `map` stay in C.
"""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.preprocessing import normalize

from nlu.calibration import Floats

Indices = NDArray[np.intp]

Analyser = Callable[[str], list[str]]
"""The terms of a normalised text, each as often as it stands there."""

BEGINNING = 4
"""Letters of a word that a pair looks at: a stem in German and English alike. Cross-validation put it
level with a stemmer for each language, and above whole words.
"""
NEAR = 10
"""Words between which pairs are formed; all pairs of a text are no better."""

_WORD = re.compile(r"\w+")


class Neighbours:
    """Words, and pairs of words that follow each other, the text's start and end among them.

    Words of one letter count: L and N are terminals.
    """

    def __call__(self, text: str) -> list[str]:
        """The words of this normalised text, then their pairs."""
        words = _WORD.findall(text)
        marked = ["^", *words, "$"] if words else []
        return [*words, *(f"{word} {following}" for word, following in pairwise(marked))]


class Letters:
    """Runs of letters within words, a blank before and after each word: scikit-learn's "char_wb"."""

    def __init__(self, shortest: int, longest: int) -> None:
        self._shortest, self._longest = shortest, longest

    def __call__(self, text: str) -> list[str]:
        """The runs in this normalised text; a whole word once."""
        runs: list[str] = []
        for word in text.split():
            edged = f" {word} "
            length = len(edged)
            for size in range(self._shortest, min(self._longest, length) + 1):
                runs += [edged[place : place + size] for place in range(length - size + 1)]
        return runs


class WordPairs:
    """Pairs of word beginnings that stand near each other, in either order: "lief+wann", "kart+verl".

    Two words tell more together than each alone, wherever they stand.
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
    """How often each term stands in each text: one matrix of shape (texts, terms) an analyser."""

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
    """Several analysers side by side, each with its weight in the whole."""

    def __init__(self, *parts: tuple[Analyser, float], least: int = 1) -> None:
        """`least` is how many texts must have a term for it to count."""
        self.analysers = tuple(analyser for analyser, _ in parts)
        self.weights = tuple(weight for _, weight in parts)
        self.vocabularies: tuple[Mapping[str, int], ...] = tuple({} for _ in parts)
        self._least = least

    def count(self, texts: Sequence[str]) -> Counts:
        """Learn the vocabulary of these texts and count its terms in them."""
        counted = [_counted(analyse, texts, self._least) for analyse in self.analysers]
        self.vocabularies = tuple(vocabulary for vocabulary, _ in counted)
        return Counts(tuple(counts for _, counts in counted))


def _counted(analyse: Analyser, texts: Sequence[str], least: int) -> tuple[Mapping[str, int], csr_matrix]:
    """The column of each term, and how often it stands in each text."""
    found: defaultdict[str, int] = defaultdict()
    found.default_factory = found.__len__  # a term nobody has seen gets the next column
    columns, tallies, ends = array("i"), array("i"), [0]
    for text in texts:
        tally = Counter(map(found.__getitem__, analyse(text)))
        columns.extend(tally.keys())
        tallies.extend(tally.values())
        ends.append(len(columns))
    vocabulary = dict(found)
    data, places = np.array(tallies, dtype=np.int32), np.array(columns, dtype=np.int32)
    counts = csr_matrix((data, places, ends), shape=(len(texts), len(vocabulary)))
    if least > 1:
        kept = np.flatnonzero(counts.getnnz(axis=0) >= least)
        terms = list(vocabulary)
        vocabulary, counts = {terms[old]: new for new, old in enumerate(kept)}, counts[:, kept]
    counts.sort_indices()
    return vocabulary, csr_matrix(counts)


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
        self._analysers, self._vocabularies = terms.analysers, terms.vocabularies
        self._scale = np.concatenate(self._scales)

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
        places: list[int] = []
        tallies: list[int] = []
        ends, offset, seen = [], 0, 0
        for analyse, vocabulary in zip(self._analysers, self._vocabularies, strict=True):
            terms = analyse(text)
            tally = Counter(map(vocabulary.get, terms))
            tally.pop(None, None)
            places += [place + offset for place in tally if place is not None]
            tallies += tally.values()
            ends.append(len(places))
            offset += len(vocabulary)
            seen += len(terms)
        columns = np.array(places, dtype=np.intp)
        values = self._scale[columns]
        known = float(np.array(tallies, dtype=np.float64) @ (values > 0))
        start = 0
        for end, weight in zip(ends, self._weights, strict=True):
            part = values[start:end]
            if length := math.sqrt(part @ part):
                part *= weight / length
            start = end
        return Row(columns, values, known / seen if seen else 0.0)


def _inverse_frequency(counts: csr_matrix) -> Floats:
    """How much each term tells: the fewer rows have it the more, and 0 if none has it."""
    texts, having = counts.shape[0], counts.getnnz(axis=0)
    return np.where(having > 0, np.log((1.0 + texts) / (1.0 + having)) + 1.0, 0.0)
