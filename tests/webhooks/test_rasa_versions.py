"""Rasa from the console: trained, tried, promoted, fetched by a real Rasa server, rolled back, cancelled."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from pydantic import SecretStr

from bot.messages import Sender
from bot.model import describe
from bot.settings import Settings
from bot.storage import conversations, messages, model_versions, notices
from bot.storage.conversations import Whom
from bot.storage.messages import NewMessage
from bot.storage.model_versions import Version
from nlu import rasa_environment
from nlu.corpus import read_corpus
from nlu.linear import LinearUnderstander
from nlu.understanding import Understanding
from tests.drill.processes import free_port
from tests.drill.serving import listen
from tests.house import House, eventually, open_house
from tests.project import EXAMPLES, write_project

pytestmark = [
    pytest.mark.rasa,
    pytest.mark.skipif(
        not rasa_environment.is_built(rasa_environment.location()),
        reason="no Rasa environment; run: make rasa",
    ),
]

TOKEN = "rasa-test-token"
PIPELINE = """
recipe: default.v1
assistant_id: test
language: de
pipeline:
- name: WhitespaceTokenizer
- name: CountVectorsFeaturizer
- name: LogisticRegressionClassifier
- name: FallbackClassifier
  threshold: 0.1
  ambiguity_threshold: 0.0
policies: null
"""
_LONG = 300.0  # seconds; only a test that fails waits that long


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = write_project(tmp_path / "project")
    (project / "config.yml").write_text(PIPELINE, "utf-8")
    return project


@pytest.fixture
async def house(database_url: str, tmp_path: Path, project: Path) -> AsyncIterator[House]:
    settings = Settings(
        _env_file=None,
        data_dir=tmp_path,
        database_url=database_url,
        nlu_project=project,
        nlu_engine="rasa",
        rasa_url=f"http://127.0.0.1:{free_port()}",
        rasa_token=SecretStr(TOKEN),
    )
    async with open_house(settings, None, listen()) as house:
        yield house


@asynccontextmanager
async def rasa_of(house: House, folder: Path) -> AsyncIterator[None]:
    """A real Rasa server, started as `make rasa` says, that fetches its model from this house."""
    endpoints = rasa_environment.ENDPOINTS.replace("http://127.0.0.1:8000", house.url)
    endpoints = endpoints.replace("wait_time_between_pulls: 5", "wait_time_between_pulls: 1")
    (folder / "endpoints.yml").write_text(endpoints, "utf-8")
    environment = rasa_environment.location()
    port = house.system.settings.rasa_url.rpartition(":")[2]
    with (folder / "server.log").open("w", encoding="utf-8") as log:
        process = await asyncio.create_subprocess_exec(
            *(str(rasa_environment.binary(environment, "rasa")), "run", "--enable-api", "-i", "127.0.0.1"),
            *("--auth-token", TOKEN, "--port", port, "--endpoints", "endpoints.yml"),
            cwd=folder,
            env={**rasa_environment.quiet(), "BAURUF_RASA_TOKEN": TOKEN},
            stdout=log,
            stderr=log,
        )
        try:
            yield
        finally:
            process.kill()
            await process.wait()


async def board(house: House) -> str | None:
    """What the operator is told about Rasa."""
    async with house.system.database.read() as conn:
        return {notice.key: notice.text for notice in await notices.standing(conn)}.get("nlu:rasa")


async def version(house: House, name: str) -> Version:
    async with house.system.database.read() as conn:
        found = await model_versions.find(conn, name)
    assert found is not None
    return found


async def test_a_rasa_server_follows_what_is_promoted(house: House, project: Path, tmp_path: Path) -> None:
    anna = await house.seat("Anna Keller")

    async def heard() -> Understanding:
        return await house.system.engine.understand("wann habt ihr samstag auf")

    async def rasa_of_name() -> tuple[str, str]:
        understood = await heard()
        return understood.engine, understood.model_version

    async with rasa_of(house, tmp_path):
        await eventually(lambda: board(house), lambda told: "has no model" in (told or ""), patience=_LONG)
        assert (await heard()).engine == "linear"

        asked = (await anna.post("/api/training")).json()
        steps: list[str] = []

        async def training() -> str:
            now = (await anna.get("/api/training")).json()["trainings"][0]
            assert now["id"] == asked["id"] and now["problem"] is None
            steps.extend(step for step in [now["step"]] if step not in steps)
            return str(now["state"])

        await eventually(training, lambda state: state == "done", patience=_LONG)
        assert {"rasa_trial", "rasa_judging", "rasa_training"} <= set(steps)
        name = (await anna.get("/api/training")).json()["trainings"][0]["version"]
        trained = await version(house, name)
        assert (trained.engine, trained.readable) == ("rasa", True)
        fifth = len(EXAMPLES) * len(EXAMPLES["greet"]) // 5
        assert trained.metrics["judged"] == fifth
        assert (await heard()).engine == "linear"  # nothing is promoted yet

        nonsense = await recorded(house, "xqzt wfk brm", "out_of_scope", "clarify", 0)
        emergency = await recorded(house, "hallo zusammen", "emergency", "handoff", 2)
        outcome = (await anna.post(f"/api/training/versions/{name}/replay", timeout=_LONG)).json()
        flips = {flip["message_id"]: flip for flip in outcome["flips"]}
        # Only Rasa takes words it has never seen for something: the linear engine asks back.
        assert flips[nonsense]["new"]["action"] != "clarify"
        assert [id for id, flip in flips.items() if flip["blocks"]] == [emergency]
        refused = await anna.post(f"/api/training/versions/{name}/promote", timeout=_LONG)
        assert refused.json()["error"]["code"] == "lost_emergency"
        await anna.send("PUT", f"/api/messages/{emergency}/intent", {"intent": "greet"})

        promoted = await anna.post(f"/api/training/versions/{name}/promote", timeout=_LONG)
        assert promoted.status_code == 200
        await eventually(rasa_of_name, lambda now: now == ("rasa", name), patience=_LONG)
        assert await board(house) is None
        assert (await heard()).intent == "opening_hours"

        later = await another_version(house, project, name)
        await house.system.model.promote(later, None)
        await eventually(rasa_of_name, lambda now: now == ("rasa", later), patience=_LONG)

        back = await anna.post("/api/training/rollback", {}, timeout=_LONG)
        assert back.json()["live"] == name
        await eventually(rasa_of_name, lambda now: now == ("rasa", name), patience=_LONG)

        # One step further back nothing is for Rasa: it keeps its model, and the linear engine answers.
        assert (await anna.post("/api/training/rollback", {}, timeout=_LONG)).status_code == 200
        assert (await heard()).engine == "linear"
        await eventually(
            lambda: board(house), lambda told: "has no model for Rasa, which serves" in (told or "")
        )


async def recorded(house: House, text: str, intent: str, action: str, urgency: int) -> int:
    """A turn of the past; returns its message."""
    decision = {"intent": intent, "action": action, "urgency": urgency, "reasons": []}
    turn = {"intent": intent, "confidence": 0.9, "sure": True, "before": {}, "decision": decision}
    now = house.system.clock()
    async with house.system.database.begin() as conn:
        sender = Sender("telegram", str(len(text)), name="Finn Petersen")
        endpoint_id = await conversations.keep_endpoint(conn, sender)
        opened = await conversations.begin(conn, endpoint_id, whom=Whom(), language="de", now=now)
        said = NewMessage("installer", text=text, understanding={**turn, "urgency": urgency})
        (message_id,) = await messages.add_messages(
            conn, [said], conversation_id=opened.id, endpoint_id=endpoint_id, now=now
        )
    return message_id


async def another_version(house: House, project: Path, trained: str) -> str:
    """A version of another name, with the same model for Rasa and another one behind it."""
    with (project / "data" / "nlu_de.yml").open("a", encoding="utf-8") as file:
        file.write("- intent: wiring\n  examples: |\n    - wohin mit dem schutzleiter\n")
    corpus = read_corpus(project)
    linear = LinearUnderstander(corpus, "rasa-fedcba987654")
    async with house.system.database.begin() as conn:
        rasa = await model_versions.rasa(conn, trained)
        await model_versions.add(
            conn, replace(describe(linear, corpus, corpus.digest), engine="rasa", rasa=rasa)
        )
    return linear.version


async def test_cancelling_ends_rasa_too(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    anna = await house.seat("Anna Keller")
    asked = (await anna.post("/api/training")).json()

    async def rasas() -> list[psutil.Process]:
        ours = psutil.Process().children(recursive=True)
        return [process for process in ours if "nlu.leash" in process.cmdline()]

    working = await eventually(rasas, patience=_LONG)
    assert (await anna.post(f"/api/training/{asked['id']}/cancel")).status_code == 204

    async def alive() -> list[psutil.Process]:
        there = [process for process in working if process.is_running()]
        return [process for process in there if process.status() != psutil.STATUS_ZOMBIE]

    async def left_behind() -> list[Path]:
        return await asyncio.to_thread(lambda: list(tmp_path.rglob("bauruf-*")))

    await eventually(alive, lambda left: not left)
    await eventually(left_behind, lambda left: not left)
    assert (await anna.get("/api/training")).json()["trainings"][0]["state"] == "cancelled"
