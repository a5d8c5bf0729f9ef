"""Yes-or-no traits of a text beside its intent, each learned from labelled examples: time pressure, the
need for a person's judgement, nothing to act on.

A trait is one line through the same features that tell the intents apart, its margin made a probability
on out-of-fold scores.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from nlu.calibration import Floats, fit_sigmoid
from nlu.features import Row

FOLDS = 5


class Trait:
    """A trained trait. `chances` holds the out-of-fold probabilities of the examples it learned from and
    `positive` what they are: the scores from which thresholds can be set without training again.
    """

    def __init__(self, table: csr_matrix, positive: Sequence[bool]) -> None:
        """Train on features, shape (texts, columns), and labels.

        Raises ValueError for fewer than `FOLDS` texts with or without the trait.
        """
        labels = np.array(positive, dtype=bool)
        if min(labels.sum(), (~labels).sum()) < FOLDS:
            raise ValueError(f"expected at least {FOLDS} examples with and without the trait")
        margins = np.zeros(len(labels))
        for learn, held in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(labels, labels):
            weights, offset = _line(table[learn], labels[learn])
            margins[held] = table[held] @ weights + offset
        self._chance = fit_sigmoid(margins, labels)
        self._weights, self._offset = _line(table, labels)
        self.chances: Floats = self._chance.of(margins)
        self.positive = labels

    def __call__(self, row: Row) -> float:
        """The probability that this text has the trait."""
        return self._chance(float(row.values @ self._weights[row.columns] + self._offset))


def learn(table: csr_matrix, labels: Sequence[bool | None]) -> Trait | None:
    """The trait of these texts, None being unknown; no trait when too few are labelled."""
    places = [place for place, label in enumerate(labels) if label is not None]
    try:
        return Trait(table[places], [bool(labels[place]) for place in places])
    except ValueError:
        return None


def _line(table: csr_matrix, labels: Floats) -> tuple[Floats, float]:
    model = LinearSVC(C=1.0, class_weight="balanced", random_state=0, tol=0.01).fit(table, labels)
    return np.asarray(model.coef_[0], dtype=np.float64), float(model.intercept_[0])
