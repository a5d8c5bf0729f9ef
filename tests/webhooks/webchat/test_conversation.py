"""A chat with the bot and then with a person, as the page sees it."""

from __future__ import annotations

from uuid import uuid4

import httpx

from tests.office import Office, listening, served
from tests.webhooks.webchat.page import open_page, person


async def test_hello_is_answered_on_the_stream(working: Office) -> None:
    page = await open_page(working, language="de", name="Kai")
    before = await page.chat()
    assert before["messages"] == [] and before["holder"] == "bot"
    async with served(working) as url, httpx.AsyncClient(base_url=url) as client:
        stream_url = f"/chat/stream?after={before['head']}"
        async with listening(client, stream_url, headers=page.headers) as stream:
            key = str(uuid4())
            assert (await page.say("Hallo", key=key)).json() == {"accepted": True}
            assert (await page.say("Hallo", key=key)).status_code == 202
            mine = (await stream.until("message", author="installer")).data
            assert (mine["key"], mine["text"]) == (key, "Hallo")
            answer = (await stream.until("message", author="bot")).data
            assert answer["text"].startswith("Guten Tag") and answer["name"] is None
            assert answer["choices"][0].keys() == {"value", "label"}
            delivered = (await stream.until("message", id=answer["id"], delivery_state="delivered")).data
            assert delivered["text"] == answer["text"]
    shown = await page.chat()
    assert [m["text"] for m in shown["messages"]] == ["Hallo", answer["text"]], "said once, though sent twice"


async def test_a_person_takes_over_and_the_page_sees_only_what_is_meant_for_it(working: Office) -> None:
    anna = await working.seat("Anna Keller")
    thomas = await person(working, "Thomas Müller")
    page = await open_page(working, channel="telegram", person=thomas["id"])
    async with (
        served(working) as url,
        httpx.AsyncClient(base_url=url) as client,
        listening(client, "/chat/stream", headers=page.headers) as stream,
    ):
        await page.say("Ich möchte mit einem Menschen sprechen")
        await stream.until("holder", holder="waiting", agent=None)
        (card,) = (await anna.get("/api/queue")).json()["cards"]
        await anna.post(f"/api/conversations/{card['id']}/note", {"key": str(uuid4()), "text": "geheim"})
        await anna.post(f"/api/conversations/{card['id']}/take")
        await stream.until("holder", holder="agent", agent="Anna Keller")
        await anna.post(f"/api/conversations/{card['id']}/typing")
        await stream.until("typing")
        await anna.reply(card["id"], "Guten Tag, hier ist Anna Keller.")
        said = (await stream.until("message", author="agent")).data
        assert (said["name"], said["text"]) == ("Anna Keller", "Guten Tag, hier ist Anna Keller.")
        await anna.post(f"/api/conversations/{card['id']}/return")
        await stream.until("holder", holder="bot", agent=None)
    chat = await page.chat()
    assert {m["author"] for m in chat["messages"]} == {"installer", "bot", "agent"}
    assert "geheim" not in str(chat) and "confidence" not in str(chat) and "reasons" not in str(chat)


async def test_agents_see_that_the_installer_is_typing(working: Office) -> None:
    anna = await working.seat()
    page = await open_page(working)
    cookies = dict(anna.client.cookies)
    async with (
        served(working) as url,
        httpx.AsyncClient(base_url=url, cookies=cookies) as client,
        listening(client, "/api/stream") as stream,
    ):
        await page.say("Hallo")
        conversation_id = (await stream.until("card")).data["id"]
        assert (await page.client.post("/chat/typing", headers=page.headers)).status_code == 204
        assert (await stream.until("typing")).data == {"conversation_id": conversation_id}
