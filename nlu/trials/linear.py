"""The linear engine on trial: `python -m nlu.trials.linear`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from nlu.corpus import LANGUAGES, Corpus, Example
from nlu.linear import LinearUnderstander
from nlu.trials.protocol import Guess, measure


def corpus(request: Mapping[str, Any]) -> Corpus:
    """The texts of a request to learn from."""
    examples = tuple(Example(e["text"], e["intent"], LANGUAGES[0], "") for e in request["train"])
    return Corpus(tuple(sorted({e.intent for e in examples})), examples, "")


def _train(request: Mapping[str, Any]) -> Callable[[str], Guess]:
    engine = LinearUnderstander(corpus(request))

    def parse(text: str) -> Guess:
        understanding = engine.parse(text)
        return understanding.intent, understanding.score, understanding.sure

    return parse


def main() -> None:
    """Entry point of the process."""
    request = json.load(sys.stdin)
    measure(request, lambda: _train(request), sys.stdout)


if __name__ == "__main__":
    main()
