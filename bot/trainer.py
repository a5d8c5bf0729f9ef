"""The worker's side of a training: a process of its own, watched, and ended when somebody cancels it."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

import structlog
from sqlalchemy.exc import IntegrityError

from bot.errors import Conflict, NotFound
from bot.jobs import Jobs
from bot.settings import Settings
from bot.storage import trainings
from bot.storage.database import Database
from bot.storage.trainings import Trained

log = structlog.get_logger(__name__)

JOB = "train"
_LOOK = 0.5  # seconds between two looks at whether somebody has cancelled
_LAST_WORDS = 400  # characters


class Trainer:
    """Starts trainings, and is the job that does them.

    `command` is a process's beginning; the number of the training comes behind it. The process ends
    when its standard input does, so that it does not outlive this one.
    """

    def __init__(
        self,
        database: Database,
        jobs: Jobs,
        command: Sequence[str],
        settings: Settings,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._command = command
        self._settings = settings
        self._clock = clock

    async def ask(self, agent_id: int | None) -> Trained:
        """Have a model trained. Raises Conflict("training_runs") while one is."""
        try:
            async with self._database.begin() as conn:
                await trainings.bury(conn, self._clock())
                training_id = await trainings.ask(
                    conn, self._settings.trained_engine, agent_id, self._clock()
                )
                await self._jobs.at(conn, None, JOB, training_id=training_id)
                training = await trainings.find(conn, training_id)
        except IntegrityError:
            raise Conflict("training_runs", "A training is under way; wait for it or cancel it.") from None
        assert training is not None  # noqa: S101 - written above
        return training

    async def cancel(self, training_id: int) -> None:
        """End a training; one that has ended stays as it is. Raises NotFound."""
        async with self._database.begin() as conn:
            if await trainings.find(conn, training_id) is None:
                raise NotFound("no_training", "There is no such training.")
            await trainings.end(conn, training_id, "cancelled", self._clock())

    async def __call__(self, training_id: int) -> None:
        """Do it: run the process, end it when somebody cancels, and write down why it failed."""
        async with self._database.begin() as conn:
            training = await trainings.find(conn, training_id)
            if training is None or training.state not in ("waiting", "running"):
                return
            if training.state == "running":
                # The job comes a second time: the worker that had it has died.
                await trainings.end(conn, training_id, "failed", self._clock(), problem="lost")
                return
        # A process that is ended cleans up nothing; its folder, and that of a Rasa below it, goes with it.
        with tempfile.TemporaryDirectory(prefix="bauruf-training-", ignore_cleanup_errors=True) as folder:
            await self._train(training_id, folder)

    async def _train(self, training_id: int, folder: str) -> None:
        process = await asyncio.create_subprocess_exec(
            *self._command,
            str(training_id),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env={
                **os.environ,
                "TMPDIR": folder,
                "BAURUF_DATABASE_URL": self._database.url,
                "BAURUF_DATA_DIR": str(self._settings.data_dir.resolve()),
                "BAURUF_NLU_PROJECT": str(self._settings.nlu_project or ""),
            },
        )
        problem = "stopped"
        try:
            problem = await self._watch(process, training_id)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            # Without effect when the process itself has said how it ended.
            async with self._database.begin() as conn:
                await trainings.end(conn, training_id, "failed", self._clock(), problem=problem)

    async def _watch(self, process: asyncio.subprocess.Process, training_id: int) -> str:
        assert process.stderr is not None  # noqa: S101 - asked for above
        said = asyncio.create_task(process.stderr.read())
        ended = asyncio.create_task(process.wait())
        try:
            while not ended.done():
                await asyncio.wait([ended], timeout=_LOOK)
                async with self._database.read() as conn:
                    if not ended.done() and not await trainings.is_open(conn, training_id):
                        process.kill()
            words = (await said).decode("utf-8", "replace").strip()[-_LAST_WORDS:]
            return words or f"ended with code {process.returncode}"
        finally:
            for task in (said, ended):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
