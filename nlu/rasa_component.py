"""Bauruf's linear classifier as a component of Rasa 3.6: `- name: nlu.rasa_component.BaurufLinear`.

It reads the text itself and needs no tokenizer and no featurizer before it; those that other components
want may stand beside it. Where it is not sure, by the threshold it calibrates at every training, it puts
`nlu_fallback` first, as Rasa's FallbackClassifier does: that one, with its fixed threshold, is left out.
Rasa runs it in its own environment, with this package's folder on PYTHONPATH.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.classifier import LinearClassifier
from nlu.corpus import read_concepts
from nlu.understanding import CorpusError

FALLBACK = "nlu_fallback"
_FILE = "bauruf-linear.pickle"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class BaurufLinear(IntentClassifier, GraphComponent):  # type: ignore[misc]  # Rasa has no types here
    """The component. Options: `concepts`, a concepts.yml (see nlu/concepts.py), and `ranking_length`."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._concepts: str | None = config["concepts"]
        self._ranked: int = config["ranking_length"]
        self._storage = storage
        self._resource = resource
        self._classifier: LinearClassifier | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """No concepts; ten intents in a ranking, as Rasa's own classifiers give."""
        return {"concepts": None, "ranking_length": 10}

    @staticmethod
    def required_packages() -> list[str]:
        """What has to be installed beside Rasa: nothing that Rasa does not bring."""
        return ["sklearn", "scipy"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> BaurufLinear:
        """An untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Train on the intents' examples and keep the model in Rasa's storage.

        Raises InvalidConfigException when there are fewer than two intents or the concepts are unusable.
        """
        pairs = [
            (example.get(TEXT), example.get(INTENT))
            for example in training_data.intent_examples
            if example.get(TEXT) and example.get(INTENT)
        ]
        intents = {intent for _, intent in pairs}
        if len(intents) < 2:
            raise InvalidConfigException(f"BaurufLinear: {len(intents)} intents have examples; expected two.")
        try:
            concepts = read_concepts(Path(self._concepts)) if self._concepts else {}
        except CorpusError as error:
            raise InvalidConfigException(f"BaurufLinear: {error}") from error
        self._classifier = LinearClassifier(
            [text for text, _ in pairs], [label for _, label in pairs], concepts
        )
        with self._storage.write_to(self._resource) as folder:
            (folder / _FILE).write_bytes(pickle.dumps(self._classifier, protocol=5))
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> BaurufLinear:
        """The component as it was trained. Raises ValueError when the storage has none."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            # The archive is the team's own; Rasa unpacks it from where it also loads code.
            component._classifier = pickle.loads((folder / _FILE).read_bytes())  # noqa: S301
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Give each message its intent and its ranking."""
        for message in messages:
            ranking = self._ranking(message.get(TEXT) or "")
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _ranking(self, text: str) -> list[dict[str, Any]]:
        if self._classifier is None:
            raise InvalidConfigException("BaurufLinear has not been trained.")
        guess = self._classifier.guess(text)
        order = (-guess.chances).argsort(kind="stable")[: self._ranked]
        ranking = [
            {"name": self._classifier.intents[place], "confidence": float(guess.chances[place])}
            for place in order
        ]
        if not guess.sure:
            ranking.insert(0, {"name": FALLBACK, "confidence": 1.0 - float(guess.chances.max())})
        return ranking
