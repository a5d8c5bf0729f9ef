"""The embedded engine: a linear classifier in this process, trained in seconds, parsing in about 1 ms.

The intents come from `nlu.classifier`; this adds what the project knows of its own: the alarm, urgency
and complexity, entities and language.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace

import numpy as np

from nlu.calibration import softmax
from nlu.classifier import OUT_OF_SCOPE, Guess, LinearClassifier
from nlu.clauses import further
from nlu.corpus import Corpus
from nlu.costs import CostTable
from nlu.entities import find_entities
from nlu.families import Families
from nlu.judgement import COMPLEX, SOON, VAGUE, Judgement, judge, thresholds, traits_of
from nlu.labels import EMERGENCY
from nlu.language import LanguageModel
from nlu.understanding import Chances, Entity, Understanding
from nlu.urgency import UNSIGNED, Alarm, Signs
from nlu.wording import readable

RANKED = 5
"""How many intents a ranking holds."""


class LinearUnderstander:
    """The trained linear engine. Immutable after training, safe to share between threads."""

    name = "linear"

    def __init__(self, corpus: Corpus, version: str = "untrained-version") -> None:
        """Train on a corpus; deterministic. `version` names the model in every understanding.

        `examples` are the texts and intents that it was trained on.
        """
        self.version = version
        self.examples = tuple((example.text, example.intent) for example in corpus.examples)
        texts = [text for text, _ in self.examples]
        words = [readable(text) for text in texts]
        self.language = LanguageModel(corpus.examples, words)
        self._families = Families(corpus.families)
        self.classifier = LinearClassifier(
            texts,
            [intent for _, intent in self.examples],
            corpus.concepts,
            traits_of(corpus.examples),
        )
        self.intents = self.classifier.intents
        self.calibration = self.classifier.calibration
        self._signs = Signs(corpus.concepts)
        self.alarm = self._calibrate_alarm(words)
        self.thresholds = thresholds(CostTable(), self.alarm)

    def _calibrate_alarm(self, words: list[str]) -> Alarm | None:
        if EMERGENCY not in self.intents:
            return None
        apart, column = self.classifier.out_of_fold, self.intents.index(EMERGENCY)
        margins = apart.margins.copy()
        margins[:, column] -= UNSIGNED * np.array([self._signs.lacking(text) for text in words])
        return Alarm(margins, column, apart.labels == column)

    def at(self, costs: CostTable) -> LinearUnderstander:
        """The same model with the thresholds that follow from these costs; nothing is trained."""
        other = copy(self)
        other.thresholds = thresholds(costs, self.alarm)
        return other

    async def understand(self, text: str) -> Understanding:
        """Parse one text; never fails, whatever the text is."""
        return self.parse(text)

    def parse(self, text: str) -> Understanding:
        """The same without an event loop, for scripts and evaluations."""
        words = readable(text)
        guess = self._guess(words)
        ranking = self._ranking(guess)
        intent, confidence = ranking[0]
        chances = self._chances(guess)
        judgement = judge(words, intent, chances, self.thresholds)
        return Understanding(
            intent=intent,
            confidence=confidence,
            sure=guess.sure and not judgement.vague,
            ranking=ranking,
            entities=self.entities(text),
            urgency=judgement.urgency,
            complex=judgement.complex,
            language=self.language.of(words) if guess.readable else None,
            engine=self.name,
            model_version=self.version,
            score=guess.score,
            chances=chances,
            also=further(text, intent, self._part) if guess.sure else (),
        )

    def _guess(self, words: str) -> Guess:
        """The classifier's guess; no emergency without a sign of danger unless far ahead of the rest."""
        guess = self.classifier.judge(words)
        if EMERGENCY not in self.intents or not self._signs.lacking(words):
            return guess
        margins = guess.margins.copy()
        margins[self.intents.index(EMERGENCY)] -= UNSIGNED
        same = margins.argmax() == guess.margins.argmax()
        chances = softmax(margins[np.newaxis], self.calibration.temperature)[0]
        return replace(guess, margins=margins, chances=chances, sure=guess.sure and bool(same))

    def _part(self, text: str) -> tuple[str, bool]:
        """The intent of a part of a text, and whether it is more likely than all others together."""
        guess = self.classifier.guess(text)
        best = int(guess.chances.argmax())
        return self.intents[best], guess.sure and float(guess.chances[best]) > 0.5

    def _ranking(self, guess: Guess) -> tuple[tuple[str, float], ...]:
        if not guess.readable and OUT_OF_SCOPE in self.intents:
            return ((OUT_OF_SCOPE, 0.0),)
        order = np.argsort(-guess.chances, kind="stable")[:RANKED]
        return tuple((self.intents[place], float(guess.chances[place])) for place in order)

    def entities(self, text: str) -> tuple[Entity, ...]:
        """Numbers, codes, dates and device families of a text."""
        return find_entities(text, self._families)

    def judge(self, text: str, intent: str) -> tuple[Judgement, Chances]:
        """Weigh a text whose intent another engine has found."""
        words = readable(text)
        chances = self._chances(self._guess(words))
        return judge(words, intent, chances, self.thresholds), chances

    def _chances(self, guess: Guess) -> Chances:
        if not guess.readable:
            return Chances()
        return Chances(
            urgent=self.alarm(guess.margins) if self.alarm else 0.0,
            soon=guess.traits.get(SOON, 0.0),
            complex=guess.traits.get(COMPLEX, 0.0),
            vague=guess.traits.get(VAGUE, 0.0),
        )
