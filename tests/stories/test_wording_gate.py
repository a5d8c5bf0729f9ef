"""Before an answer is said in other words: which past replies would read differently, and what would flip."""

from __future__ import annotations

from typing import Any

from tests.stories.stage import Agent, Stage
from tests.stories.test_reviews import FireDampers, dampers

__all__ = ["FireDampers", "dampers"]

DAMPER = "Wie löse ich die Brandschutzklappe aus?"


async def effect(agent: Agent, key: str, text: str, language: str = "de") -> dict[str, Any]:
    answer = await agent.client.post(f"/api/answers/{key}/{language}/replay", json={"text": text})
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


async def test_past_replies_are_shown_in_both_wordings(stage: Stage) -> None:
    thomas, sandra = await stage.installer("Thomas Müller"), await stage.installer("Sandra Wolff")
    await thomas.says("Danke für die schnelle Hilfe!")
    await sandra.says("Ich möchte mit einem Menschen sprechen")
    anna = await stage.agent()
    found = await effect(anna, "handoff_human", "Es meldet sich {promise} jemand.")
    assert (found["conversations"], found["turns"], found["said_in"]) == (2, 2, 1)
    (reading,) = found["readings"]
    assert reading["excerpt"] == "Ich möchte mit einem Menschen sprechen"
    assert reading["old"].startswith("Gern. Jemand aus unserem Team meldet sich heute bis 14:30 Uhr")
    assert reading["new"] == "Es meldet sich heute bis 14:30 Uhr jemand."
    assert found["flips"] == [] and found["blocked"] is False
    never = await effect(anna, "goodbye", "Tschüss.")
    assert (never["said_in"], never["changed"]) == (0, 0)
    assert (await effect(anna, "handoff_human", "", "en"))["said_in"] == 0


async def test_a_safety_line_without_its_words_is_stopped(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    await thomas.says("Aus dem Lüfter kommt Rauch!")
    anna = await stage.agent()
    bad = "Wir kommen. Telefon: {phone}"
    found = await effect(anna, "handoff_emergency", bad)
    assert found["blocked"] is True and found["missing"] == ["Strom", "Abstand", "112"]
    assert found["readings"][0]["new"].startswith("Wir kommen.")
    refused = await anna.client.put("/api/answers/handoff_emergency/de", json={"text": bad, "version": 0})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "safety_line")
    good = "Strom aus, Abstand halten, bei Gefahr 112! Wir sind gleich da: {phone}"
    saved = await anna.client.put("/api/answers/handoff_emergency/de", json={"text": good, "version": 0})
    assert saved.status_code == 200
    other = await stage.installer("Kevin Lange")
    assert (await other.says("Es brennt im Schaltschrank!")).startswith("Strom aus, Abstand halten")


async def test_words_for_an_added_intent_flip_its_decisions_and_back(dampers: Stage) -> None:
    thomas = await dampers.installer("Thomas Müller")
    await thomas.says(DAMPER)
    assert await thomas.holder() == "waiting"
    anna = await dampers.agent()
    path = "/api/answers/fire_damper/de"
    words = "Drehen Sie den Hebel auf „Auf“, bis es klickt."
    assert (await anna.client.put(path, json={"text": words, "version": 0})).status_code == 404
    assert (await anna.client.post("/api/corpus/intents", json={"name": "fire_damper"})).status_code == 204
    first = (await anna.client.get("/api/answers")).json()["answers"][0]
    assert (first["key"], first["texts"]["de"]["original"], first["variables"]) == ("fire_damper", "", [])

    found = await effect(anna, "fire_damper", words)
    (flip,) = found["flips"]
    assert (flip["old"]["action"], flip["new"]["action"]) == ("handoff", "answer")
    assert found["readings"][0]["new"].endswith(words)
    unknown = await anna.client.put(path, json={"text": "{name}, bitte", "version": 0})
    assert unknown.json()["error"]["code"] == "unknown_variable"
    assert (await anna.client.put(path, json={"text": words, "version": 0})).status_code == 200

    sandra = await dampers.installer("Sandra Wolff")
    assert (await sandra.says(DAMPER)).endswith(words)
    assert await sandra.holder() == "bot"

    gone = await effect(anna, "fire_damper", "")
    assert {(flip["old"]["action"], flip["new"]["action"]) for flip in gone["flips"]} == {
        ("answer", "handoff")
    }
    assert (await anna.client.delete(path)).status_code == 200
    await sandra.says(DAMPER)
    assert await sandra.holder() == "waiting"
