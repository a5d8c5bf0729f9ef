"""Which language a text is written in, learned from the training corpus."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from nlu.corpus import LANGUAGES, Example
from nlu.features import Features, Terms
from nlu.wording import readable

MIN_CHANCE = 0.75
"""Below it the text is too short or too foreign to tell, and the conversation's language stays."""


class LanguageModel:
    """Letter sequences of one to four characters in a logistic regression; None when unsure."""

    def __init__(self, examples: Sequence[Example], texts: Sequence[str]) -> None:
        """Train; `texts` are the examples' normalised texts (`nlu.wording.readable`), in the same order.

        All examples may be of one language: then the answer is always that language.
        """
        self._languages = [name for name in LANGUAGES if any(e.language == name for e in examples)]
        if len(self._languages) == 1:
            return
        letters = Terms((CountVectorizer(analyzer="char_wb", ngram_range=(1, 4), min_df=2), 1.0))
        counts = letters.count(texts)
        self._features = Features(letters, counts)
        table = self._features.table(counts)
        first = np.array([example.language == self._languages[0] for example in examples])
        # The dual problem gives the same answers and trains thirty times faster.
        solver = LogisticRegression(
            C=30.0, class_weight="balanced", solver="liblinear", dual=True, tol=0.01, random_state=0
        )
        model = solver.fit(table, first)
        self._weights, self._offset = model.coef_[0], float(model.intercept_[0])

    def __call__(self, text: str) -> str | None:
        """The language of this text ("de", "en"), or None."""
        if len(self._languages) == 1:
            return self._languages[0]
        row = self._features.row(readable(text))
        if not any(char.isalpha() for char in text) or not len(row.columns):
            return None
        chance = 1.0 / (1.0 + float(np.exp(-(self._weights[row.columns] @ row.values + self._offset))))
        if max(chance, 1.0 - chance) < MIN_CHANCE:
            return None
        return self._languages[0] if chance > 0.5 else self._languages[1]
