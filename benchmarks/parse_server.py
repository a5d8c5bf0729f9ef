"""The linear engine behind HTTP, as bare as Rasa's server is: `python -m benchmarks.parse_server PORT`."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

from nlu.rasa_environment import PROJECT
from nlu.versions import load_or_train


class Question(BaseModel):
    """What Rasa takes, too."""

    text: str


def main() -> None:
    """Train, then serve until stopped."""
    with tempfile.TemporaryDirectory() as models:
        engine = load_or_train(PROJECT, Path(models), lambda line: None)
    app = FastAPI()

    @app.post("/model/parse")
    async def parse(question: Question) -> dict[str, Any]:
        return asdict(engine.parse(question.text))

    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")


if __name__ == "__main__":
    main()
