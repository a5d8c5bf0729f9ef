"""Which language a text is written in, learned from the training corpus."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from nlu.calibration import Floats
from nlu.corpus import LANGUAGES, OTHERS, Example
from nlu.features import Features, Letters, Terms
from nlu.wording import readable

MIN_CHANCE = 0.75
"""Below it the text is too short or too foreign to tell, and the conversation's language stays."""


class LanguageModel:
    """Letter sequences of one to four characters in a logistic regression each language; None when unsure."""

    def __init__(self, examples: Sequence[Example], texts: Sequence[str]) -> None:
        """Train; `texts` are the examples' normalised texts (`nlu.wording.readable`), in the same order.

        All examples may be of one language: then the answer is always that language.
        """
        spoken = {example.language for example in examples}
        self._languages = [name for name in (*LANGUAGES, OTHERS) if name in spoken]
        if len(self._languages) == 1:
            return
        letters = Terms((Letters(1, 4), 1.0), least=2)
        counts = letters.count(texts)
        self._features = Features(letters, counts)
        table = self._features.table(counts)
        lines = [
            _line(table, np.array([example.language == name for example in examples]))
            for name in self._languages
        ]
        self._weights = np.column_stack([weights for weights, _ in lines])
        self._offsets = np.array([offset for _, offset in lines])

    def __call__(self, text: str) -> str | None:
        """The language of this text ("de", "en"), or None: unsure, or one that we do not answer in."""
        return self.of(readable(text))

    def of(self, words: str) -> str | None:
        """The same for a text that is normalised already."""
        if len(self._languages) == 1:
            return self._languages[0]
        row = self._features.row(words)
        if not any(char.isalpha() for char in words) or not len(row.columns):
            return None
        chances = 1.0 / (1.0 + np.exp(-(row.values @ self._weights[row.columns] + self._offsets)))
        best = int(chances.argmax())
        if chances[best] / chances.sum() < MIN_CHANCE or self._languages[best] == OTHERS:
            return None
        return self._languages[best]


def _line(table: csr_matrix, positive: NDArray[np.bool_]) -> tuple[Floats, float]:
    # The dual problem gives the same answers and trains thirty times faster.
    solver = LogisticRegression(
        C=30.0, class_weight="balanced", solver="liblinear", dual=True, tol=0.01, random_state=0
    )
    model = solver.fit(table, positive)
    return np.asarray(model.coef_[0], dtype=np.float64), float(model.intercept_[0])
