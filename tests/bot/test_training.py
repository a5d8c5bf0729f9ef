"""Trainings: in a process of their own, with progress; cancelled, failed and killed ones change nothing."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import Conflict
from bot.jobs import Jobs
from bot.settings import Settings
from bot.storage import corpus, model_versions, trainings
from bot.storage.database import Database
from bot.storage.trainings import Trained
from bot.trainer import JOB, Trainer
from bot.training import Ended, run_training
from nlu.overlay import Change
from nlu.understanding import CorpusError, EngineUnavailable
from tests.conftest import Clock
from tests.house import eventually
from tests.project import EXAMPLES, write_project

_PATIENT = "import sys, time; time.sleep(60)"
_FAILING = "import sys; sys.exit('the disk is full')"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path / "project")


@pytest.fixture
async def jobs(database: Database) -> AsyncIterator[Jobs]:
    jobs = Jobs(database.url)
    yield jobs
    await jobs.close()


def here(folder: Path) -> Settings:
    return Settings(_env_file=None, data_dir=folder)


async def wish(database: Database, clock: Clock) -> int:
    async with database.begin() as conn:
        return await trainings.ask(conn, "linear", None, clock())


async def look(database: Database, training_id: int) -> Trained:
    async with database.read() as conn:
        training = await trainings.find(conn, training_id)
    assert training is not None
    return training


async def test_a_training_measures_and_promotes_nothing(
    database: Database, project: Path, clock: Clock
) -> None:
    training_id = await wish(database, clock)
    told: list[tuple[str, int]] = []
    name = await run_training(database, training_id, project, clock, lambda *now: told.append(now))
    assert [step for step, _ in told][-2:] == ["training", "saving"]
    assert told == sorted(told, key=lambda now: now[1]), "it never goes backwards"
    async with database.read() as conn:
        assert await model_versions.head(conn) is None
        version = await model_versions.find(conn, name)
        assert version is not None
        report = await model_versions.report(conn, version.id)
    training = await look(database, training_id)
    assert (training.state, training.progress, training.version) == ("done", 100, name)
    assert version.examples == version.metrics["judged"] == sum(map(len, EXAMPLES.values()))
    counted = sum(cell["count"] for cell in report["confusion"])
    wrong = [cell for cell in report["confusion"] if cell["actual"] != cell["predicted"]]
    assert counted == version.examples
    assert version.metrics["accuracy"] == pytest.approx(
        1 - sum(cell["count"] for cell in wrong) / counted, abs=1e-4
    )
    for cell in wrong:
        assert all(text["text"] in EXAMPLES[cell["actual"]] for text in cell["texts"])
    assert {entry["intent"]: entry["support"] for entry in report["intents"]} == {
        intent: len(texts) for intent, texts in EXAMPLES.items()
    }


async def test_the_same_corpus_gives_the_same_version(
    database: Database, project: Path, clock: Clock
) -> None:
    names = [await run_training(database, await wish(database, clock), project, clock) for _ in range(2)]
    assert names[0] == names[1]
    async with database.begin() as conn:
        await corpus.put(
            conn, [Change("servus", "greet", "de")], source="console", agent_id=None, now=clock()
        )
    assert await run_training(database, await wish(database, clock), project, clock) != names[0]


async def test_only_one_at_a_time(database: Database, jobs: Jobs, tmp_path: Path, clock: Clock) -> None:
    trainer = Trainer(
        database, jobs, [sys.executable, "-c", _PATIENT], Settings(_env_file=None, data_dir=tmp_path), clock
    )
    jobs.register({JOB: trainer})
    await jobs.open()
    first = await trainer.ask(None)
    with pytest.raises(Conflict) as refused:
        await trainer.ask(None)
    assert refused.value.code == "training_runs"
    await trainer.cancel(first.id)
    assert (await trainer.ask(None)).id != first.id


async def test_an_unusable_corpus_is_named(database: Database, project: Path, clock: Clock) -> None:
    async with database.begin() as conn:
        await corpus.put_intent(conn, "new_topic", removed=False, agent_id=None, now=clock())
    training_id = await wish(database, clock)
    with pytest.raises(CorpusError, match="new_topic has 0 examples"):
        await run_training(database, training_id, project, clock)
    training = await look(database, training_id)
    assert training.state == "failed" and "new_topic" in (training.problem or "")


async def test_rasa_where_it_is_not_installed_is_named(
    database: Database, project: Path, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    async with database.begin() as conn:
        training_id = await trainings.ask(conn, "rasa", None, clock())
    with pytest.raises(EngineUnavailable):
        await run_training(database, training_id, project, clock)
    training = await look(database, training_id)
    assert training.state == "failed" and "`make rasa` builds it" in (training.problem or "")


async def test_a_cancelled_training_leaves_no_version(
    database: Database, project: Path, clock: Clock
) -> None:
    training_id = await wish(database, clock)
    async with database.begin() as conn:
        await trainings.end(conn, training_id, "cancelled", clock())
    with pytest.raises(Ended):
        await run_training(database, training_id, project, clock)
    async with database.read() as conn:
        assert await model_versions.versions(conn) == []


async def test_cancelling_kills_the_process(
    database: Database, jobs: Jobs, tmp_path: Path, clock: Clock
) -> None:
    trainer = Trainer(
        database, jobs, [sys.executable, "-c", _PATIENT], Settings(_env_file=None, data_dir=tmp_path), clock
    )
    jobs.register({JOB: trainer})
    await jobs.open()
    training = await trainer.ask(None)
    working = asyncio.create_task(trainer(training.id))
    await trainer.cancel(training.id)
    await asyncio.wait_for(working, 30)
    assert (await look(database, training.id)).state == "cancelled"


async def test_a_training_that_dies_says_why(
    database: Database, jobs: Jobs, tmp_path: Path, clock: Clock
) -> None:
    trainer = Trainer(
        database, jobs, [sys.executable, "-c", _FAILING], Settings(_env_file=None, data_dir=tmp_path), clock
    )
    jobs.register({JOB: trainer})
    await jobs.open()
    training = await trainer.ask(None)
    await trainer(training.id)
    ended = await look(database, training.id)
    assert (ended.state, ended.problem) == ("failed", "the disk is full")


async def test_a_training_whose_machine_died_is_given_up(
    database: Database, jobs: Jobs, tmp_path: Path, clock: Clock
) -> None:
    trainer = Trainer(
        database, jobs, [sys.executable, "-c", _PATIENT], Settings(_env_file=None, data_dir=tmp_path), clock
    )
    jobs.register({JOB: trainer})
    await jobs.open()
    lost = await wish(database, clock)
    async with database.begin() as conn:
        await trainings.begin(conn, lost, clock())
    clock.forward(minutes=2)
    again = await trainer.ask(None)
    assert again.id != lost
    assert ((await look(database, lost)).state, (await look(database, lost)).problem) == ("failed", "lost")
    # The same, told by the job queue: the job comes a second time.
    async with database.begin() as conn:
        await trainings.begin(conn, again.id, clock())
    await trainer(again.id)
    assert (await look(database, again.id)).problem == "lost"


async def test_a_worker_trains_in_a_process_of_its_own(
    database: Database, jobs: Jobs, tmp_path: Path, clock: Clock
) -> None:
    command = (sys.executable, "-m", "tests.train", str(write_project(tmp_path / "small")))
    trainer = Trainer(database, jobs, command, here(tmp_path), clock)
    jobs.register({JOB: trainer})
    await jobs.open()
    training = await trainer.ask(None)
    await trainer(training.id)
    ended = await eventually(lambda: look(database, training.id), lambda seen: seen.state == "done")
    assert ended.version is not None
