"""What admins do: the team, the answers, the quarantine."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.storage.inbox import Arrival
from tests.office import PASSWORD, Office, Seat

NEW = {"name": "David Sommer", "email": "david@nordwind.example", "role": "agent", "password": PASSWORD}


async def test_new_agents_can_sign_in(office: Office) -> None:
    chief = await office.seat(role="admin")
    created = await chief.post("/api/agents", NEW)
    assert created.status_code == 201 and created.json()["active"] is True
    assert "password" not in created.text
    assert (await office.sign_in("david@nordwind.example")).agent["role"] == "agent"
    again = await chief.post("/api/agents", {**NEW, "email": "DAVID@nordwind.example"})
    assert again.status_code == 409 and again.json()["error"]["code"] == "email_taken"
    team = (await chief.get("/api/agents")).json()["agents"]
    assert [agent["name"] for agent in team] == ["Anna Keller", "David Sommer"]


async def test_bad_agents_are_refused_in_plain_words(office: Office) -> None:
    chief = await office.seat(role="admin")
    for change, code in (
        ({"password": "short"}, "bad_password"),
        ({"email": "no-address"}, "bad_email"),
        ({"name": "  "}, "bad_name"),
        ({"role": "boss"}, "bad_input"),
        ({"rights": "all"}, "bad_input"),
    ):
        answer = await chief.post("/api/agents", NEW | change)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    assert (await chief.send("PATCH", "/api/agents/4711", {"name": "x"})).status_code == 404


async def test_the_last_active_admin_stays(office: Office) -> None:
    one, two = await office.seat("Eins", "admin"), await office.seat("Zwei", "admin")
    answers = await asyncio.gather(
        one.send("PATCH", f"/api/agents/{one.id}", {"role": "agent"}),
        two.send("PATCH", f"/api/agents/{two.id}", {"active": False}),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.json()["error"]["code"] == "last_admin"


async def test_a_new_password_ends_all_other_sessions(office: Office) -> None:
    chief, anna = await office.seat(role="admin"), await office.seat()
    second = await office.sign_in(chief.agent["email"])
    for seat in (anna, chief):
        answer = await chief.send("PATCH", f"/api/agents/{seat.id}", {"password": "another-password"})
        assert answer.status_code == 200
    assert (await anna.get("/api/session")).status_code == 401
    assert (await second.get("/api/session")).status_code == 401
    assert (await chief.get("/api/session")).status_code == 200


async def answer(seat: Seat, key: str, language: str = "de") -> Any:
    answers = (await seat.get("/api/answers")).json()["answers"]
    return next(entry for entry in answers if entry["key"] == key)["texts"][language]


async def test_an_answer_can_be_reworded_and_taken_back(office: Office) -> None:
    chief = await office.seat("Chefin", "admin")
    original = (await answer(chief, "agent_joined"))["original"]
    saved = await chief.send("PUT", "/api/answers/agent_joined/de", {"text": "{agent} ist da.", "version": 0})
    assert saved.status_code == 200
    now = await answer(chief, "agent_joined")
    assert (now["text"], now["version"], now["edited_by"]) == ("{agent} ist da.", 1, "Chefin")
    conversation_id = await office.conversation()
    await chief.post(f"/api/conversations/{conversation_id}/take")
    view = (await chief.get(f"/api/conversations/{conversation_id}")).json()
    assert view["messages"][-1]["text"] == "Chefin ist da.", "it is what the bot says from now on"
    restored = await chief.send("DELETE", "/api/answers/agent_joined/de")
    assert restored.json()["texts"]["de"]["text"] == original
    assert restored.json()["texts"]["de"]["version"] == 2
    assert (await answer(chief, "agent_joined", "en"))["version"] == 0


async def test_two_edits_do_not_overwrite_each_other(office: Office) -> None:
    one, two = await office.seat("Eins", "admin"), await office.seat("Zwei", "admin")
    answers = await asyncio.gather(
        *(
            seat.send("PUT", "/api/answers/thanks/de", {"text": f"Gern, {n}", "version": 0})
            for n, seat in enumerate((one, two))
        )
    )
    assert sorted(a.status_code for a in answers) == [200, 409]
    refused = next(a.json()["error"] for a in answers if a.status_code == 409)
    assert refused["code"] == "changed" and refused["version"] == 1
    assert refused["text"] == (await answer(one, "thanks"))["text"]


async def test_wordings_that_cannot_work_are_refused(office: Office) -> None:
    chief = await office.seat(role="admin")
    for text, code in (
        ("Hallo {wetter}", "unknown_variable"),
        ("Hallo {agent", "broken_variable"),
        ("Hallo {agent.name}", "broken_variable"),
        ("  ", "empty_answer"),
        ("x" * 1501, "answer_too_long"),
    ):
        body = {"text": text, "version": 0}
        refused = await chief.send("PUT", "/api/answers/agent_joined/de", body)
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, code)
        tried = await chief.post(
            "/api/answers/agent_joined/de/preview", {"text": text, "channel": "whatsapp"}
        )
        assert tried.json()["error"]["code"] == code
    assert (
        await chief.send("PUT", "/api/answers/nothing/de", {"text": "x", "version": 0})
    ).status_code == 404
    assert (await chief.send("DELETE", "/api/answers/nothing/de")).status_code == 404
    assert (await chief.send("DELETE", "/api/answers/thanks/fr")).status_code == 422


async def test_preview_shows_samples(office: Office) -> None:
    chief = await office.seat(role="admin")
    body = {"text": "{{Hinweis}} {agent} kommt.", "channel": "telegram"}
    shown = await chief.post("/api/answers/agent_joined/en/preview", body)
    assert shown.json() == {"parts": ["{Hinweis} Anna Keller kommt."]}


async def test_quarantine_is_listed_and_can_be_read_again(office: Office) -> None:
    chief = await office.seat(role="admin")
    await office.system.intake.accept(Arrival("webchat", "x", b"{no json", None, "no message"))
    (item,) = (await chief.get("/api/quarantine")).json()["items"]
    assert (item["channel"], item["reason"], item["size"]) == ("webchat", "no message", 8)
    tried = (await chief.post(f"/api/quarantine/{item['id']}/replay")).json()
    assert tried["state"] == "quarantined" and tried["reason"]
    assert (await chief.post("/api/quarantine/4711/replay")).status_code == 404


async def test_demo_logins_are_shown_only_in_a_demo(office: Office) -> None:
    demo = (await office.browser().get("/api/demo")).json()
    assert demo["demo"] is True and demo["logins"][0]["password"]
