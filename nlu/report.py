"""What a training measured, as JSON: the confusion matrix with its texts, each intent, and the curves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.metrics import precision_recall_fscore_support, roc_auc_score

from nlu.classifier import OUT_OF_SCOPE
from nlu.crossvalidation import Judged
from nlu.labels import EMERGENCY

_BINS = 10
_POINTS = 40
_MOST_TEXTS = 25  # of one cell of the matrix


def summarise(judged: Sequence[Judged]) -> dict[str, Any]:
    """The few numbers that stand beside a version, all from examples the model had not seen.

    {"judged", "accuracy", "macro_f1", "sure" (share of in-scope examples answered),
    "emergencies_found", "false_alarms", "oos_auroc" (null without both kinds)}; shares are 0 to 1.
    """
    if not judged:
        return {}
    wanted, given = _labels(judged)
    _, _, f1, _ = precision_recall_fscore_support(wanted, given, labels=sorted(set(wanted)), zero_division=0)
    scope = [j for j in judged if j.example.intent != OUT_OF_SCOPE]
    alarms = [j for j in judged if j.example.intent == EMERGENCY]
    others = [j for j in judged if j.example.intent != EMERGENCY]
    return {
        "judged": len(judged),
        "accuracy": _share([a == b for a, b in zip(wanted, given, strict=True)]),
        "macro_f1": round(float(np.mean(f1)), 4),
        "sure": _share([j.understanding.sure for j in scope]),
        "emergencies_found": _share([j.understanding.urgency == 2 for j in alarms]),
        "false_alarms": _share([j.understanding.urgency == 2 for j in others]),
        "oos_auroc": _auroc(judged),
    }


def report(judged: Sequence[Judged], threshold: float) -> dict[str, Any]:
    """All of it; `threshold` is the score from which the new model is sure.

    {"intents": [{"intent", "precision", "recall", "f1", "support"}],
    "confusion": [{"actual", "predicted", "count", "texts": [{"text", "place", "confidence", "sure"}]}],
    "calibration": [{"from", "to", "confidence", "accuracy", "count"}],
    "scope": {"threshold", "points": [{"score", "kept", "rejected"}]} or null}
    """
    if not judged:
        return {}
    return {
        "intents": _intents(judged),
        "confusion": _confusion(judged),
        "calibration": _calibration(judged),
        "scope": _scope(judged, threshold),
    }


def _labels(judged: Sequence[Judged]) -> tuple[list[str], list[str]]:
    return [j.example.intent for j in judged], [j.understanding.intent for j in judged]


def _share(hits: Sequence[bool]) -> float | None:
    return round(float(np.mean(hits)), 4) if hits else None


def _auroc(judged: Sequence[Judged]) -> float | None:
    inside = [j.example.intent != OUT_OF_SCOPE for j in judged]
    if all(inside) or not any(inside):
        return None
    return round(float(roc_auc_score(inside, [j.score for j in judged])), 4)


def _intents(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    wanted, given = _labels(judged)
    names = sorted(set(wanted) | set(given))
    measured = precision_recall_fscore_support(wanted, given, labels=names, zero_division=0)
    return [
        {
            "intent": name,
            "precision": round(float(precision), 4),
            "recall": round(float(recall), 4),
            "f1": round(float(f1), 4),
            "support": int(support),
        }
        for name, precision, recall, f1, support in zip(names, *measured, strict=True)
    ]


def _confusion(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    cells: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for one in judged:
        cells[one.example.intent, one.understanding.intent].append(one)
    return [
        {
            "actual": actual,
            "predicted": predicted,
            "count": len(cell),
            # What is right is of no interest but for its number.
            "texts": [] if actual == predicted else [_text(one) for one in _surest(cell)],
        }
        for (actual, predicted), cell in sorted(cells.items())
    ]


def _surest(cell: Sequence[Judged]) -> list[Judged]:
    return sorted(cell, key=lambda one: -one.understanding.confidence)[:_MOST_TEXTS]


def _text(one: Judged) -> dict[str, Any]:
    return {
        "text": one.example.text[:300],
        "place": one.example.place,
        "confidence": round(one.understanding.confidence, 3),
        "sure": one.understanding.sure,
    }


def _calibration(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    confidence = np.array([j.understanding.confidence for j in judged])
    right = np.array([j.example.intent == j.understanding.intent for j in judged])
    places = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    bins = []
    for number in range(_BINS):
        inside = places == number
        if inside.any():
            bins.append(
                {
                    "from": number / _BINS,
                    "to": (number + 1) / _BINS,
                    "confidence": round(float(confidence[inside].mean()), 4),
                    "accuracy": round(float(right[inside].mean()), 4),
                    "count": int(inside.sum()),
                }
            )
    return bins


def _scope(judged: Sequence[Judged], threshold: float) -> dict[str, Any] | None:
    inside = np.array([j.score for j in judged if j.example.intent != OUT_OF_SCOPE])
    outside = np.array([j.score for j in judged if j.example.intent == OUT_OF_SCOPE])
    if not len(inside) or not len(outside):
        return None
    steps = np.unique(np.quantile(np.concatenate([inside, outside]), np.linspace(0, 1, _POINTS)))
    points = [
        {
            "score": round(float(step), 4),
            "kept": round(float((inside >= step).mean()), 4),
            "rejected": round(float((outside < step).mean()), 4),
        }
        for step in steps
    ]
    return {"threshold": round(threshold, 4), "points": points}
