"""The corpus in the console: searched, changed, contradicted, taken in and given out."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import httpx

from nlu.corpus import read_corpus
from tests.office import Office, Seat
from tests.project import EXAMPLES


async def found(seat: Seat, **query: Any) -> list[dict[str, Any]]:
    answer = await seat.get("/api/corpus/examples", params=query)
    assert answer.status_code == 200, answer.text
    entries: list[dict[str, Any]] = answer.json()["entries"]
    return entries


def example(text: str, intent: str = "greet", **more: Any) -> dict[str, Any]:
    return {"text": text, "intent": intent, "language": "de", **more}


async def upload(seat: Seat, name: str, content: str, **fields: str) -> httpx.Response:
    form: list[tuple[str, Any]] = [(key, (None, value)) for key, value in fields.items()]
    return await seat.client.post(
        "/api/corpus/import",
        files=[("file", (name, content.encode())), *form],
        headers={"X-CSRF-Token": seat.csrf},
    )


async def test_agents_see_intents_and_nothing_else(office: Office) -> None:
    anna = await office.seat()
    intents = (await anna.get("/api/corpus/intents")).json()["intents"]
    assert {entry["name"]: entry["examples"] for entry in intents} == {
        intent: len(texts) for intent, texts in EXAMPLES.items()
    }
    for path in ("examples", "contradictions", "export"):
        assert (await anna.get(f"/api/corpus/{path}")).status_code == 403
    assert (await anna.post("/api/corpus/examples", example("servus"))).status_code == 403
    assert (await upload(anna, "a.csv", "text,intent\nx,greet\n")).status_code == 403


async def test_texts_are_searched(chief: Seat) -> None:
    assert [e["text"] for e in await found(chief, q="KLEMME für", intent="wiring")] == [
        "welche klemme für 0-10v"
    ]
    assert await found(chief, q="klemme", intent="greet") == []


async def test_a_text_is_added_moved_removed_and_restored(chief: Seat) -> None:
    added = (await chief.post("/api/corpus/examples", example("  servus   beinand", urgency=0))).json()
    assert (added["text"], added["source"], added["urgency"]) == ("servus beinand", "console", 0)
    again = await chief.post("/api/corpus/examples", example("SERVUS beinand", "wiring"))
    assert again.status_code == 409 and again.json()["error"]["intent"] == "greet"
    (shipped,) = await found(chief, q="moin")
    moved = await chief.send("PUT", f"/api/corpus/examples/{shipped['key']}", example("moin", "wiring"))
    assert (moved.status_code, moved.json()["intent"]) == (200, "wiring")
    (now,) = await found(chief, q="moin")
    assert (now["intent"], now["was"], now["by"]) == ("wiring", "greet", "Chefin")
    reworded = await chief.send("PUT", f"/api/corpus/examples/{added['key']}", example("servus miteinander"))
    assert reworded.status_code == 200
    assert [e["text"] for e in await found(chief, source="changed")] == ["servus miteinander", "moin"]
    assert (await chief.send("DELETE", f"/api/corpus/examples/{shipped['key']}")).status_code == 204
    assert await found(chief, q="moin") == []
    assert [e["text"] for e in await found(chief, source="removed")] == ["moin"]
    assert (await chief.post(f"/api/corpus/examples/{shipped['key']}/restore")).status_code == 204
    (back,) = await found(chief, q="moin")
    assert (back["intent"], back["source"]) == ("greet", "shipped")


async def test_bad_texts_are_refused(chief: Seat) -> None:
    for body, code in (
        (example("   "), "bad_example"),
        (example("x" * 1001), "bad_input"),
        (example("x", "nothing"), "no_intent"),
        ({**example("x"), "language": "fr"}, "bad_input"),
        (example("x", urgency=3), "bad_input"),
        (example("a\x00b"), "bad_input"),
    ):
        answer = await chief.post("/api/corpus/examples", body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    missing = f"/api/corpus/examples/{'0' * 32}"
    assert (await chief.send("PUT", missing, example("x"))).status_code == 404
    assert (await chief.send("DELETE", missing)).status_code == 404
    assert (await chief.post(f"{missing}/restore")).status_code == 404


async def test_intents_are_added_and_removed_again(chief: Seat) -> None:
    for name, status in (("fire_damper", 204), ("fire_damper", 409), ("Fire damper", 422)):
        assert (await chief.post("/api/corpus/intents", {"name": name})).status_code == status
    assert (
        await chief.post("/api/corpus/examples", example("bsk auslösen", "fire_damper"))
    ).status_code == 201
    assert (await chief.send("DELETE", "/api/corpus/intents/greet")).json()["error"][
        "code"
    ] == "shipped_intent"
    assert (await chief.send("DELETE", "/api/corpus/intents/fire_damper")).status_code == 204
    assert (
        await chief.post("/api/corpus/examples", example("brandschutz", "fire_damper"))
    ).status_code == 422


async def test_contradictions_are_shown(chief: Seat) -> None:
    assert (await chief.get("/api/corpus/contradictions")).json()["contradictions"] == []
    await chief.post("/api/corpus/examples", example("wo ist denn die klemme L", "greet"))
    (one,) = (await chief.get("/api/corpus/contradictions")).json()["contradictions"]
    assert {one["first"]["intent"], one["second"]["intent"]} == {"greet", "wiring"}


async def test_a_file_is_shown_first_and_then_taken_in(chief: Seat) -> None:
    file = "text,intent\nservus,greet\nmoin,wiring\nhallo,greet\nwo ist die klemme N,greet\n"
    shown = (await upload(chief, "a.csv", file)).json()
    assert (shown["added"], shown["moved"], shown["same"], shown["applied"]) == (2, 1, 1, False)
    assert [(m["text"], m["other"]["intent"]) for m in shown["moves"]] == [("moin", "greet")]
    assert {near["text"] for near in shown["near"]} == {"wo ist die klemme N"}
    assert await found(chief, source="changed") == []
    assert (await upload(chief, "a.csv", file, apply="yes")).json()["applied"] is True
    assert {e["text"]: e["intent"] for e in await found(chief, source="import")} == {
        "servus": "greet",
        "moin": "wiring",
        "wo ist die klemme N": "greet",
    }


async def test_a_bad_file_changes_nothing_and_says_where(chief: Seat) -> None:
    for name, content, words in (
        ("a.csv", "text,intent\nservus,greet\nx,nothing\n", "a.csv:3: unknown intent"),
        ("a.csv", "text,intent\nx,greet\nX,wiring\n", "same text stands under greet"),
        ("b.yml", "nlu:\n- intent: greet\n  examples: |\n    servus\n", "b.yml:4: expected a line"),
        ("b.yml", "x" * 3_000_000, "b.yml:1: expected 'nlu:'"),
    ):
        refused = await upload(chief, name, content, apply="yes")
        assert refused.status_code == 422 and words in refused.json()["error"]["message"]
    assert await found(chief, source="changed") == []


async def test_what_goes_out_can_be_trained_on(chief: Seat, tmp_path: Path) -> None:
    await chief.post("/api/corpus/examples", example("servus [beinand]"))
    answer = await chief.get("/api/corpus/export")
    assert answer.headers["content-type"] == "application/zip"
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path / "out")
    corpus = read_corpus(tmp_path / "out")
    assert ("servus [beinand]", "greet") in {(e.text, e.intent) for e in corpus.examples}
    table = await chief.get("/api/corpus/export", params={"format": "csv"})
    assert "servus [beinand],greet,de" in table.text
