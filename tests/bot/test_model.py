"""Versions of the model in the database: the first start, promotion, rollback, and what is unfit."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import Conflict, NotFound
from bot.model import NOTICE, Model, describe, first_model, read_merged
from bot.notices import Notices
from bot.storage import corpus, model_versions, notices
from bot.storage.database import Database
from nlu.corpus import read_corpus
from nlu.linear import LinearUnderstander
from nlu.live import LiveUnderstander
from nlu.overlay import Change
from nlu.versions import version_of
from tests.conftest import Clock
from tests.project import write_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path / "project")


class Process:
    """One of several processes on the same database, with a folder of its own."""

    def __init__(self, database: Database, folder: Path, live: LiveUnderstander) -> None:
        self.live = live
        self.model = Model(database, live, folder, Notices(database))

    @classmethod
    async def start(cls, database: Database, project: Path, folder: Path) -> Process:
        model = await first_model(database, project, folder, lambda _: None)
        return cls(database, folder, LiveUnderstander(model))


async def teach(database: Database, clock: Clock, *texts: str) -> None:
    changes = [Change(words, "greet", "de") for words in texts]
    async with database.begin() as conn:
        await corpus.put(conn, changes, source="console", agent_id=None, now=clock())


async def keep_another(database: Database, project: Path, clock: Clock, words: str) -> str:
    """A version trained on a corpus with one more text; returns its name."""
    await teach(database, clock, words)
    shipped = read_corpus(project)
    async with database.read() as conn:
        merged = await read_merged(conn, shipped)
    new = describe(LinearUnderstander(merged, version_of(merged)), merged, shipped.digest)
    async with database.begin() as conn:
        await model_versions.add(conn, new)
    return new.name


async def test_of_several_that_start_at_once_one_trains(
    database: Database, project: Path, tmp_path: Path
) -> None:
    one, two = await asyncio.gather(
        *(Process.start(database, project, tmp_path / name) for name in ("a", "b"))
    )
    assert one.live.version == two.live.version
    async with database.read() as conn:
        (promoted,) = await model_versions.history(conn)
    assert (promoted.kind, promoted.by, promoted.name) == ("start", None, one.live.version)


async def test_a_promotion_reaches_every_process_and_rolls_back(
    database: Database, project: Path, tmp_path: Path, clock: Clock
) -> None:
    one, two = [await Process.start(database, project, tmp_path / name) for name in ("a", "b")]
    first = one.live.version
    second = await keep_another(database, project, clock, "servus beinand")
    third = await keep_another(database, project, clock, "ahoi")
    parse_under_way = two.live.model
    for name in (second, third):
        await one.model.promote(name, None)
        assert one.live.version == name, "at once where it was asked for"
        await two.model.look()
        assert two.live.version == name
    assert parse_under_way.version == first, "who has begun ends on the old model"
    assert (await two.live.understand("ahoi")).model_version == third
    for name in (second, first):
        earlier = await two.model.earlier()
        assert earlier.name == name
        await two.model.roll_back(earlier, None)
        await one.model.look()
        assert one.live.version == name
    with pytest.raises(Conflict, match="No other version"):
        await one.model.earlier()
    restarted = await Process.start(database, project, tmp_path / "c")
    assert restarted.live.version == first, "a start takes what is promoted, not what was trained last"


async def test_a_changed_corpus_waits_for_training(
    database: Database, project: Path, tmp_path: Path, clock: Clock
) -> None:
    first = (await Process.start(database, project, tmp_path / "a")).live.version
    await teach(database, clock, "servus")
    assert (await Process.start(database, project, tmp_path / "a")).live.version == first


async def test_a_corpus_shipped_anew_is_trained_with_what_was_taught(
    database: Database, project: Path, tmp_path: Path, clock: Clock
) -> None:
    first = (await Process.start(database, project, tmp_path / "a")).live.version
    await teach(database, clock, "servus beinand", "servus die herren")
    with (project / "data" / "nlu_de.yml").open("a", encoding="utf-8") as file:
        file.write("- intent: wiring\n  examples: |\n    - wohin mit dem schutzleiter\n")
    upgraded = await Process.start(database, project, tmp_path / "a")
    assert upgraded.live.version != first
    for words, intent in (("wohin mit dem schutzleiter", "wiring"), ("servus beinand", "greet")):
        assert (await upgraded.live.understand(words)).intent == intent
    again = await Process.start(database, project, tmp_path / "a")
    assert again.live.version == upgraded.live.version


async def test_an_unfit_model_changes_nothing_and_is_shown(
    database: Database, project: Path, tmp_path: Path, clock: Clock
) -> None:
    process = await Process.start(database, project, tmp_path / "a")
    first = process.live.version
    second = await keep_another(database, project, clock, "servus")
    async with database.begin() as conn:
        await conn.execute(
            text("UPDATE model_versions SET artefact = substr(artefact, 1, 1000) WHERE name = :name"),
            {"name": second},
        )
    with pytest.raises(Conflict) as refused:
        await process.model.promote(second, None)
    assert refused.value.code == "unfit_version" and "damaged" in refused.value.message
    with pytest.raises(NotFound):
        await process.model.promote("linear-nothing", None)
    # Another machine could read it, or it was damaged afterwards.
    async with database.begin() as conn:
        version = await model_versions.find(conn, second)
        assert version is not None
        await model_versions.promote(conn, version.id, "promote", None)
    await process.model.look()
    assert process.live.version == first
    async with database.read() as conn:
        (shown,) = await notices.standing(conn)
    assert shown.key == NOTICE and second in shown.text and first in shown.text
    await process.model.promote(first, None)
    async with database.read() as conn:
        assert await notices.standing(conn) == []


async def test_one_whose_file_was_tidied_away_does_not_go_live_anywhere(
    database: Database, project: Path, tmp_path: Path, clock: Clock
) -> None:
    process = await Process.start(database, project, tmp_path / "a")
    second = await keep_another(database, project, clock, "servus")
    await process.model.promote(second, None)
    await process.model.roll_back(await process.model.earlier(), None)
    async with database.begin() as conn:
        await conn.execute(text("UPDATE model_versions SET artefact = NULL WHERE name = :n"), {"n": second})
    assert (tmp_path / "a" / f"{second}.model").is_file()
    with pytest.raises(Conflict, match="was tidied away"):
        await process.model.promote(second, None)


async def test_an_altered_file_is_fetched_again(database: Database, project: Path, tmp_path: Path) -> None:
    first = await Process.start(database, project, tmp_path / "a")
    (file,) = (tmp_path / "a").glob("*.model")
    file.write_bytes(file.read_bytes()[:-10])
    again = await Process.start(database, project, tmp_path / "a")
    assert again.live.version == first.live.version
    assert (await again.live.understand("moin")).intent == "greet"


async def test_one_made_by_another_program_is_not_read(
    database: Database, project: Path, tmp_path: Path, clock: Clock
) -> None:
    process = await Process.start(database, project, tmp_path / "a")
    second = await keep_another(database, project, clock, "servus")
    async with database.begin() as conn:
        await conn.execute(
            text("UPDATE model_versions SET program = 'other' WHERE name = :name"), {"name": second}
        )
    with pytest.raises(Conflict, match="another version of this program"):
        await process.model.promote(second, None)
