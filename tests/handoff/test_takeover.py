"""Taking over and giving up: one agent wins, everybody is told, nothing happens twice."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import select, update

from bot.dialogue import Dialogue, write_dialogue
from bot.messages import Outbound
from bot.outbox import enqueue
from bot.storage.messages import NewMessage
from bot.storage.tables import Conversation, DeliveryPart, Event, Message
from tests.office import Office, Seat


async def act(seat: Seat, conversation_id: int, action: str) -> Any:
    return await seat.post(f"/api/conversations/{conversation_id}/{action}")


async def lines(office: Office, conversation_id: int) -> list[tuple[str, str]]:
    async with office.system.database.read() as conn:
        rows = await conn.execute(
            select(Message.author, Message.text)
            .where(Message.conversation_id == conversation_id)
            .order_by(Message.id)
        )
        return [(row.author, row.text) for row in rows]


async def test_two_clicks_at_once_one_wins_and_the_other_is_told_by_whom(office: Office) -> None:
    anna, david = await office.seat("Anna Keller"), await office.seat("David Sommer")
    for _ in range(10):
        conversation_id = await office.conversation()
        answers = await asyncio.gather(
            act(anna, conversation_id, "take"), act(david, conversation_id, "take")
        )
        winner = next(a.json() for a in answers if a.status_code == 200)
        loser = next(a.json() for a in answers if a.status_code == 409)
        assert winner["turn"] == "AGENT" and winner["epoch"] == 2
        assert loser["error"]["code"] == "taken" and loser["error"]["agent"] == winner["agent"]


async def test_taking_keeps_the_promise_and_tells_the_installer_once(office: Office) -> None:
    anna = await office.seat("Anna Keller")
    conversation_id = await office.conversation()
    card = (await act(anna, conversation_id, "take")).json()
    assert card["agent"] == {"id": anna.id, "name": "Anna Keller"}
    assert card["waiting_since"] is None and card["due_at"] is None and card["overdue"] is False
    assert card["reasons"], "why it came here is still worth knowing"
    again = await act(anna, conversation_id, "take")
    assert again.status_code == 200 and again.json()["epoch"] == card["epoch"]
    said = await lines(office, conversation_id)
    assert said[1:] == [("system", "taken"), ("bot", "Anna Keller aus unserem Team ist jetzt für Sie da.")]


async def test_what_the_bot_still_wanted_to_say_is_thrown_away_on_taking(office: Office) -> None:
    anna = await office.seat()
    conversation_id = await office.conversation(turn="BOT")
    message_id = await office.say(conversation_id, NewMessage("installer", text="?"))
    async with office.system.database.begin() as conn:
        await enqueue(
            conn,
            office.system.channels.by_name["telegram"],
            endpoint_id=await office.endpoint(conversation_id),
            message_id=message_id,
            outbound=Outbound("Das wäre zu spät"),
            epoch=0,
        )
        thread = (await conn.execute(select(Message.endpoint_id))).scalars().first()
    assert thread is not None
    await act(anna, conversation_id, "take")
    card = (await anna.get(f"/api/conversations/{conversation_id}")).json()["card"]
    part = await office.system.outbox.next(f"telegram:{card['who']['address']}")
    assert part is not None and part.stale
    following = (await office.system.outbox.send(f"telegram:{card['who']['address']}", part)).next
    assert following is not None and not following.stale  # the word that Anna is here now


async def test_giving_back_lets_the_bot_start_afresh(office: Office) -> None:
    anna = await office.seat()
    conversation_id = await office.conversation(urgency=2)
    async with office.system.database.begin() as conn:
        state = write_dialogue(Dialogue(intent="wiring", expecting="family", failed=1, greeted=True))
        await conn.execute(update(Conversation).values(state=state))
    await act(anna, conversation_id, "take")
    card = (await act(anna, conversation_id, "return")).json()
    assert (card["turn"], card["agent"], card["urgency"], card["reasons"]) == ("BOT", None, 0, [])
    async with office.system.database.read() as conn:
        state = (await conn.execute(select(Conversation.state))).scalar_one()
    assert state == {"greeted": True}
    assert [text for author, text in await lines(office, conversation_id) if author == "system"] == [
        "taken",
        "returned",
    ]


async def test_only_the_holder_or_an_admin_gives_up_a_conversation(office: Office) -> None:
    anna, david, chief = (
        await office.seat("Anna"),
        await office.seat("David"),
        await office.seat(role="admin"),
    )
    for action, turn in (("return", "BOT"), ("resolve", "CLOSED")):
        conversation_id = await office.conversation()
        await act(anna, conversation_id, "take")
        refused = await act(david, conversation_id, action)
        assert refused.status_code == 409 and refused.json()["error"]["code"] == "not_yours"
        assert refused.json()["error"]["agent"]["name"] == "Anna"
        assert (await act(chief, conversation_id, action)).json()["turn"] == turn


async def test_resolving_closes_and_may_be_repeated(office: Office) -> None:
    anna = await office.seat()
    conversation_id = await office.conversation()
    assert (await act(anna, conversation_id, "resolve")).json()["turn"] == "CLOSED"
    assert (await act(anna, conversation_id, "resolve")).status_code == 200
    said = await lines(office, conversation_id)
    assert said[1:] == [("system", "resolved")], "nobody had said a word to them, so nothing is announced"


async def test_closed_conversation_can_be_reopened_unless_there_is_a_newer_one(office: Office) -> None:
    anna = await office.seat()
    first = await office.conversation(address="4711")
    await act(anna, first, "resolve")
    assert (await act(anna, first, "take")).json()["turn"] == "AGENT"
    assert ("system", "reopened") in await lines(office, first)
    await act(anna, first, "resolve")
    second = await office.conversation(address="4711")
    refused = await act(anna, first, "take")
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "superseded"
    assert refused.json()["error"]["conversation_id"] == second


async def test_what_a_dismissed_agent_holds_goes_back_into_the_queue(office: Office) -> None:
    anna, chief = await office.seat("Anna"), await office.seat(role="admin")
    conversation_id = await office.conversation()
    await act(anna, conversation_id, "take")
    assert (await chief.send("PATCH", f"/api/agents/{anna.id}", {"active": False})).status_code == 200
    assert (await anna.get("/api/queue")).status_code == 401
    card = (await chief.get(f"/api/conversations/{conversation_id}")).json()["card"]
    assert card["turn"] == "WAITING" and card["agent"] is None and card["waiting_since"] is not None


async def test_every_change_of_turn_leaves_an_event(office: Office) -> None:
    anna = await office.seat("Anna Keller")
    conversation_id = await office.conversation()
    for action in ("take", "return", "take", "resolve"):
        await act(anna, conversation_id, action)
    async with office.system.database.read() as conn:
        rows = await conn.execute(select(Event).where(Event.kind == "turn.changed").order_by(Event.id))
        changes = [(row.actor, row.data["from"], row.data["to"]) for row in rows]
    me = f"agent:{anna.id}"
    assert changes == [
        (me, "WAITING", "AGENT"),
        (me, "AGENT", "BOT"),
        (me, "BOT", "AGENT"),
        (me, "AGENT", "CLOSED"),
    ]
    view = (await anna.get(f"/api/conversations/{conversation_id}")).json()
    assert [(e["actor"], e["text"]) for e in view["events"]] == [
        ("Anna Keller", "taken"),
        ("Anna Keller", "returned"),
        ("Anna Keller", "taken"),
        ("Anna Keller", "resolved"),
    ]


async def test_nothing_is_announced_where_the_channel_would_refuse_it(office: Office) -> None:
    anna = await office.seat()
    conversation_id = await office.conversation(channel="whatsapp", address="+491713920001")
    office.clock.forward(hours=25)
    anna = await office.sign_in(anna.agent["email"])
    assert (await act(anna, conversation_id, "take")).status_code == 200
    async with office.system.database.read() as conn:
        assert (await conn.execute(select(DeliveryPart.id))).first() is None


async def test_unknown_conversation(office: Office) -> None:
    anna = await office.seat()
    for action in ("take", "return", "resolve", "typing"):
        assert (await act(anna, 4711, action)).status_code == 404
