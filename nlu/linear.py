"""The embedded engine: a linear classifier in this process, trained in a second, parsing in about 1 ms.

Word pairs, letter sequences and concepts in a linear support vector machine. Words and letters were
chosen by cross-validation on twelve public intent sets, where they were level with or above Rasa's
neural classifier on each; concepts on this project's corpus, where they find the emergencies whose
words no example has (docs/nlu.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import LabelEncoder, normalize
from sklearn.svm import LinearSVC

from nlu.calibration import (
    KEEP_READABLE,
    Floats,
    Sigmoid,
    fit_alarm,
    fit_sigmoid,
    fit_temperature,
    fit_threshold,
    softmax,
)
from nlu.concepts import Concepts
from nlu.corpus import Corpus
from nlu.entities import find_entities
from nlu.families import Families
from nlu.features import Counts, Features, Indices, Row, Terms
from nlu.language import LanguageModel
from nlu.understanding import Entity, Understanding
from nlu.urgency import EMERGENCY, MOST_FALSE_ALARMS, WORTH_AN_ALARM, judge
from nlu.wording import readable

OUT_OF_SCOPE = "out_of_scope"
FOLDS = 5
WORD = r"\b\w+\b"
"""Words of one letter count: L and N are terminals."""
RIVAL = 0.5
"""How much of the best other intent's margin is taken off the emergency's before it is judged: a text
that is plainly about an invoice is a smaller danger. Out of fold, 97 instead of 96 % of the emergencies
are found at 3 % false alarms.
"""
RANKED = 5
"""How many intents a ranking holds."""


def _terms(concepts: Concepts, texts: list[str]) -> Terms:
    """Word 1-2-grams, letter 2-5-grams within words, and concepts, weighted as cross-validation chose."""
    words = CountVectorizer(ngram_range=(1, 2), token_pattern=WORD)
    letters = CountVectorizer(analyzer="char_wb", ngram_range=(2, 5))
    if not any(concepts(text) for text in texts):
        return Terms((words, 0.7), (letters, 1.0))
    return Terms((words, 0.7), (letters, 1.0), (CountVectorizer(analyzer=concepts), 0.6))


def _classifier() -> LinearSVC:
    # A tolerance of 0.01 instead of 0.0001 changed no answer and halves the training time.
    return LinearSVC(C=1.0, class_weight="balanced", random_state=0, tol=0.01)


def _line(model: LinearSVC) -> tuple[Floats, Floats]:
    """Weights, shape (columns, intents), and offsets of each intent's line.

    scikit-learn keeps one line for two classes; the other is its mirror image.
    """
    weights, offsets = model.coef_.T, model.intercept_
    if weights.shape[1] == 1:
        weights, offsets = np.hstack([-weights, weights]), np.hstack([-offsets, offsets])
    return np.ascontiguousarray(weights, dtype=np.float64), np.asarray(offsets, dtype=np.float64)


def _nearest(table: csr_matrix, examples: csr_matrix) -> Floats:
    """Cosine similarity of each row to its nearest example, in blocks that fit the memory."""
    rows = range(0, table.shape[0], 256)
    blocks = [(table[row : row + 256] @ examples.T).max(axis=1).toarray().ravel() for row in rows]
    return np.concatenate(blocks) if blocks else np.zeros(0)


def _lead(margins: Floats, column: int) -> Floats:
    """How far one intent stands out, by text: its margin less a part of the best other one's."""
    return np.asarray(margins[:, column] - RIVAL * np.delete(margins, column, axis=1).max(axis=1))


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the last training measured on out-of-fold scores.

    `temperature` makes the softmax of the margins a probability; `threshold` is the confidence ×
    similarity that 92 % of in-scope messages reach; `readable` is the share of known words and letters
    that 99 % of all messages reach, and below which a text means nothing; `emergency` turns the lead
    of the emergency into the probability of one, and from `alarm_from` on it is treated as one;
    `accuracy` is the out-of-fold share of right intents.
    """

    temperature: float
    threshold: float
    readable: float
    emergency: Sigmoid | None
    alarm_from: float
    accuracy: float


class LinearUnderstander:
    """The trained linear engine. Immutable after training, safe to share between threads."""

    name = "linear"

    def __init__(self, corpus: Corpus, version: str = "untrained-version") -> None:
        """Train on a corpus; deterministic. `version` names the model in every understanding."""
        self.version = version
        texts = [readable(example.text) for example in corpus.examples]
        self.language = LanguageModel(corpus.examples, texts)
        self._families = Families(corpus.families)
        encoder = LabelEncoder()
        labels = np.asarray(encoder.fit_transform([example.intent for example in corpus.examples]))
        self.intents = tuple(str(name) for name in encoder.classes_)
        terms = _terms(Concepts(corpus.concepts), texts)
        counts = terms.count(texts)
        self.calibration = self._calibrate(terms, counts, labels)
        self._features = Features(terms, counts)
        table = self._features.table(counts)
        model = _classifier().fit(table, labels)
        self._weights, self._offsets = _line(model)
        self._examples = csr_matrix(normalize(table).T)

    def _calibrate(self, terms: Terms, counts: Counts, labels: Indices) -> Calibration:
        folds = min(FOLDS, int(np.bincount(labels).min()))
        margins = np.zeros((len(labels), len(self.intents)))
        nearness = np.zeros(len(labels))
        known_share = np.zeros(len(labels))
        for learn, held in StratifiedKFold(folds, shuffle=True, random_state=0).split(labels, labels):
            features = Features(terms, counts.rows(learn))
            known = features.table(counts.rows(learn))
            asked = features.table(counts.rows(held))
            weights, offsets = _line(_classifier().fit(known, labels[learn]))
            margins[held] = asked @ weights + offsets
            nearness[held] = _nearest(normalize(asked), normalize(known))
            known_share[held] = features.known(counts.rows(held))
        temperature = fit_temperature(margins, labels)
        confidence = softmax(margins, temperature).max(axis=1)
        in_scope = np.array([self.intents[label] != OUT_OF_SCOPE for label in labels])
        emergency, alarm_from = None, 1.0
        if EMERGENCY in self.intents:
            column = self.intents.index(EMERGENCY)
            lead = _lead(margins, column)
            emergency = fit_sigmoid(lead, labels == column)
            chances = np.array([emergency(float(score)) for score in lead])
            alarm_from = fit_alarm(chances, labels == column, WORTH_AN_ALARM, MOST_FALSE_ALARMS)
        return Calibration(
            temperature,
            fit_threshold((confidence * nearness)[in_scope]),
            fit_threshold(known_share, KEEP_READABLE),
            emergency,
            alarm_from,
            float((margins.argmax(axis=1) == labels).mean()),
        )

    async def understand(self, text: str) -> Understanding:
        """Parse one text; never fails, whatever the text is."""
        return self.parse(text)

    def parse(self, text: str) -> Understanding:
        """The same without an event loop, for scripts and evaluations."""
        row = self._features.row(readable(text))
        if not self._means_something(row):
            return self._meaningless(text)
        margins = self._margins(row)
        chances = softmax(margins[np.newaxis], self.calibration.temperature)[0]
        order = np.argsort(-chances, kind="stable")[:RANKED]
        ranking = tuple((self.intents[place], float(chances[place])) for place in order)
        intent, confidence = ranking[0]
        judgement = judge(text, intent, alarming=self._alarming(margins))
        return Understanding(
            intent=intent,
            confidence=confidence,
            sure=confidence * self._similarity(row) >= self.calibration.threshold,
            ranking=ranking,
            entities=self.entities(text),
            urgency=judgement.urgency,
            complex=judgement.complex,
            language=self.language(text),
            engine=self.name,
            model_version=self.version,
        )

    def score(self, text: str) -> float:
        """Confidence × similarity to the nearest example: what `sure` compares with the threshold."""
        row = self._features.row(readable(text))
        if not self._means_something(row):
            return 0.0
        chances = softmax(self._margins(row)[np.newaxis], self.calibration.temperature)[0]
        return float(chances.max()) * self._similarity(row)

    def _similarity(self, row: Row) -> float:
        """Cosine similarity to the nearest example."""
        length = float(np.sqrt(row.values @ row.values))
        return float((self._examples[row.columns].T @ row.values).max()) / length

    def _means_something(self, row: Row) -> bool:
        """False for letters typed at random and for languages nobody trained."""
        return row.known > 0.0 and row.known >= self.calibration.readable

    def entities(self, text: str) -> tuple[Entity, ...]:
        """Numbers, codes, dates and device families of a text."""
        return find_entities(text, self._families)

    def alarming(self, text: str) -> bool:
        """Whether this text is so likely an emergency that the cost of missing it decides."""
        row = self._features.row(readable(text))
        return self._means_something(row) and self._alarming(self._margins(row))

    def _margins(self, row: Row) -> Floats:
        margins: Floats = row.values @ self._weights[row.columns] + self._offsets
        return margins

    def _alarming(self, margins: Floats) -> bool:
        scale = self.calibration.emergency
        if scale is None:
            return False
        lead = _lead(margins[np.newaxis], self.intents.index(EMERGENCY))[0]
        return scale(float(lead)) >= self.calibration.alarm_from

    def _meaningless(self, text: str) -> Understanding:
        judgement = judge(text, OUT_OF_SCOPE, alarming=False)
        return Understanding(
            intent=OUT_OF_SCOPE,
            confidence=0.0,
            sure=False,
            ranking=((OUT_OF_SCOPE, 0.0),),
            entities=self.entities(text),
            urgency=judgement.urgency,
            complex=judgement.complex,
            language=None,
            engine=self.name,
            model_version=self.version,
        )
