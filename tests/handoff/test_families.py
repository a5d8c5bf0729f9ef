"""What people call the devices: searched, changed, exported, imported, and what a training makes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.training import run_training
from tests.conftest import REPOSITORY
from tests.office import Office, Seat, open_office
from tests.project import write_project

NAMES = "NW-RV: [Rohrventilator, Axialventilator]\nNW-AX: [Axialventilator, axial fan]\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = write_project(tmp_path / "project")
    (folder / "families.yml").write_text(NAMES, "utf-8")
    return folder


async def families(seat: Seat, q: str = "") -> dict[str, Any]:
    found = (await seat.get("/api/corpus/families", params={"q": q})).raise_for_status().json()
    return {family["code"]: family for family in found["families"]}


def names(family: dict[str, Any]) -> list[str]:
    return [name["name"] for name in family["names"]]


async def upload(seat: Seat, name: str, content: str, apply: str) -> Any:
    return await seat.client.post(
        "/api/corpus/families/import",
        files={"file": (name, content.encode())},
        data={"apply": apply},
        headers={"X-CSRF-Token": seat.csrf},
    )


async def test_names_are_added_taken_away_and_brought_back(office: Office, chief: Seat) -> None:
    shown = await families(chief)
    assert names(shown["NW-RV"]) == ["Rohrventilator", "Axialventilator"]
    assert shown["NW-RV"]["names"][1]["others"] == ["NW-AX"]
    path = "/api/corpus/families/NW-RV/names"
    assert (await chief.post(path, {"name": " Wummsding "})).status_code == 204
    assert (await chief.post(path, {"name": "wummsding"})).json()["error"]["code"] == "same_name"
    assert (await chief.send("DELETE", f"{path}/axialventilator")).status_code == 204
    now = (await families(chief, "wumms"))["NW-RV"]
    assert names(now) == ["Rohrventilator", "Wummsding"] and now["removed"] == ["Axialventilator"]
    assert list(await families(chief, "axial fan")) == ["NW-AX"]
    assert (await chief.post(path, {"name": "Axialventilator"})).status_code == 204
    assert (await chief.send("DELETE", f"{path}/Wummsding")).status_code == 204
    assert await families(chief) == shown
    for code, name, status in (("NW-RV", "7", 422), ("NW-XX", "Ding", 404), ("NW-RV", "x" * 61, 422)):
        refused = await chief.post(f"/api/corpus/families/{code}/names", {"name": name})
        assert refused.status_code == status
    assert (await chief.send("DELETE", f"{path}/Unbekannt")).status_code == 404
    anna = await office.seat()
    assert (await anna.get("/api/corpus/families")).status_code == 403


async def test_names_go_out_and_come_in_as_rasa_and_csv(office: Office, chief: Seat) -> None:
    rasa = (await chief.get("/api/corpus/families/export?format=rasa")).text
    assert "- synonym: NW-RV\n  examples: |\n    - Rohrventilator\n- lookup: family" in rasa
    table = (await chief.get("/api/corpus/families/export?format=csv")).text
    assert "Axialventilator,NW-AX\r\n" in table and "Axialventilator,NW-RV\r\n" in table
    same = (await upload(chief, "families.csv", table, "yes")).json()
    assert same == {"added": 0, "same": 4, "applied": True}
    more = rasa.replace("    - Rohrventilator\n", "    - Rohrventilator\n    - Röhrenbläser\n", 1)
    assert (await upload(chief, "f.yml", more, "no")).json()["added"] == 1
    assert "Röhrenbläser" not in names((await families(chief))["NW-RV"])
    assert (await upload(chief, "f.yml", more, "yes")).json()["added"] == 1
    assert "Röhrenbläser" in names((await families(chief))["NW-RV"])
    for name, content in (
        ("a.csv", "name\nx\n"),
        ("a.csv", "name,family\n,NW-RV\n"),
        ("a.yml", "nlu: {"),
        ("a.yml", "nlu:\n- intent: greet\n"),
    ):
        assert (await upload(chief, name, content, "yes")).json()["error"]["code"] == "bad_corpus", content
    unknown = await upload(chief, "a.csv", "name,family\nDing,NW-XX\nDong,NW-RV\n", "yes")
    assert unknown.status_code == 404
    assert "Dong" not in names((await families(chief))["NW-RV"]), "all of a file or nothing"


async def test_a_new_name_is_understood_after_the_next_promotion(
    office: Office, chief: Seat, project: Path
) -> None:
    async def version() -> str:
        asked = (await chief.post("/api/training")).json()
        return await run_training(office.system.database, asked["id"], project, office.clock)

    first = await version()
    assert (await chief.get("/api/training")).json()["untrained"] is False
    assert (await chief.post("/api/corpus/families/NW-RV/names", {"name": "Wummsding"})).status_code == 204
    assert (await chief.get("/api/training")).json()["untrained"] is True
    second = await version()
    assert second != first
    text = "das Wummsding brummt"
    before, after = await office.system.model.usable(first), await office.system.model.usable(second)
    assert [e.value for e in before.parse(text).entities] == []
    assert [(e.name, e.value) for e in after.parse(text).entities] == [("family", "NW-RV")]


async def test_an_added_intent_is_renamed_with_all_that_hangs_on_it(office: Office, chief: Seat) -> None:
    await chief.post("/api/corpus/intents", {"name": "fire_dmper"})
    example = {"text": "klappe klemmt", "intent": "fire_dmper", "language": "de"}
    await chief.post("/api/corpus/examples", example)
    await chief.send("PUT", "/api/answers/fire_dmper/de", {"text": "Hebel drehen.", "version": 0})
    path = "/api/corpus/intents/fire_dmper"
    assert (await chief.send("PUT", path, {"name": "Fire Damper"})).status_code == 422
    assert (await chief.send("PUT", path, {"name": "greet"})).json()["error"]["code"] == "same_intent"
    shipped = await chief.send("PUT", "/api/corpus/intents/greet", {"name": "hello"})
    assert shipped.json()["error"]["code"] == "shipped_intent"
    assert (await chief.send("PUT", path, {"name": "fire_damper"})).status_code == 204
    intents = (await chief.get("/api/corpus/intents")).json()["intents"]
    known = {one["name"]: (one["examples"], one["removed"]) for one in intents}
    assert known["fire_damper"] == (1, False) and known["fire_dmper"] == (0, True)
    first = (await chief.get("/api/answers")).json()["answers"][0]
    assert (first["key"], first["texts"]["de"]["text"]) == ("fire_damper", "Hebel drehen.")
    async with office.system.database.read() as conn:
        await office.system.catalogue.refresh(conn)
    assert office.system.catalogue.answers("fire_dmper", "de"), "as long as the model says the old name"
    assert (await chief.send("PUT", path, {"name": "other"})).status_code == 404


async def test_the_shipped_names_survive_a_journey(database_url: str, tmp_path: Path, clock: Any) -> None:
    shipped = REPOSITORY / "nlu" / "project"
    async with open_office(database_url, tmp_path, clock, nlu_project=shipped) as office:
        chief = await office.seat(role="admin")
        table = (await chief.get("/api/corpus/families/export?format=csv")).text
        same = (await upload(chief, "families.csv", table, "yes")).json()
        assert same["added"] == 0 and same["same"] > 50
