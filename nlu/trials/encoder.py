"""A sentence encoder on trial: `python -m nlu.trials.encoder`.

The request's "model" is the encoder's folder or name. The linear engine beside it is trained too.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from nlu.encoder import Encoder, EncoderUnderstander
from nlu.linear import LinearUnderstander
from nlu.trials.linear import corpus
from nlu.trials.protocol import Guess, measure


def _train(request: Mapping[str, Any], loop: asyncio.AbstractEventLoop) -> Callable[[str], Guess]:
    engine = EncoderUnderstander(Encoder(request["model"]), LinearUnderstander(corpus(request)))

    def parse(text: str) -> Guess:
        understanding = loop.run_until_complete(engine.understand(text))
        return understanding.intent, understanding.score, understanding.sure

    return parse


def main() -> None:
    """Entry point of the process."""
    request, loop = json.load(sys.stdin), asyncio.new_event_loop()
    measure(request, lambda: _train(request, loop), sys.stdout)
    loop.close()


if __name__ == "__main__":
    main()
