"""Judging every example by a model that has not seen it: what the numbers of a training rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
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

    Takes about as long as `FOLDS` trainings; tells the step "crossvalidating" from 0 to 80.
    """
    found: list[Judged] = []
    for number, (known, held) in enumerate(split(corpus)):
        tell("crossvalidating", 80 * number // FOLDS)
        model = LinearUnderstander(known, f"fold-{number}")
        tell("crossvalidating", 80 * number // FOLDS + 60 // FOLDS)
        for example in held:
            understanding = model.parse(example.text)
            found.append(Judged(example, understanding, understanding.score))
    return found


def split(corpus: Corpus) -> Iterator[tuple[Corpus, list[Example]]]:
    """`FOLDS` times what to train on, and the fifth held out; every intent has its share in each.

    Intents with fewer examples than folds are always trained and never judged.
    """
    counts = Counter(example.intent for example in corpus.examples)
    judged = [example for example in corpus.examples if counts[example.intent] >= FOLDS]
    always = [example for example in corpus.examples if counts[example.intent] < FOLDS]
    if not judged:
        return
    labels = np.array([example.intent for example in judged])
    for learn, held in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(labels, labels):
        known = (*always, *(judged[place] for place in learn))
        yield replace(corpus, examples=known), [judged[place] for place in held]
