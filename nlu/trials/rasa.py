"""Rasa on trial, in its own environment: `…/rasa/bin/python -m nlu.trials.rasa`.

The request's "pipeline" is Rasa's config.yml. Rasa is trained and asked in this process: no HTTP and no
start of a server are in its times. Its confidence is the score; it is sure from 0.3 on, the threshold
that Rasa's own template gives its FallbackClassifier, because Rasa calibrates none.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.model_training import train_nlu

from nlu.trials.protocol import Guess, measure

FALLBACK = "nlu_fallback"
THRESHOLD = 0.3


def _train(
    request: Mapping[str, Any], folder: Path, loop: asyncio.AbstractEventLoop
) -> Callable[[str], Guess]:
    (folder / "config.yml").write_text(request["pipeline"], "utf-8")
    # Rasa's JSON format takes texts as they are; its YAML would read marks such as [this](entity) in them.
    data = {"rasa_nlu_data": {"common_examples": request["train"]}}
    (folder / "nlu.json").write_text(json.dumps(data), "utf-8")
    model = train_nlu(str(folder / "config.yml"), str(folder / "nlu.json"), str(folder / "models"))
    if model is None:
        raise SystemExit("Rasa trained no model.")
    agent = Agent.load(model)

    def parse(text: str) -> Guess:
        # A leading slash would be taken for the name of an intent.
        reply = loop.run_until_complete(agent.parse_message(text.lstrip("/") or " "))
        ranking = reply.get("intent_ranking") or [reply["intent"]]
        best = next((entry for entry in ranking if entry["name"] != FALLBACK), ranking[0])
        confidence = float(best["confidence"])
        sure = ranking[0]["name"] != FALLBACK and confidence >= THRESHOLD
        return str(best["name"]), confidence, sure

    return parse


def main() -> None:
    """Entry point of the process. What Rasa prints goes to standard error."""
    request, out = json.load(sys.stdin), sys.stdout
    sys.stdout = sys.stderr
    loop = asyncio.new_event_loop()
    with tempfile.TemporaryDirectory(prefix="bauruf-rasa-") as name:
        os.chdir(name)  # Rasa leaves its cache where it stands
        measure(request, lambda: _train(request, Path(name), loop), out)
    loop.close()


if __name__ == "__main__":
    main()
