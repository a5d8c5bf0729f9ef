"""Training and promotion in the console: progress on the stream, versions, who may, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.storage import corpus, trainings
from bot.training import run_training
from nlu.overlay import Change
from tests.handoff.test_live import browser
from tests.office import Office, Seat, listening, served
from tests.project import EXAMPLES


async def train(office: Office, chief: Seat, project: Path) -> str:
    """Ask for a training and do what a worker would."""
    asked = await chief.post("/api/training")
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    return await run_training(office.system.database, asked.json()["id"], project, office.clock)


async def teach(office: Office, words: str) -> None:
    office.clock.forward(minutes=1)
    async with office.system.database.begin() as conn:
        change = Change(words, "greet", "de")
        await corpus.put(conn, [change], source="console", agent_id=None, now=office.clock())


async def overview(seat: Seat) -> dict[str, Any]:
    found: dict[str, Any] = (await seat.get("/api/training")).raise_for_status().json()
    return found


async def test_only_admins_see_and_do_any_of_it(office: Office) -> None:
    anna = await office.seat()
    for method, path in (
        ("GET", "/api/training"),
        ("POST", "/api/training"),
        ("POST", "/api/training/1/cancel"),
        ("GET", "/api/training/versions/x"),
        ("POST", "/api/training/versions/x/promote"),
        ("POST", "/api/training/rollback"),
    ):
        assert (await anna.send(method, path, {})).status_code == 403, path


async def test_a_version_is_trained_looked_at_promoted_and_rolled_back(
    office: Office, chief: Seat, project: Path
) -> None:
    empty = await overview(chief)
    assert (empty["live"], empty["rollback_to"], empty["versions"]) == (None, None, [])
    first = await train(office, chief, project)
    second_to_none = await chief.post("/api/training/rollback")
    assert second_to_none.json()["error"]["code"] == "no_earlier_version"
    assert (await chief.post(f"/api/training/versions/{first}/promote", {})).status_code == 200
    await teach(office, "servus beinand")
    taught = sum(map(len, EXAMPLES.values())) + 1
    assert (await overview(chief))["untrained"] is True
    second = await train(office, chief, project)
    report = (await chief.get(f"/api/training/versions/{second}")).json()
    assert report["version"]["by"] == "Chefin" and report["version"]["metrics"]["judged"] == taught
    assert sum(cell["count"] for cell in report["report"]["confusion"]) == taught
    assert (await chief.post(f"/api/training/versions/{second}/promote", {})).status_code == 200
    now = await overview(chief)
    assert (now["live"], now["rollback_to"]) == (second, first)
    assert [promotion["by"] for promotion in now["promotions"]] == ["Chefin", "Chefin"]
    back = (await chief.post("/api/training/rollback")).json()
    assert (back["live"], back["rollback_to"]) == (first, None)
    assert (await chief.get("/api/training/versions/nothing")).status_code == 404
    assert (await chief.post("/api/training/versions/nothing/promote", {})).status_code == 404


async def test_one_training_at_a_time_and_it_can_be_cancelled(office: Office, chief: Seat) -> None:
    asked = (await chief.post("/api/training")).json()
    assert asked["by"] == "Chefin"
    refused = await chief.post("/api/training")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "training_runs")
    assert (await chief.post(f"/api/training/{asked['id']}/cancel")).status_code == 204
    assert (await overview(chief))["trainings"][0]["state"] == "cancelled"
    assert (await chief.post("/api/training/4711/cancel")).status_code == 404


async def test_progress_comes_over_the_stream_to_admins_alone(office: Office, chief: Seat) -> None:
    anna = await office.seat()
    head = (await chief.get("/api/queue")).json()["head"]
    async with (
        served(office) as url,
        browser(chief, url) as hers,
        browser(anna, url) as his,
        listening(hers, f"/api/stream?after={head}") as told,
        listening(his, f"/api/stream?after={head}") as untold,
    ):
        asked = (await chief.post("/api/training")).json()
        async with office.system.database.begin() as conn:
            await trainings.begin(conn, asked["id"], office.clock())
            await trainings.go_on(conn, asked["id"], "training", 80, office.clock())
        while (event := await told.until("training")).data["training"]["progress"] < 80:
            continue
        assert event.data["training"]["step"] == "training"
        await office.conversation()
        first = await untold.next()
        assert first is not None and first.event in ("card", "message")
