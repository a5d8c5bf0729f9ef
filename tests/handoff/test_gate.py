"""The gate: what flips is shown, a lost emergency shuts it, and a person's word opens it again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.model import describe
from bot.storage import conversations, corpus, events, model_versions
from bot.storage.messages import NewMessage
from bot.training import run_training
from nlu.corpus import read_corpus
from nlu.linear import LinearUnderstander
from nlu.overlay import Change
from tests.conftest import Clock
from tests.office import Office, Seat, open_office


async def said(office: Office, text: str, intent: str, action: str, urgency: int) -> int:
    """A turn as it was recorded; returns its conversation."""
    conversation_id = await office.conversation(turn="BOT", text="Hallo")
    office.clock.forward(seconds=1)
    recorded = {
        "intent": intent,
        "confidence": 0.9,
        "sure": True,
        "urgency": urgency,
        "decision": {"intent": intent, "action": action, "urgency": urgency, "reasons": []},
        "before": {},
    }
    await office.say(conversation_id, NewMessage("installer", text=text, understanding=recorded))
    return conversation_id


async def version(office: Office, chief: Seat, project: Path) -> str:
    asked = (await chief.post("/api/training")).json()
    return await run_training(office.system.database, asked["id"], project, office.clock)


async def test_a_lost_emergency_shuts_the_gate_until_a_person_says_it_was_none(
    office: Office, chief: Seat, project: Path
) -> None:
    await said(office, "hier kommt rauch aus dem gerät", "emergency", "handoff", 2)
    lost = await said(office, "hallo zusammen", "emergency", "handoff", 2)
    name = await version(office, chief, project)
    shown = (await chief.post(f"/api/training/versions/{name}/replay")).json()
    assert shown["blocked"] is True and shown["turns"] == 2
    first = shown["flips"][0]
    assert (first["conversation_id"], first["blocks"]) == (lost, True)
    assert first["excerpt"].endswith("hallo zusammen")
    assert (first["old"]["urgency"], first["new"]["urgency"]) == (2, 0)
    refused = await chief.post(f"/api/training/versions/{name}/promote")
    error = refused.json()["error"]
    assert (refused.status_code, error["code"]) == (409, "lost_emergency")
    assert error["messages"] == [first["message_id"]]
    assert (await chief.get("/api/training")).json()["live"] is None
    corrected = await chief.send("PUT", f"/api/messages/{first['message_id']}/intent", {"intent": "greet"})
    assert corrected.status_code == 204
    promoted = await chief.post(f"/api/training/versions/{name}/promote")
    assert promoted.status_code == 200 and promoted.json()["blocked"] is False
    assert (await chief.get("/api/training")).json()["live"] == name


async def test_a_version_for_rasa_cannot_be_tried_where_rasa_is_not_installed(
    database_url: str, tmp_path: Path, clock: Clock, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    model = LinearUnderstander(read_corpus(project), "rasa-0123456789ab")
    new = replace(describe(model, read_corpus(project), ""), engine="rasa", rasa=b"a model")
    for engine, status in (("rasa", 409), ("linear", 200)):
        async with open_office(
            database_url, tmp_path, clock, nlu_project=project, nlu_engine=engine
        ) as office:
            async with office.system.database.begin() as conn:
                await model_versions.add(conn, new)
            chief = await office.seat("Chefin", "admin")
            answer = await chief.post(f"/api/training/versions/{new.name}/replay")
            assert answer.status_code == status
            assert status == 200 or answer.json()["error"]["code"] == "rasa_unavailable"


async def test_flips_that_lose_no_emergency_are_shown_and_let_through(
    office: Office, chief: Seat, project: Path
) -> None:
    await said(office, "welche klemme für 0-10v", "greet", "answer", 0)
    name = await version(office, chief, project)
    shown = (await chief.post(f"/api/training/versions/{name}/replay")).json()
    (flip,) = shown["flips"]
    assert (flip["old"]["intent"], flip["blocks"], shown["blocked"]) == ("greet", False, False)
    assert (await chief.post(f"/api/training/versions/{name}/promote")).status_code == 200
    assert (await chief.post("/api/training/versions/nothing/replay")).status_code == 404


async def test_a_step_back_passes_the_gate_unless_an_admin_puts_up_with_it(
    office: Office, chief: Seat, project: Path
) -> None:
    first = await version(office, chief, project)
    assert (await chief.post(f"/api/training/versions/{first}/promote")).status_code == 200
    async with office.system.database.begin() as conn:
        change = Change("servus beinand", "greet", "de")
        await corpus.put(conn, [change], source="console", agent_id=None, now=office.clock())
    second = await version(office, chief, project)
    assert (await chief.post(f"/api/training/versions/{second}/promote")).status_code == 200
    lost = await said(office, "hallo zusammen", "emergency", "handoff", 2)

    refused = await chief.post("/api/training/rollback")
    error = refused.json()["error"]
    assert (refused.status_code, error["code"]) == (409, "lost_emergency")
    assert error["conversations"] == [lost]
    assert (await chief.get("/api/training")).json()["live"] == second
    back = (await chief.post("/api/training/rollback", {"anyway": True})).json()
    assert back["live"] == first
    assert [promotion["lost"] for promotion in back["promotions"]] == [1, 0, 0]
    async with office.system.database.read() as conn:
        told = await events.read_after(conn, events.Position(0, 0))
    (data,) = [event.data for event in told if event.kind == "model.promoted" and "lost" in event.data]
    assert data == {"version": first, "kind": "rollback", "lost": error["messages"]}


async def test_costs_are_tried_saved_and_kept_apart(office: Office, chief: Seat) -> None:
    before = (await chief.get("/api/training/policy")).json()
    assert (before["version"], before["values"]) == (0, before["delivered"])
    wanted = {**before["values"], "missed_emergency": 80.0}
    tried = await chief.post("/api/training/policy/replay", {"values": wanted})
    assert tried.status_code == 200 and tried.json()["flips"] == []
    assert (await chief.get("/api/training/policy")).json()["version"] == 0, "trying saves nothing"
    saved = await chief.send("PUT", "/api/training/policy", {"values": wanted, "version": 0})
    assert saved.status_code == 200
    now = saved.json()
    assert now["values"]["missed_emergency"] == 80.0 and now["history"][0]["by"] == "Chefin"
    again = await chief.send("PUT", "/api/training/policy", {"values": wanted, "version": 0})
    assert again.json()["error"]["code"] == "changed"
    for values in ({"missed_emergency": 0}, {"nothing": 1}, {"give_up_after": 2.5}):
        refused = await chief.send(
            "PUT", "/api/training/policy", {"values": values, "version": now["version"]}
        )
        assert refused.status_code == 422


async def lines(seat: Seat, by: str) -> dict[str, dict[str, Any]]:
    found = (await seat.get("/api/training/handoffs")).raise_for_status().json()
    return {line["name"]: line for line in found[by]}


async def test_handoffs_are_judged_by_what_people_did(office: Office, chief: Seat) -> None:
    needless = await _handed_over(office, ["needs_person"])
    await chief.post(f"/api/conversations/{needless}/return")
    useful = await _handed_over(office, ["needs_person"])
    await chief.post(f"/api/conversations/{useful}/take")
    assert (await chief.reply(useful, "Ich kümmere mich.")).status_code == 201
    await chief.post(f"/api/conversations/{useful}/resolve")
    await _handed_over(office, ["human_request"], spoken=True)
    await _handed_over(office, ["human_request"])
    missed = await office.conversation(turn="BOT")
    await chief.post(f"/api/conversations/{missed}/take")
    await chief.reply(missed, "Hier übernehme ich.")
    taken = await office.conversation(turn="BOT")
    await chief.post(f"/api/conversations/{taken}/take")
    (line,) = (await lines(chief, "by_tier")).values()
    assert {key: line[key] for key in ("handoffs", "ended", "needless", "late", "missed")} == {
        "handoffs": 4,
        "ended": 2,
        "needless": 1,
        "late": 1,
        "missed": 1,
    }


async def _handed_over(office: Office, reasons: list[str], *, spoken: bool = False) -> int:

    conversation_id = await office.conversation(turn="BOT")
    if spoken:
        await office.say(conversation_id, NewMessage("bot", text="Womit kann ich helfen?"))
    office.clock.forward(minutes=1)
    async with office.system.database.begin() as conn:
        await events.append(
            conn,
            kind="handoff.opened",
            actor="bot",
            conversation_id=conversation_id,
            data={"reasons": reasons, "urgency": 0},
        )
        await conversations.change_turn(
            conn, conversation_id, to="WAITING", only_from=["BOT"], agent_id=None, now=office.clock()
        )
    return conversation_id
