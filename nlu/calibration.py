"""Turn raw scores into probabilities that mean what they say, and into a threshold for "I'm not sure".

Everything here is fitted on out-of-fold scores: each example is judged by a model that has not seen
it. Thresholds that worked on one corpus were off by a factor of five on another, so they are fitted
again at every training.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar

Floats = NDArray[np.float64]

KEEP_IN_SCOPE = 0.92
"""The share of in-scope messages that stays above the threshold: 90 to 95 % proved right."""

KEEP_READABLE = 0.99
"""The share of messages whose words and letters the training knows well enough to say anything."""


def softmax(scores: Floats, temperature: float) -> Floats:
    """Probabilities, shape (texts, intents), of margins of the same shape."""
    scaled = scores / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float64)


def fit_temperature(scores: Floats, labels: NDArray[np.intp]) -> float:
    """The temperature at which the softmax of out-of-fold margins has the least log loss."""

    def loss(log_temperature: float) -> float:
        chances = softmax(scores, float(np.exp(log_temperature)))[np.arange(len(labels)), labels]
        return float(-np.log(np.maximum(chances, 1e-12)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-5.0, 3.0), method="bounded").x))


@dataclass(frozen=True, slots=True)
class Sigmoid:
    """Platt's scaling of one margin: probability = 1 / (1 + exp(-(slope * margin + offset)))."""

    slope: float
    offset: float

    def __call__(self, margin: float) -> float:
        """The probability that a text with this margin belongs to the class."""
        return 1.0 / (1.0 + math.exp(-min(max(self.slope * margin + self.offset, -30.0), 30.0)))

    def of(self, margins: Floats) -> Floats:
        """The probabilities of many texts."""
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(self.slope * margins + self.offset, -30.0, 30.0))))


def fit_sigmoid(margins: Floats, positive: NDArray[np.bool_]) -> Sigmoid:
    """Fit on out-of-fold margins. Targets are softened by the class counts (Platt 1999), so that a
    separable corpus yields no certainty.
    """
    n_positive, n_negative = int(positive.sum()), int((~positive).sum())
    targets = np.where(positive, (n_positive + 1) / (n_positive + 2), 1 / (n_negative + 2))

    def loss(line: Floats) -> float:
        logits = line[0] * margins + line[1]
        return float((np.logaddexp(0.0, logits) - targets * logits).mean())

    slope, offset = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return Sigmoid(float(slope), float(offset))


def fit_threshold(scores: Floats, keep: float = KEEP_IN_SCOPE) -> float:
    """The score that this share of in-scope messages reaches."""
    return float(np.quantile(scores, 1.0 - keep))


def fit_alarm(chances: Floats, positive: NDArray[np.bool_], floor: float, most_false: float) -> float:
    """The lowest probability, but not below `floor`, at which at most this share of the others is alarmed."""
    return max(floor, float(np.quantile(chances[~positive], 1.0 - most_false, method="higher")))
