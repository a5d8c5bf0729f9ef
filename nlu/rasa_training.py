"""Training both halves of a version for Rasa: Rasa's intents, and the linear model behind them."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nlu import rasa_environment, rasa_process
from nlu.corpus import Corpus, Example
from nlu.corpus_file import as_rasa
from nlu.crossvalidation import Judged, Tell, split
from nlu.linear import LinearUnderstander
from nlu.understanding import CorpusError
from nlu.versions import program


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of it: the linear model, Rasa's file (tar.gz), and the fifth of the examples that was
    judged by both, trained on the other four.
    """

    linear: LinearUnderstander
    rasa: bytes
    judged: list[Judged]

    @property
    def sure_from(self) -> float:
        """The least confidence at which Rasa was sure: its pipeline's own threshold."""
        return min((one.score for one in self.judged if one.understanding.sure), default=0.0)


def version_of(corpus: Corpus, pipeline: str) -> str:
    """The word "rasa-" and twelve hex digits that change with corpus, our code and Rasa's pipeline."""
    made_of = f"{corpus.digest} {program()} {pipeline}"
    return f"rasa-{hashlib.sha256(made_of.encode()).hexdigest()[:12]}"


def train(corpus: Corpus, project: Path, tell: Tell) -> Trained:
    """Train on four fifths, judge the last one as it would be judged live, then train on everything.

    One split, not five: Rasa takes over a minute for a training. The pipeline is the project's config.yml;
    raises CorpusError when it cannot be read, EngineUnavailable when Rasa is not installed or refuses, and
    whatever `tell` raises; Rasa ends with it.
    """
    rasa_environment.installed()
    pipeline = _read_pipeline(project)
    name = version_of(corpus, pipeline)
    with tempfile.TemporaryDirectory(prefix="bauruf-rasa-") as folder:
        judged = _judge(corpus, pipeline, Path(folder) / "trial", tell)
        tell("training", 55)
        linear = LinearUnderstander(corpus, name)
        file = _train(corpus, pipeline, name, Path(folder) / "whole", lambda: tell("rasa_training", 60))
        return Trained(linear, file.read_bytes(), judged)


def _read_pipeline(project: Path) -> str:
    file = project / "config.yml"
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{file}: cannot be read ({error}); expected Rasa's pipeline") from error


def _train(corpus: Corpus, pipeline: str, name: str, folder: Path, alive: Callable[[], None]) -> Path:
    for path, content in {**as_rasa(corpus), "config.yml": pipeline}.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, "utf-8")
    return rasa_process.train(folder, folder / "models", name, alive)


def _judge(corpus: Corpus, pipeline: str, folder: Path, tell: Tell) -> list[Judged]:
    known, held = next(split(corpus), (corpus, []))
    if not held:
        return []
    tell("rasa_trial", 1)
    linear = LinearUnderstander(known, "trial")
    file = _train(known, pipeline, "trial", folder, lambda: tell("rasa_trial", 5))
    return asyncio.run(_ask(file, linear, held, tell))


async def _ask(file: Path, linear: LinearUnderstander, held: list[Example], tell: Tell) -> list[Judged]:
    judged = []
    tell("rasa_judging", 45)
    async with rasa_process.serving(file, linear) as engine:
        for number, example in enumerate(held):
            tell("rasa_judging", 45 + 10 * number // len(held))
            understanding = await engine.understand(example.text)
            judged.append(Judged(example, understanding, understanding.confidence))
    return judged
