"""How good an engine is on texts whose intents are known: train on one file, ask about others.

Files hold JSON lines, {"text", "intent"}. The engine works in a process of its own (`nlu.trials`), so
that its memory is its own; here its answers become figures.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import f1_score, roc_auc_score

from nlu import rasa_environment
from nlu.corpus import MIN_EXAMPLES
from nlu.understanding import CorpusError, EngineUnavailable

PIPELINES = Path(__file__).parent / "trials" / "pipelines"

Progress = Callable[[int, int], None]
"""Told how many texts are parsed, and of how many; nothing until the training is done."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One text and the intent it has; `place` says where it stands ("train.jsonl:12")."""

    text: str
    intent: str
    place: str


@dataclass(frozen=True, slots=True)
class Sets:
    """What an engine is trained on and asked about; `oos` are texts outside of every intent."""

    train: tuple[Labelled, ...]
    test: tuple[Labelled, ...]
    oos: tuple[Labelled, ...] = ()

    def untrained(self) -> tuple[Labelled, ...]:
        """Test texts whose intent no training text has: no engine can name it."""
        trained = {example.intent for example in self.train}
        return tuple(example for example in self.test if example.intent not in trained)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured; shares and areas are given in percent.

    `accuracy` and `macro_f1` (over the intents of the test texts) count the best intent, whether or not
    the engine is sure. `in_scope_accuracy`
    is the share of the test texts whose intent is right *and* sure; `oos_recall` the share of the others
    that are not sure; `oos_auroc` how well the score tells the two apart (both None without such texts).
    `peak_memory_mb` is the most memory the engine's process held, in 10^6 bytes, libraries included.
    """

    engine: str
    train: int
    test: int
    oos: int
    accuracy: float
    macro_f1: float
    in_scope_accuracy: float
    oos_recall: float | None
    oos_auroc: float | None
    train_seconds: float
    peak_memory_mb: float
    parse_ms_p50: float
    parse_ms_p95: float


def read_sets(train: Path, test: Path, oos: Path | None = None) -> Sets:
    """Read the files. Raises CorpusError naming file, line and what was expected."""
    learned = read_labelled(train)
    intents = {example.intent for example in learned}
    if len(intents) < MIN_EXAMPLES:
        raise CorpusError(
            f"{train.name}: only intent {', '.join(intents)}; expected two or more to tell apart"
        )
    return Sets(learned, read_labelled(test), read_labelled(oos) if oos else ())


def read_labelled(file: Path) -> tuple[Labelled, ...]:
    """Read one file of {"text", "intent"} lines; blank lines are skipped.

    Raises CorpusError naming file, line and what was expected.
    """
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        raise CorpusError(f"{file}: cannot be read ({error.strerror})") from error
    found = tuple(_labelled(f"{file.name}:{n}", line) for n, line in enumerate(lines, 1) if line.strip())
    if not found:
        raise CorpusError(f'{file.name}:1: the file is empty; expected lines {{"text": …, "intent": …}}')
    return found


def _labelled(place: str, line: bytes) -> Labelled:
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise CorpusError(f"{place}: byte {error.start} is not UTF-8; expected UTF-8 text") from error
    except (ValueError, RecursionError) as error:
        raise CorpusError(f'{place}: broken JSON ({error}); expected {{"text": …, "intent": …}}') from error
    text, intent = (record.get("text"), record.get("intent")) if isinstance(record, dict) else (None, None)
    if not isinstance(text, str) or not isinstance(intent, str):
        raise CorpusError(f'{place}: expected an object with the texts "text" and "intent"')
    if not text.strip():
        raise CorpusError(f"{place}: the example is empty; expected words in its text")
    if not intent.strip():
        raise CorpusError(f"{place}: the intent is empty; expected its name")
    return Labelled(text, intent, place)


@dataclass(frozen=True, slots=True)
class Trial:
    """An engine that can be put on trial: its process, and what is asked of it besides the texts."""

    engine: str
    command: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)


LINEAR = Trial("linear", (sys.executable, "-m", "nlu.trials.linear"))


def encoder(model: str | None) -> Trial:
    """A sentence encoder, by its folder or name. Raises EngineUnavailable when none is named."""
    if not model:
        raise EngineUnavailable("No sentence encoder is named; expected its folder, or its name on the hub.")
    return Trial("encoder", (sys.executable, "-m", "nlu.trials.encoder"), {"model": str(model)})


def rasa(pipeline: str) -> Trial:
    """Rasa with one of our pipelines (nlu/trials/pipelines) or with the config.yml at this path.

    Raises EngineUnavailable when Rasa's environment is missing, CorpusError when the file cannot be read.
    """
    environment = rasa_environment.installed()
    file = Path(pipeline) if Path(pipeline).suffix else PIPELINES / f"{pipeline}.yml"
    try:
        config = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        ours = ", ".join(sorted(known.stem for known in PIPELINES.glob("*.yml")))
        raise CorpusError(f"{file}: cannot be read ({error}); expected {ours} or a config.yml") from error
    python = str(rasa_environment.binary(environment, "python"))
    return Trial(f"rasa {file.stem}", (python, "-m", "nlu.trials.rasa"), {"pipeline": config})


def evaluate(trial: Trial, sets: Sets, progress: Progress) -> Figures:
    """Put one engine on trial. Raises EngineUnavailable when its process fails, with its last words."""
    asked = [*sets.test, *sets.oos]
    request = {
        "train": [{"text": example.text, "intent": example.intent} for example in sets.train],
        "ask": [example.text for example in asked],
        **trial.options,
    }
    return _figures(trial.engine, sets, _try(trial.command, request, progress))


def _try(command: Sequence[str], request: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    with tempfile.TemporaryFile() as question, tempfile.TemporaryFile() as complaints:
        question.write(json.dumps(request).encode())
        question.seek(0)
        with subprocess.Popen(  # noqa: S603 - our own command line
            command, stdin=question, stdout=subprocess.PIPE, stderr=complaints, env=rasa_environment.quiet()
        ) as process:
            result = _listen(process, progress)
        if result is None or process.returncode:
            complaints.seek(0)
            last = complaints.read().decode("utf-8", "replace").strip().splitlines()[-5:]
            raise EngineUnavailable("\n".join(["The engine's process failed; its last words:", *last]))
    return result


def _listen(process: subprocess.Popen[bytes], progress: Progress) -> dict[str, Any] | None:
    result = None
    for line in process.stdout or ():
        record = json.loads(line)
        if "done" in record:
            progress(record["done"], record["of"])
        else:
            result = record
    return result


def _figures(engine: str, sets: Sets, answers: Mapping[str, Any]) -> Figures:
    right = [example.intent for example in sets.test]
    guesses = answers["guesses"]
    named = [intent for intent, _, _ in guesses[: len(right)]]
    scores = np.array([score for _, score, _ in guesses])
    sure = np.array([sure for _, _, sure in guesses], dtype=bool)
    in_scope = np.arange(len(guesses)) < len(right)
    hits = np.array([name == intent for name, intent in zip(named, right, strict=True)])
    milliseconds = np.array(answers["seconds"]) * 1000
    return Figures(
        engine=engine,
        train=len(sets.train),
        test=len(sets.test),
        oos=len(sets.oos),
        accuracy=_percent(hits.mean()),
        macro_f1=_percent(
            f1_score(right, named, labels=sorted(set(right)), average="macro", zero_division=0)
        ),
        in_scope_accuracy=_percent((hits & sure[in_scope]).mean()),
        oos_recall=_percent((~sure[~in_scope]).mean()) if sets.oos else None,
        oos_auroc=_percent(roc_auc_score(in_scope, scores)) if sets.oos else None,
        train_seconds=round(answers["train_seconds"], 3),
        peak_memory_mb=round(answers["peak_mb"], 1),
        parse_ms_p50=round(float(np.quantile(milliseconds, 0.50)), 3),
        parse_ms_p95=round(float(np.quantile(milliseconds, 0.95)), 3),
    )


def _percent(share: float) -> float:
    return round(100 * float(share), 2)
