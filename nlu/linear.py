"""The embedded engine: a linear classifier in this process, trained in seconds, parsing in about 1 ms.

The intents come from `nlu.classifier`; this adds what the project knows of its own: the alarm, urgency
and complexity, entities and language.
"""

from __future__ import annotations

import numpy as np

from nlu.calibration import Floats, Sigmoid, fit_alarm, fit_sigmoid
from nlu.classifier import OUT_OF_SCOPE, Guess, LinearClassifier, OutOfFold
from nlu.corpus import Corpus
from nlu.entities import find_entities
from nlu.families import Families
from nlu.language import LanguageModel
from nlu.understanding import Entity, Understanding
from nlu.urgency import EMERGENCY, MOST_FALSE_ALARMS, WORTH_AN_ALARM, judge
from nlu.wording import readable

RIVAL = 0.5
"""How much of the best other intent's margin is taken off the emergency's before it is judged: a text
that is plainly about an invoice is a smaller danger. Out of fold, 97 instead of 96 % of the emergencies
are found at 3 % false alarms.
"""
RANKED = 5
"""How many intents a ranking holds."""


def _lead(margins: Floats, column: int) -> Floats:
    """How far one intent stands out, by text: its margin less a part of the best other one's."""
    return np.asarray(margins[:, column] - RIVAL * np.delete(margins, column, axis=1).max(axis=1))


class Alarm:
    """Whether a text is so likely an emergency that the cost of missing it decides."""

    def __init__(self, apart: OutOfFold, column: int) -> None:
        """Calibrate on out-of-fold judgements; `column` is the emergency's."""
        self._column = column
        lead, positive = _lead(apart.margins, column), apart.labels == column
        self._chance: Sigmoid = fit_sigmoid(lead, positive)
        chances = np.array([self._chance(float(score)) for score in lead])
        self._from = fit_alarm(chances, positive, WORTH_AN_ALARM, MOST_FALSE_ALARMS)

    def __call__(self, guess: Guess) -> bool:
        """Judge one text that the classifier has guessed."""
        return self._chance(float(_lead(guess.margins[np.newaxis], self._column)[0])) >= self._from


class LinearUnderstander:
    """The trained linear engine. Immutable after training, safe to share between threads."""

    name = "linear"

    def __init__(self, corpus: Corpus, version: str = "untrained-version") -> None:
        """Train on a corpus; deterministic. `version` names the model in every understanding."""
        self.version = version
        texts = [example.text for example in corpus.examples]
        self.language = LanguageModel(corpus.examples, [readable(text) for text in texts])
        self._families = Families(corpus.families)
        self.classifier = LinearClassifier(
            texts, [example.intent for example in corpus.examples], corpus.concepts
        )
        self.intents = self.classifier.intents
        self.calibration = self.classifier.calibration
        self._alarm = (
            Alarm(self.classifier.out_of_fold, self.intents.index(EMERGENCY))
            if EMERGENCY in self.intents
            else None
        )

    async def understand(self, text: str) -> Understanding:
        """Parse one text; never fails, whatever the text is."""
        return self.parse(text)

    def parse(self, text: str) -> Understanding:
        """The same without an event loop, for scripts and evaluations."""
        guess = self.classifier.guess(text)
        ranking = self._ranking(guess)
        intent, confidence = ranking[0]
        judgement = judge(text, intent, alarming=self._alarming(guess))
        return Understanding(
            intent=intent,
            confidence=confidence,
            sure=guess.sure,
            ranking=ranking,
            entities=self.entities(text),
            urgency=judgement.urgency,
            complex=judgement.complex,
            language=self.language(text) if guess.readable else None,
            engine=self.name,
            model_version=self.version,
            score=guess.score,
        )

    def _ranking(self, guess: Guess) -> tuple[tuple[str, float], ...]:
        if not guess.readable and OUT_OF_SCOPE in self.intents:
            return ((OUT_OF_SCOPE, 0.0),)
        order = np.argsort(-guess.chances, kind="stable")[:RANKED]
        return tuple((self.intents[place], float(guess.chances[place])) for place in order)

    def entities(self, text: str) -> tuple[Entity, ...]:
        """Numbers, codes, dates and device families of a text."""
        return find_entities(text, self._families)

    def alarming(self, text: str) -> bool:
        """Whether this text is so likely an emergency that the cost of missing it decides."""
        return self._alarming(self.classifier.guess(text))

    def _alarming(self, guess: Guess) -> bool:
        return self._alarm is not None and guess.readable and self._alarm(guess)
