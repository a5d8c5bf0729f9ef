"""A sentence encoder as an engine: a pretrained model from a folder, our own classifier on its vectors.

Optional: `pip install bauruf[encoder]`. The folder is what sentence encoders are published as in ONNX
form: `tokenizer.json` and `model.onnx` (or `onnx/model.onnx`), with inputs input_ids and attention_mask and
a first output of shape (texts, tokens, width). Which languages it understands is the model's: for German
take a multilingual one. As with Rasa, only the intents are the encoder's; the alarm, entities and language
come from the linear engine.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from nlu.calibration import fit_threshold
from nlu.classifier import OUT_OF_SCOPE, folds_of
from nlu.linear import RANKED, LinearUnderstander
from nlu.live import LiveUnderstander
from nlu.understanding import EngineUnavailable, Understanding
from nlu.wording import windows

try:  # what the extra installs
    import onnxruntime
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError
    from onnxruntime.capi.onnxruntime_pybind11_state import (
        Fail,
        InvalidArgument,
        InvalidGraph,
        InvalidProtobuf,
    )
    from tokenizers import Tokenizer
except ImportError:
    INSTALLED = False
else:
    INSTALLED = True

Vectors = NDArray[np.float32]

_LONGEST = 256
"""Tokens of a text that are read."""
_BATCH = 64
_FILES = ("tokenizer.json", "model.onnx", "onnx/model.onnx")


class Encoder:
    """Turns texts into vectors of length 1."""

    def __init__(self, model: str) -> None:
        """Load from a folder, or by a name on the hub (kept in its cache after the first time).

        Raises EngineUnavailable naming what is missing.
        """
        if not INSTALLED:
            raise EngineUnavailable("The encoder's libraries are missing; install bauruf[encoder].")
        folder = _folder(model)
        self.name = folder.name
        weights = next((folder / file for file in _FILES[1:] if (folder / file).is_file()), None)
        if weights is None or not (folder / _FILES[0]).is_file():
            raise EngineUnavailable(f"{folder}: expected tokenizer.json and model.onnx (or onnx/model.onnx)")
        try:
            self._session = onnxruntime.InferenceSession(str(weights), providers=["CPUExecutionProvider"])
        except (Fail, InvalidArgument, InvalidGraph, InvalidProtobuf) as error:
            raise EngineUnavailable(f"{weights}: the encoder cannot be loaded ({error})") from error
        self._tokenizer = Tokenizer.from_file(str(folder / _FILES[0]))
        self._tokenizer.enable_truncation(_LONGEST)
        self._tokenizer.enable_padding()
        self._inputs = {item.name for item in self._session.get_inputs()}

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """Vectors, shape (texts, width): the mean of each text's tokens."""
        blocks = [self._encode(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
        return np.concatenate(blocks)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        rows = self._tokenizer.encode_batch([_sendable(text) for text in texts])
        mask = np.array([row.attention_mask for row in rows], dtype=np.int64)
        feed = {
            "input_ids": np.array([row.ids for row in rows], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.array([row.type_ids for row in rows], dtype=np.int64),
        }
        tokens = self._session.run(None, {name: feed[name] for name in self._inputs})[0]
        means = (tokens * mask[:, :, np.newaxis]).sum(axis=1) / np.maximum(mask.sum(axis=1, keepdims=True), 1)
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        return np.asarray(means / np.maximum(lengths, 1e-9), dtype=np.float32)


def _folder(model: str) -> Path:
    if Path(model).is_dir():
        return Path(model)
    try:
        return Path(snapshot_download(model, allow_patterns=list(_FILES)))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise EngineUnavailable(f"{model} is no folder here, and cannot be fetched by that name.") from error


def _sendable(text: str) -> str:
    words = " ".join(part for _, part in windows(text))
    return words.encode("utf-8", "replace").decode("utf-8").strip()


@dataclass(frozen=True, slots=True)
class _Learned:
    """What was learned from one model's examples; `vectors` are theirs, shape (examples, width)."""

    version: str
    vectors: Vectors
    model: LogisticRegression
    threshold: float


class EncoderUnderstander:
    """The encoder's vectors in a logistic regression, its threshold calibrated on out-of-fold scores.

    It learns from what the linear engine's model was trained on, so from what admins have taught and
    promoted. After a promotion it learns anew beside its work, and answers as before until that is done.
    """

    name = "encoder"

    def __init__(self, encoder: Encoder, own: LinearUnderstander | LiveUnderstander) -> None:
        """Learn; `own` has the examples, and tells danger, entities and language."""
        self._encoder = encoder
        self._own = own
        self._known: dict[str, Vectors] = {}
        self._wanted = own.version
        self._learned = self._learn(own.version, own.examples)
        self._learning: asyncio.Task[None] | None = None

    def _learn(self, version: str, examples: Sequence[tuple[str, str]]) -> _Learned:
        labels = np.array([intent for _, intent in examples])
        vectors = self._encode([text for text, _ in examples])
        threshold = _threshold(vectors, labels)
        return _Learned(version, vectors, _classifier().fit(vectors, labels), threshold)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of examples; those of the model before are still known."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        fresh = dict(zip(new, self._encoder(new), strict=True)) if new else {}
        self._known = {text: fresh[text] if text in fresh else self._known[text] for text in texts}
        return np.stack([self._known[text] for text in texts])

    def _keep_up(self) -> None:
        version, examples = self._own.version, self._own.examples
        if version == self._wanted or (self._learning is not None and not self._learning.done()):
            return
        self._wanted = version
        self._learning = asyncio.create_task(self._learn_anew(version, examples))

    async def _learn_anew(self, version: str, examples: Sequence[tuple[str, str]]) -> None:
        self._learned = await asyncio.to_thread(self._learn, version, examples)

    async def understand(self, text: str) -> Understanding:
        """Parse one text; never fails, whatever the text is."""
        self._keep_up()
        learned = self._learned
        if not _sendable(text):
            return self._meaning(text, ((OUT_OF_SCOPE, 0.0),), 0.0, learned)
        vector = self._encoder([text])
        chances = learned.model.predict_proba(vector)[0]
        order = np.argsort(-chances, kind="stable")[:RANKED]
        ranking = tuple((str(learned.model.classes_[place]), float(chances[place])) for place in order)
        score = ranking[0][1] * float((learned.vectors @ vector[0]).max())
        return self._meaning(text, ranking, score, learned)

    def _meaning(
        self, text: str, ranking: tuple[tuple[str, float], ...], score: float, learned: _Learned
    ) -> Understanding:
        intent, confidence = ranking[0]
        judgement, chances = self._own.judge(text, intent)
        return Understanding(
            intent=intent,
            confidence=confidence,
            sure=score >= learned.threshold and not judgement.vague,
            ranking=ranking,
            entities=self._own.entities(text),
            urgency=judgement.urgency,
            complex=judgement.complex,
            language=self._own.language(text),
            engine=self.name,
            model_version=f"encoder-{self._encoder.name}",
            score=score,
            chances=chances,
        )


def _threshold(vectors: Vectors, labels: NDArray[np.str_]) -> float:
    scores = np.zeros(len(labels))
    fold = folds_of(np.unique(labels, return_inverse=True)[1])
    for number in np.unique(fold):
        learn, held = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        if len(np.unique(labels[learn])) == 1:
            continue  # next to nothing to learn from: every text counts as sure
        chances = _classifier().fit(vectors[learn], labels[learn]).predict_proba(vectors[held])
        nearest = (vectors[held] @ vectors[learn].T).max(axis=1)
        scores[held] = chances.max(axis=1) * nearest
    return fit_threshold(scores[labels != OUT_OF_SCOPE])


def _classifier() -> LogisticRegression:
    return LogisticRegression(C=30.0, class_weight="balanced", max_iter=300)
