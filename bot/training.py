"""One training from the merged corpus to a kept version, in a process that does nothing else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.errors import BaurufError
from bot.model import describe, read_merged
from bot.storage import model_versions, trainings
from bot.storage.database import Database
from bot.storage.model_versions import NewVersion
from nlu import rasa_training
from nlu.corpus import Corpus, read_corpus
from nlu.crossvalidation import cross_validate
from nlu.linear import LinearUnderstander
from nlu.report import report, summarise
from nlu.understanding import UnderstandingError
from nlu.versions import version_of

_WRITE_EVERY = 0.4  # seconds
_SIGN_OF_LIFE = 5.0  # seconds

Told = Callable[[str, int], None]


class Ended(BaurufError):
    """Somebody has ended this training while it was under way."""

    status = 409


class _Progress:
    """Where the training thread says how far it is, and learns that it shall stop."""

    def __init__(self, told: Told) -> None:
        self.step, self.percent = "reading", 0
        self.ended = threading.Event()
        self._told = told

    def __call__(self, step: str, percent: int) -> None:
        if self.ended.is_set():
            raise Ended("training_ended", "This training was cancelled.")
        self.step, self.percent = step, percent
        self._told(step, percent)


async def run_training(
    database: Database,
    training_id: int,
    project: Path,
    clock: Callable[[], datetime],
    told: Told = lambda _step, _percent: None,
) -> str:
    """Train, measure, and keep the version; returns its name. The model that answers is left alone.

    Writes its progress, and how it ended, to its row. Raises Conflict when the training is not waiting
    (any more), Ended when it was cancelled, and UnderstandingError when the corpus is unusable or Rasa is.
    """
    async with database.begin() as conn:
        training = await trainings.begin(conn, training_id, clock())
    if training is None:
        raise Ended("training_ended", "This training has ended already.")
    progress = _Progress(told)
    writing = asyncio.create_task(_write_progress(database, training_id, progress, clock))
    try:
        shipped = await asyncio.to_thread(read_corpus, project)
        async with database.read() as conn:
            corpus = await read_merged(conn, shipped)
        if training.engine == "rasa":
            new = await asyncio.to_thread(_train_rasa, corpus, project, shipped.digest, progress)
        else:
            new = await asyncio.to_thread(_train, corpus, shipped.digest, progress)
    except UnderstandingError as error:
        async with database.begin() as conn:
            await trainings.end(conn, training_id, "failed", clock(), problem=str(error))
        raise
    except asyncio.CancelledError:
        async with database.begin() as conn:
            await trainings.end(conn, training_id, "cancelled", clock())
        raise
    finally:
        progress.ended.set()  # the thread that trains stops at its next word
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
    async with database.begin() as conn:
        version_id = await model_versions.add(conn, replace(new, agent_id=training.agent_id))
        if not await trainings.end(conn, training_id, "done", clock(), version_id=version_id):
            raise Ended("training_ended", "This training was cancelled.")
    return new.name


def _train(corpus: Corpus, shipped: str, tell: _Progress) -> NewVersion:
    tell("crossvalidating", 0)
    judged = cross_validate(corpus, tell)
    tell("training", 80)
    model = LinearUnderstander(corpus, version_of(corpus))
    tell("saving", 95)
    new = describe(model, corpus, shipped)
    return replace(new, metrics=summarise(judged), report=report(judged, model.calibration.threshold))


def _train_rasa(corpus: Corpus, project: Path, shipped: str, tell: _Progress) -> NewVersion:
    made = rasa_training.train(corpus, project, tell)
    tell("saving", 95)
    return replace(
        describe(made.linear, corpus, shipped),
        engine="rasa",
        rasa=made.rasa,
        metrics=summarise(made.judged),
        report=report(made.judged, made.sure_from),
    )


async def _write_progress(
    database: Database, training_id: int, progress: _Progress, clock: Callable[[], datetime]
) -> None:
    written, age = ("", -1), 0.0
    while not progress.ended.is_set():
        now = (progress.step, progress.percent)
        if now != written or age >= _SIGN_OF_LIFE:
            async with database.begin() as conn:
                if not await trainings.go_on(conn, training_id, *now, clock()):
                    progress.ended.set()
            written, age = now, 0.0
        await asyncio.sleep(_WRITE_EVERY)
        age += _WRITE_EVERY
