"""The live stream: nothing is lost, whatever the order of commits and however often one reconnects."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from uuid import uuid4

import httpx
from sqlalchemy import func, insert, select

from bot.notices import Notices
from bot.storage import events
from bot.storage.events import NewEvent, Position
from bot.storage.messages import NewMessage
from bot.storage.tables import Event
from handoff.batch import Batch, Behind
from tests.office import Office, Seat, listening, served


def browser(seat: Seat, url: str) -> httpx.AsyncClient:
    """The same browser, but over a real connection."""
    return httpx.AsyncClient(base_url=url, cookies=dict(seat.client.cookies))


async def told_of(office: Office, message_id: int) -> Position:
    """Wait until the reader has come to a message: an event is settled only once all before it are."""
    async with aclosing(office.system.live.follow(Position(0, 0))) as stream:
        async for heard in stream:
            if isinstance(heard, Batch) and message_id in {one.message.id for one in heard.messages}:
                return heard.position
    raise AssertionError("the stream has ended")


async def test_agents_see_what_happens(office: Office) -> None:
    anna = await office.seat("Anna")
    conversation_id = await office.conversation()
    head = (await anna.get("/api/queue")).json()["head"]
    async with (
        served(office) as url,
        browser(anna, url) as client,
        listening(client, f"/api/stream?after={head}") as stream,
    ):
        await anna.post(f"/api/conversations/{conversation_id}/take")
        card = (await stream.until("card", id=conversation_id)).data
        assert card["turn"] == "AGENT" and card["agent"]["name"] == "Anna"
        assert (await stream.until("message", author="system")).data["text"] == "taken"
        sent = (await anna.reply(conversation_id, "Hallo")).json()
        assert (await stream.until("message", id=sent["id"])).data["delivery"]["state"] == "queued"


async def test_who_reconnects_gets_everything_they_missed(office: Office) -> None:
    anna = await office.seat()
    conversation_id = await office.conversation()
    head = (await anna.get("/api/queue")).json()["head"]
    async with served(office) as url, browser(anna, url) as client:
        async with listening(client, f"/api/stream?after={head}") as stream:
            await office.say(conversation_id, NewMessage("installer", text="vorher"))
            await stream.until("message", text="vorher")
            seen = stream.last_id
        assert seen is not None
        missed = {await office.say(conversation_id, NewMessage("installer", text=f"{n}")) for n in range(20)}
        async with listening(client, "/api/stream?after=0.0", headers={"Last-Event-ID": seen}) as stream:
            last = await office.say(conversation_id, NewMessage("installer", text="nachher"))
            got = set()
            while last not in got:
                told = await stream.next()
                assert told is not None
                if told.event == "message":
                    assert told.data["text"] != "vorher", "what was seen is not told again"
                    got.add(told.data["id"])
            assert got == missed | {last}


async def test_nothing_is_lost_when_commits_come_in_another_order_than_ids(office: Office) -> None:
    conversation_id = await office.conversation()
    head = await told_of(office, await office.say(conversation_id, NewMessage("installer", text="da?")))
    stream = office.system.live.follow(head)
    early = insert(Event).values(
        kind="conversation.changed", actor="bot", conversation_id=conversation_id, data={}
    )
    slow = await office.system.database.engine.connect()
    await slow.execute(early)  # has its id and transaction number, but is not committed
    message_id = await office.say(conversation_id, NewMessage("installer", text="überholt"))
    fetching = asyncio.ensure_future(anext(stream))
    done, _ = await asyncio.wait([fetching], timeout=0.3)
    assert not done, "nothing may be told while something before it can still appear"
    await slow.commit()
    await slow.close()
    batch = await fetching
    assert isinstance(batch, Batch)
    assert [placed.card.id for placed in batch.cards] == [conversation_id]
    assert [placed.message.id for placed in batch.messages] == [message_id]
    await stream.aclose()


async def test_an_object_that_changed_often_is_told_once_in_its_newest_state(office: Office) -> None:
    conversation_id = await office.conversation()
    head = await told_of(office, await office.say(conversation_id, NewMessage("installer", text="da?")))
    async with office.system.database.begin() as conn:
        await events.append_all(
            conn, [NewEvent("conversation.changed", "bot", conversation_id) for _ in range(50)]
        )
    batch = await anext(office.system.live.follow(head))
    assert isinstance(batch, Batch) and len(batch.cards) == 1


async def test_who_is_too_far_behind_is_told_to_load_again(office: Office) -> None:
    anna = await office.seat()
    conversation_id = await office.conversation()
    head = (await anna.get("/api/queue")).json()["head"]
    async with office.system.database.begin() as conn:
        for _ in range(9):
            await events.append_all(
                conn, [NewEvent("conversation.changed", "bot", conversation_id) for _ in range(500)]
            )
    async with office.system.database.read() as conn:
        newest = (await conn.execute(select(func.max(Event.id)))).scalar_one()
    async with aclosing(office.system.live.follow(Position.parse(head))) as stream_of_all:
        async for heard in stream_of_all:
            if heard is not None and heard.position.id == newest:
                break
    async with served(office) as url, browser(anna, url) as client:
        async with listening(client, f"/api/stream?after={head}") as stream:
            told = await stream.until("reset")
            assert told.id is not None and Position.parse(told.id) > Position.parse(head)
        async with listening(client, "/api/stream", headers={"Last-Event-ID": told.id}) as stream:
            await office.say(conversation_id, NewMessage("installer", text="weiter"))
            assert (await stream.until("message")).data["text"] == "weiter"


async def test_who_is_too_slow_is_told_to_load_again_and_goes_on(office: Office) -> None:
    conversation_id = await office.conversation()
    quick, slow = office.system.live.follow(None), office.system.live.follow(None)
    waiting = [asyncio.ensure_future(anext(stream)) for stream in (quick, slow)]
    await asyncio.sleep(0)
    for number in range(110):
        message_id = await office.say(conversation_id, NewMessage("installer", text=str(number)))
        seen: set[int] = set()
        while message_id not in seen:
            batch = await waiting[0]
            assert isinstance(batch, Batch)
            seen = {placed.message.id for placed in batch.messages}
            waiting[0] = asyncio.ensure_future(anext(quick))
    assert isinstance(await waiting[1], Batch)
    assert isinstance(await anext(slow), Behind)
    after = await anext(slow)
    assert isinstance(after, Batch), "what came after goes on in order"
    waiting[0].cancel()
    await asyncio.gather(waiting[0], return_exceptions=True)
    await quick.aclose()
    await slow.aclose()


async def test_streams_end_at_once_when_the_server_stops(office: Office) -> None:
    anna = await office.seat()
    async with (
        served(office) as url,
        browser(anna, url) as client,
        listening(client, "/api/stream") as stream,
    ):
        waiting = asyncio.ensure_future(stream.next())
        await asyncio.sleep(0)
        office.system.live.stop()
        assert await asyncio.wait_for(waiting, 5) is None


async def test_notices_and_typing(office: Office) -> None:
    anna, chief = await office.seat(), await office.seat(role="admin")
    conversation_id = await office.conversation()
    async with (
        served(office) as url,
        browser(anna, url) as one,
        browser(chief, url) as other,
        listening(one, "/api/stream") as ours,
        listening(other, "/api/stream") as theirs,
    ):
        await office.say(conversation_id, NewMessage("installer", text="da?"))
        await asyncio.gather(ours.until("message"), theirs.until("message"))
        await Notices(office.system.database).show("telegram", "The token is wrong.")
        (notice,) = (await theirs.until("notice")).data["notices"]
        assert (notice["key"], notice["text"]) == ("telegram", "The token is wrong.")
        async with office.system.database.begin() as conn:
            await events.append(
                conn,
                kind="typing",
                actor="installer",
                conversation_id=conversation_id,
                data={"by": "installer", "endpoint": 1},
            )
        told = await ours.next()
        assert told is not None and told.event == "typing", "notices are not for agents"
        assert told.data == {"conversation_id": conversation_id}


async def test_bad_positions_are_bad_input(office: Office) -> None:
    anna = await office.seat()
    for after in ("x", "1", "1.", "1.x", "-1.2"):
        answer = await anna.get("/api/stream", params={"after": after})
        assert answer.status_code == 422 and answer.json()["error"]["code"] == "bad_position"


async def test_note_reaches_colleagues_at_once(office: Office) -> None:
    anna, david = await office.seat(), await office.seat()
    conversation_id = await office.conversation()
    async with (
        served(office) as url,
        browser(anna, url) as client,
        listening(client, "/api/stream") as stream,
    ):
        note = {"key": str(uuid4()), "text": "Achtung"}
        await david.post(f"/api/conversations/{conversation_id}/note", note)
        assert (await stream.until("message", author="note")).data["text"] == "Achtung"
