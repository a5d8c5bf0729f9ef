"""Which language a text is written in, learned from the training corpus."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from nlu.corpus import LANGUAGES, Example
from nlu.wording import readable

MIN_CHANCE = 0.75
"""Below it the text is too short or too foreign to tell, and the conversation's language stays."""


class LanguageModel:
    """Letter sequences of one to four characters in a logistic regression; None when unsure."""

    def __init__(self, examples: Sequence[Example]) -> None:
        """Train; all examples may be of one language (then the answer is always that language)."""
        self._features = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True, min_df=2)
        self._languages = [name for name in LANGUAGES if any(e.language == name for e in examples)]
        self._model = LogisticRegression(C=30.0, class_weight="balanced", max_iter=1000)
        if len(self._languages) > 1:
            table = self._features.fit_transform(readable(example.text) for example in examples)
            self._model.fit(table, [example.language for example in examples])

    def __call__(self, text: str) -> str | None:
        """The language of this text ("de", "en"), or None."""
        if len(self._languages) == 1:
            return self._languages[0]
        ready = readable(text)
        if not any(char.isalpha() for char in ready):
            return None
        chances = self._model.predict_proba(self._features.transform([ready]))[0]
        best = int(np.argmax(chances))
        return str(self._model.classes_[best]) if chances[best] >= MIN_CHANCE else None
