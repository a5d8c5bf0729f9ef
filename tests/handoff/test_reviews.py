"""The review inbox: how messages get there, how they are labelled, and what comes of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from bot.storage import conversations, reviews
from bot.storage.messages import NewMessage
from tests.office import Office, Seat


async def heard(office: Office, said: str, *, confidence: float = 0.3, why: Any = "unsure") -> int:
    """Somebody's message that the engine has read, waiting for a review; returns its conversation."""
    conversation_id = await office.conversation(turn="BOT", text="Hallo")
    meaning = {"intent": "greet", "confidence": confidence, "sure": False, "urgency": 0}
    office.clock.forward(seconds=1)
    await office.say(conversation_id, NewMessage("installer", text=said, understanding=meaning))
    async with office.system.database.begin() as conn:
        await reviews.note_turn(conn, conversation_id, why)
    return conversation_id


async def inbox(seat: Seat) -> dict[str, Any]:
    answer = await seat.get("/api/reviews")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def taught(seat: Seat) -> dict[str, str]:
    answer = await seat.get("/api/corpus/examples", params={"source": "review"})
    return {entry["text"]: entry["intent"] for entry in answer.json()["entries"]}


async def test_nearly_same_messages_are_one_group_and_frequent_ones_come_first(
    office: Office, chief: Seat
) -> None:
    await heard(office, "ganz was anderes hier")
    for number in ("4500123456", "4500999999", "4500123457"):
        await heard(office, f"wo bleibt bestellung {number}")
    await heard(office, "alles klar soweit", confidence=0.9, why="sampled")
    found = await inbox(chief)
    assert (found["open"], found["done"]) == (5, 0)
    assert [len(group["ids"]) for group in found["groups"]] == [3, 1, 1]
    assert found["groups"][0]["text"] == "wo bleibt bestellung 0000000000"
    assert found["groups"][-1]["why"] == ["sampled"]
    assert found["groups"][0]["suggestions"][0] == {"intent": "greet", "confidence": 0.3}


async def test_a_label_becomes_an_example_and_can_be_taken_back(office: Office, chief: Seat) -> None:
    await heard(office, "hier ist Thomas Müller, wo bleibt 4500123456")
    ids = (await inbox(chief))["groups"][0]["ids"]
    done = await chief.post("/api/reviews/label", {"ids": ids, "intent": "wiring", "urgency": 1})
    assert done.json() == {"labelled": 1}
    assert await taught(chief) == {"hier ist Kim Muster, wo bleibt 0000000000": "wiring"}
    found = await inbox(chief)
    assert (found["open"], found["done"], found["groups"]) == (0, 1, [])
    again = await chief.post("/api/reviews/label", {"ids": ids, "intent": "greet"})
    assert again.status_code == 404
    assert (await chief.post("/api/reviews/undo", {"ids": ids})).status_code == 204
    assert await taught(chief) == {}
    assert (await inbox(chief))["groups"][0]["ids"] == ids


async def test_taking_back_a_new_label_of_a_changed_text_brings_the_change_back(
    office: Office, chief: Seat
) -> None:
    await chief.post("/api/corpus/examples", {"text": "bitte melden", "intent": "greet", "language": "de"})
    await heard(office, "Bitte melden")
    ids = (await inbox(chief))["groups"][0]["ids"]
    await chief.post("/api/reviews/label", {"ids": ids, "intent": "wiring"})
    assert await taught(chief) == {"Bitte melden": "wiring"}
    await chief.post("/api/reviews/undo", {"ids": ids})
    entries = (await chief.get("/api/corpus/examples", params={"q": "bitte melden"})).json()["entries"]
    assert [entry["intent"] for entry in entries] == ["greet"]


async def test_what_teaches_nothing_is_put_aside(office: Office, chief: Seat) -> None:
    await heard(office, "asdf qwer")
    ids = (await inbox(chief))["groups"][0]["ids"]
    assert (await chief.post("/api/reviews/dismiss", {"ids": ids})).status_code == 204
    assert (await inbox(chief))["open"] == 0
    assert await taught(chief) == {}
    await chief.post("/api/reviews/undo", {"ids": ids})
    assert (await inbox(chief))["open"] == 1


async def test_agents_may_only_correct_within_a_conversation(office: Office, chief: Seat) -> None:
    anna = await office.seat()
    assert (await anna.get("/api/reviews")).status_code == 403
    assert (await anna.post("/api/reviews/label", {"ids": [1], "intent": "greet"})).status_code == 403
    conversation_id = await heard(office, "wo ist der hut", why="sampled")
    view = (await anna.get(f"/api/conversations/{conversation_id}")).json()
    message_id = view["messages"][-1]["id"]
    path = f"/api/messages/{message_id}/intent"
    assert (await anna.send("PUT", path, {"intent": "nothing"})).status_code == 422
    assert (await anna.send("PUT", path, {"intent": "wiring"})).status_code == 204
    (group,) = (await inbox(chief))["groups"]
    assert group["said"] == "wiring" and group["suggestions"][0]["intent"] == "wiring"
    assert group["why"] == ["sampled", "corrected"]
    view = (await anna.get(f"/api/conversations/{conversation_id}")).json()
    assert view["messages"][-1]["understanding"]["corrected"] == "wiring"
    never_read = view["messages"][0]["id"]
    assert (
        await anna.send("PUT", f"/api/messages/{never_read}/intent", {"intent": "wiring"})
    ).status_code == 404
    assert (await anna.send("PUT", "/api/messages/4711/intent", {"intent": "wiring"})).status_code == 404


async def test_handing_back_asks_for_a_review(office: Office, chief: Seat) -> None:
    conversation_id = await office.conversation(text="x")
    meaning = {"intent": "greet", "confidence": 0.8, "sure": True, "urgency": 0}
    office.clock.forward(seconds=1)
    await office.say(conversation_id, NewMessage("installer", text="Moin zusammen", understanding=meaning))
    assert (await inbox(chief))["open"] == 0
    await chief.post(f"/api/conversations/{conversation_id}/return")
    (group,) = (await inbox(chief))["groups"]
    assert (group["why"], group["text"]) == (["handed_back"], "Moin zusammen")


async def test_what_is_forgotten_leaves_the_inbox(office: Office, chief: Seat) -> None:
    await heard(office, "vergiss mich")
    async with office.system.database.begin() as conn:
        (waiting,) = await reviews.unreviewed(conn)
        (placed,) = await office.system.cards.by_ids(conn, [waiting.conversation_id])
        card = placed.card
        await conversations.forget_endpoint(conn, card.channel, await _address(office, placed.endpoint_id))
    assert (await inbox(chief))["open"] == 0


async def _address(office: Office, endpoint_id: int) -> str:
    async with office.system.database.read() as conn:
        row = await conn.execute(text("SELECT address FROM endpoints WHERE id = :id"), {"id": endpoint_id})
        return str(row.scalar_one())
