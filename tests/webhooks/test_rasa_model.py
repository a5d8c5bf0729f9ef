"""The door at which Rasa's servers fetch the promoted model, as Rasa 3.6.21 asks for it."""

from __future__ import annotations

import hashlib

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from bot.storage import model_versions
from bot.storage.database import Database
from bot.storage.model_versions import Engine, NewVersion
from tests.webhooks.conftest import door
from webhooks import rasa_model

SETTINGS = Settings(_env_file=None, rasa_token=SecretStr("geheim"))
ASK = {"token": "geheim"}
FIRST, SECOND = "rasa-0123456789ab", "rasa-fedcba987654"


async def promote(database: Database, name: str, rasa: bytes | None) -> None:
    engine: Engine = "rasa" if rasa else "linear"
    new = NewVersion(name, engine, "program", "project", "corpus", 1, "hash", b"linear", rasa=rasa)
    async with database.begin() as conn:
        await model_versions.promote(conn, await model_versions.add(conn, new), "promote", None)


async def test_it_gives_the_promoted_model_and_says_when_nothing_is_new(database: Database) -> None:
    await promote(database, FIRST, b"first model")
    async with door(rasa_model.routes(SETTINGS, database)) as client:
        # Rasa's first question carries a tag of its own making.
        given = await client.get("/rasa/model", params=ASK, headers={"If-None-Match": "4f1c"})
        assert (given.status_code, given.content) == (200, b"first model")
        assert given.headers["filename"] == f"{FIRST}.tar.gz"
        tag = given.headers["etag"]
        assert tag == f'"{FIRST}.{hashlib.sha256(b"first model").hexdigest()}"'
        again = await client.get("/rasa/model", params=ASK, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")

        await promote(database, SECOND, b"second model")
        given = await client.get("/rasa/model", params=ASK, headers={"If-None-Match": tag})
        assert (given.content, given.headers["filename"]) == (b"second model", f"{SECOND}.tar.gz")
        await promote(database, FIRST, b"first model, trained again")
        given = await client.get("/rasa/model", params=ASK, headers={"If-None-Match": tag})
        assert given.content == b"first model, trained again"


async def test_there_may_be_none(database: Database) -> None:
    async with door(rasa_model.routes(SETTINGS, database)) as client:
        assert (await client.get("/rasa/model", params=ASK)).status_code == 404
        await promote(database, FIRST, b"first model")
        await promote(database, "linear-0123456789ab", None)
        answer = await client.get("/rasa/model", params=ASK)
        assert (answer.status_code, answer.json()) == (404, {"error": "no_rasa_model"})


@pytest.mark.parametrize("query", [{}, {"token": ""}, {"token": "falsch"}, {"token": "geheim "}])
@pytest.mark.parametrize("settings", [SETTINGS, Settings(_env_file=None)])
async def test_it_is_nobody_elses(database: Database, settings: Settings, query: dict[str, str]) -> None:
    await promote(database, FIRST, b"first model")
    async with door(rasa_model.routes(settings, database)) as client:
        assert (await client.get("/rasa/model", params=query)).status_code == 403


async def test_old_files_are_dropped_with_their_versions(database: Database) -> None:
    for number in range(14):
        await promote(database, f"rasa-{number:012x}", b"model %d" % number)
    async with database.read() as conn:
        kept = [version.name for version in await model_versions.versions(conn) if version.readable]
        assert f"rasa-{0:012x}" not in kept
        assert await model_versions.rasa(conn, f"rasa-{0:012x}") is None
        assert await model_versions.rasa(conn, f"rasa-{13:012x}") == b"model 13"
