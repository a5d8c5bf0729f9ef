"""What every trial does: train on some texts, parse others, measure both, and say so.

A trial reads one JSON object from standard input, {"train": [{"text", "intent"}], "ask": [text, …], …},
and writes JSON lines: {"done": n, "of": m} while it parses, then the result,
{"guesses": [[intent, score, sure], …], "seconds": [a number for each text], "train_seconds", "peak_mb"}.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TextIO

Guess = tuple[str, float, bool]
"""Intent, the score by which in scope and out of scope are told apart, and whether the engine is sure."""

_REPORT_EVERY = 100


def measure(request: Mapping[str, Any], train: Callable[[], Callable[[str], Guess]], out: TextIO) -> None:
    """Run one trial: `train` gives the function that parses, and its time is the training time."""
    began = time.perf_counter()
    parse = train()
    trained = time.perf_counter() - began
    guesses: list[Guess] = []
    seconds: list[float] = []
    texts: Sequence[str] = request["ask"]
    for text in texts:
        if len(guesses) % _REPORT_EVERY == 0:
            _say(out, {"done": len(guesses), "of": len(texts)})
        began = time.perf_counter()
        guesses.append(parse(text))
        seconds.append(time.perf_counter() - began)
    _say(out, {"guesses": guesses, "seconds": seconds, "train_seconds": trained, "peak_mb": _peak()})


def _say(out: TextIO, record: Mapping[str, Any]) -> None:
    out.write(json.dumps(record) + "\n")
    out.flush()


def _peak() -> float:
    """The most memory this process has held, in MB (10^6 bytes). macOS counts bytes, Linux kilobytes."""
    return (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    )
