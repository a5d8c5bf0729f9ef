"""Which intent a text has: the trainable core of the linear engine, calibrated at every training.

It knows texts, intents and concepts, nothing of this project's domain, and needs numpy, scipy and
scikit-learn alone, so that it runs inside Rasa as well (`nlu.rasa_component`). What it is made of was
chosen by cross-validation on public intent sets (docs/nlu.md).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.preprocessing import LabelEncoder, normalize
from sklearn.svm import LinearSVC

from nlu.calibration import KEEP_READABLE, Floats, fit_temperature, fit_threshold, softmax
from nlu.concepts import Concepts
from nlu.features import Analyser, Counts, Features, Indices, Letters, Neighbours, Row, Terms, WordPairs
from nlu.traits import Trait, learn
from nlu.understanding import CorpusError
from nlu.wording import normalise, readable

OUT_OF_SCOPE = "out_of_scope"
FOLDS = 5
BAYES = 0.75
"""The part of naive Bayes beside the support vector machine; its smoothing is `SMOOTHING`. Together they
are better on every set than each alone, most on messages unlike the corpus (docs/nlu.md).
"""
SMOOTHING = 0.02
ROUGHLY = 0.5
"""The tolerance in the calibrating folds. It takes two thirds of the time of 0.1, and their margins differ by
less than a hundredth on average: thresholds, which are quantiles, do not notice.
"""

Weights = NDArray[np.float32]
"""Half as large as double precision; the answers are the same."""

_SAMPLE = 1_000
_BLOCK = 256
_NO_LETTER = re.compile(r"[\W_]+")


def _terms(concepts: Concepts, texts: Sequence[str]) -> Terms:
    """Words and their neighbours, letters, pairs of words near each other, and concepts."""
    parts: list[tuple[Analyser, float]] = [(Neighbours(), 0.7), (Letters(2, 4), 1.0), (WordPairs(), 1.0)]
    if any(concepts(text) for text in texts):
        parts.append((concepts, 0.6))
    return Terms(*parts)


def _name(intent: str) -> str:
    """The words of an intent's name: people name intents by what is said in them."""
    return normalise(_NO_LETTER.sub(" ", intent))


def _fit(table: csr_matrix, labels: Indices, tolerance: float = 0.1) -> tuple[Weights, Weights]:
    """Weights, shape (columns, intents), and offsets of each intent's line.

    A support vector machine and, added to it, naive Bayes: both are linear, so together they are no more
    work than one. Bayes is brought to the same spread first, because its scores have another scale.
    A tolerance of 0.1 instead of 0.0001 changes one answer in a thousand and takes half the time.
    """
    machine = LinearSVC(C=2.0, class_weight="balanced", random_state=0, tol=tolerance)
    machine.fit(table, labels)
    weights, offsets = machine.coef_.T.astype(np.float32), machine.intercept_.astype(np.float32)
    if weights.shape[1] == 1:  # scikit-learn keeps one line for two classes; the other is its mirror image
        weights, offsets = np.hstack([-weights, weights]), np.hstack([-offsets, offsets])
    bayes = _bayes(table, labels, weights.shape[1])
    sample = table[:: 1 + table.shape[0] // _SAMPLE]
    bayes *= BAYES * _spread(sample @ weights) / _spread(sample @ bayes)
    bayes += weights
    return bayes, offsets


def _bayes(table: csr_matrix, labels: Indices, intents: int) -> Weights:
    """Multinomial naive Bayes without priors: how much likelier each term is in an intent than on average."""
    one_hot = csr_matrix((np.ones(len(labels), np.float32), (labels, np.arange(len(labels)))))
    shares = np.asarray((one_hot @ table).T.toarray(), dtype=np.float32, order="C")
    shares += SMOOTHING
    shares /= shares.sum(axis=0)
    np.log(shares, out=shares)
    shares -= shares.mean(axis=1, keepdims=True)
    return shares


def _spread(margins: Weights) -> float:
    """How far apart the intents' margins of a text lie, on average."""
    return float(margins.std(axis=1).mean())


def _nearest(table: csr_matrix, examples: csr_matrix) -> Floats:
    """Cosine similarity of each row to its nearest example, in blocks that fit the memory."""
    columns = csr_matrix(examples.T)  # turned once, not for each block
    nearest = np.zeros(table.shape[0])
    for start in range(0, table.shape[0], _BLOCK):
        alike = table[start : start + _BLOCK] @ columns
        filled = np.flatnonzero(np.diff(alike.indptr))  # the others have nothing in common with any example
        if len(filled):
            nearest[start + filled] = np.maximum.reduceat(alike.data, alike.indptr[filled])
    return nearest


def folds_of(labels: Indices) -> Indices:
    """The fold of each example; an intent's examples are spread evenly, however few there are."""
    shuffled = np.random.default_rng(0).permutation(len(labels))
    by_intent = shuffled[np.argsort(labels[shuffled], kind="stable")]
    fold = np.empty(len(labels), dtype=np.intp)
    fold[by_intent] = np.arange(len(labels)) % FOLDS
    return fold


def _score(best: Floats | float, similarity: Floats | float) -> Floats:
    """How likely texts are in scope, from their best margins and their similarity to the nearest example.

    Margins start at -1, where the machine puts what is not of an intent. Confidence in place of the margin
    forgets how far a text is from every intent: with intents left out of the training, a point of AUROC.
    """
    return np.asarray(np.maximum(1.0 + best, 0.0) * similarity)


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """How each example was judged by a model that has not seen it.

    `margins` has the shape (examples, intents); `similarity` to the nearest example and `known`, the
    share of known terms, have one number an example; `labels` are the columns of the right intents.
    """

    margins: Floats
    similarity: Floats
    known: Floats
    labels: Indices


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the last training measured on out-of-fold scores.

    `temperature` makes the softmax of the margins a probability; `threshold` is the score
    that 92 % of in-scope messages reach (see `Guess`); `readable` is the share of known terms that 99 %
    of all messages reach, and below which a text means nothing; `accuracy` is the share of right intents.
    """

    temperature: float
    threshold: float
    readable: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Guess:
    """What the classifier makes of one text.

    `margins` are the distances from each intent's line, `chances` the calibrated probabilities, both in
    the order of the classifier's intents. `score`, the best margin × similarity to the nearest example, tells
    how likely the text is in scope; `sure` compares it with the calibrated threshold. `readable` is False
    for letters typed at random and for languages nobody trained: then nothing else counts. `traits` holds
    the probability of each trait that was learned.
    """

    margins: Floats
    chances: Floats
    score: float
    sure: bool
    readable: bool
    traits: Mapping[str, float]


class LinearClassifier:
    """A trained classifier. Immutable after training, safe to share between threads, picklable."""

    def __init__(
        self,
        texts: Sequence[str],
        intents: Sequence[str],
        concepts: Mapping[str, str] | None = None,
        traits: Mapping[str, Sequence[bool | None]] | None = None,
    ) -> None:
        """Train on texts and their intents (at least two different ones); deterministic.

        An intent may have a single text: judged apart, it is known by its name alone.
        `concepts` holds patterns by name, as `nlu.concepts.Concepts` takes them. `traits` says by name
        of each text whether it has this trait, or None where nobody knows. Raises CorpusError when there
        is nothing to read in any of the texts.
        """
        words = [readable(text) for text in texts]
        encoder = LabelEncoder()
        labels = np.asarray(encoder.fit_transform(list(intents)), dtype=np.intp)
        self.intents = tuple(str(name) for name in encoder.classes_)
        terms = _terms(Concepts(concepts or {}), words)
        # Behind the examples stand the names of the intents: one more example each, but nobody's message.
        if not any(words):
            raise CorpusError("None of the examples has a letter, a digit or a sign; expected texts.")
        counts = terms.count([*words, *(_name(intent) for intent in self.intents)])
        named = np.concatenate([labels, np.arange(len(self.intents))])
        self.out_of_fold = self._judge_apart(terms, counts, named, len(labels))
        self.calibration = self._calibrate(self.out_of_fold)
        self._features = Features(terms, counts, named)
        table = self._features.table(counts)
        self._weights, self._offsets = _fit(table, named)
        self._examples = csr_matrix(normalize(table[: len(labels)]).T, dtype=np.float32)
        learned = {name: learn(table, labelled) for name, labelled in (traits or {}).items()}
        self.traits: Mapping[str, Trait] = {name: trait for name, trait in learned.items() if trait}

    def _judge_apart(self, terms: Terms, counts: Counts, named: Indices, examples: int) -> OutOfFold:
        labels, names = named[:examples], np.arange(examples, len(named))
        margins = np.zeros((examples, len(self.intents)))
        similarity, known = np.zeros(examples), np.zeros(examples)
        fold = folds_of(labels)
        for number in np.unique(fold):
            learn, held = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
            seen = np.concatenate([learn, names])
            features = Features(terms, counts.rows(seen), named[seen])
            table, asked = features.table(counts.rows(seen)), features.table(counts.rows(held))
            weights, offsets = _fit(table, named[seen], ROUGHLY)
            margins[held] = asked @ weights + offsets
            similarity[held] = _nearest(normalize(asked), normalize(table[: len(learn)]))
            known[held] = features.known(counts.rows(held))
        return OutOfFold(margins, similarity, known, labels)

    def _calibrate(self, apart: OutOfFold) -> Calibration:
        temperature = fit_temperature(apart.margins, apart.labels)
        scores = _score(apart.margins.max(axis=1), apart.similarity)
        in_scope = np.array([self.intents[label] != OUT_OF_SCOPE for label in apart.labels])
        return Calibration(
            temperature,
            fit_threshold(scores[in_scope]),
            fit_threshold(apart.known, KEEP_READABLE),
            float((apart.margins.argmax(axis=1) == apart.labels).mean()),
        )

    def guess(self, text: str) -> Guess:
        """Judge one text; never fails, whatever the text is."""
        return self.judge(readable(text))

    def judge(self, words: str) -> Guess:
        """The same for a text that is normalised already."""
        row = self._features.row(words)
        margins: Floats = row.values @ self._weights[row.columns] + self._offsets
        chances = softmax(margins[np.newaxis], self.calibration.temperature)[0]
        means_something = row.known > 0.0 and row.known >= self.calibration.readable
        score = float(_score(margins.max(), self._similarity(row))) if means_something else 0.0
        sure = means_something and score >= self.calibration.threshold
        traits = {name: trait(row) for name, trait in self.traits.items()}
        return Guess(margins, chances, score, sure, means_something, traits)

    def _similarity(self, row: Row) -> float:
        """Cosine similarity to the nearest example, 0 when nothing is known."""
        length = math.sqrt(row.values @ row.values)
        if not length:
            return 0.0
        return float((self._examples[row.columns].T @ (row.values / length).astype(np.float32)).max())
