"""Judging every example by a model that has not seen it: what the numbers of a training rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from sklearn.model_selection import StratifiedKFold

from nlu.classifier import FOLDS
from nlu.corpus import Corpus, Example
from nlu.linear import LinearUnderstander
from nlu.understanding import Understanding

Tell = Callable[[str, int], None]
"""Told the code of a step and how far the whole is, 0-100. May raise to stop the work."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One example and what a model made of it that was trained without it. `score` decides `sure`."""

    example: Example
    understanding: Understanding
    score: float


def cross_validate(corpus: Corpus, tell: Tell) -> list[Judged]:
    """Train once for each fold, thresholds included, and judge what was held out.

    Intents with fewer examples than folds are always trained and never judged. Takes about as long as
    `FOLDS` trainings; tells the step "crossvalidating" from 0 to 80.
    """
    counts = Counter(example.intent for example in corpus.examples)
    judged = [example for example in corpus.examples if counts[example.intent] >= FOLDS]
    always = [example for example in corpus.examples if counts[example.intent] < FOLDS]
    if not judged:
        return []
    labels = np.array([example.intent for example in judged])
    found: list[Judged] = []
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(labels, labels)
    for number, (learn, held) in enumerate(folds):
        tell("crossvalidating", 80 * number // FOLDS)
        known = (*always, *(judged[place] for place in learn))
        model = LinearUnderstander(replace(corpus, examples=known), f"fold-{number}")
        tell("crossvalidating", 80 * number // FOLDS + 60 // FOLDS)
        for place in held:
            understanding = model.parse(judged[place].text)
            found.append(Judged(judged[place], understanding, understanding.score))
    return found
