"""Sessions, uploads and limits of the web chat."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.storage.tables import Endpoint, InboxItem
from tests.conftest import Clock
from tests.office import Office, open_office
from tests.webhooks.webchat.page import Page, open_page, person

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 64


async def arrived(office: Office) -> list[Any]:
    async with office.system.database.read() as conn:
        return list((await conn.execute(select(InboxItem).order_by(InboxItem.id))).all())


def uploads(office: Office) -> list[Path]:
    return [p for p in office.system.settings.media_dir.rglob("*") if p.is_file() and "uploads" in p.parts]


async def test_token_is_a_secret_of_which_we_keep_the_hash(office: Office) -> None:
    page = await open_page(office, name="Kai")
    async with office.system.database.read() as conn:
        endpoint = (await conn.execute(select(Endpoint).where(Endpoint.channel == "webchat"))).one()
    assert endpoint.name == "Kai" and endpoint.address not in page.token and len(endpoint.address) == 64


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "web.de.guess",
        "demo.de.telegram.4711",
        "demo.xx.telegram.700000001",
        "demo.de.webchat.demo-1",
    ],
)
async def test_guessed_tokens_are_nobody(office: Office, token: str) -> None:
    page = Page(office.browser(), token)
    for path in ("/chat/messages", "/chat/stream", "/chat/media/1"):
        assert (await page.get(path)).status_code == 401
    assert (await page.say("Hallo")).status_code == 401
    assert (await page.client.post("/chat/typing", headers=page.headers)).status_code == 401


async def test_a_visitor_cannot_be_reached_by_their_address(office: Office) -> None:
    await open_page(office)
    async with office.system.database.read() as conn:
        address = (await conn.execute(select(Endpoint.address).where(Endpoint.channel == "webchat"))).scalar()
    assert (
        await Page(office.browser(), f"demo.de.webchat.{address}").get("/chat/messages")
    ).status_code == 401


async def test_outside_a_demo_nobody_can_be_somebody_else(
    database_url: str, tmp_path: Path, clock: Clock
) -> None:
    async with open_office(database_url, tmp_path, clock, demo=False) as office:
        browser = office.browser()
        assert (await browser.get("/chat/people")).status_code == 404
        for wish in ({"person": 1}, {"channel": "whatsapp"}, {"channel": "telegram", "person": 1}):
            assert (await browser.post("/chat/session", json=wish)).status_code == 403
        assert (await Page(browser, "demo.de.telegram.1").get("/chat/messages")).status_code == 401
        assert (await browser.get("/api/demo")).status_code == 404
        page = await open_page(office)
        assert (await page.say("Hallo")).status_code == 202


async def test_the_same_person_on_the_same_channel_is_the_same_endpoint(office: Office) -> None:
    thomas = await person(office, "Thomas Müller")
    for channel in ("whatsapp", "telegram", "webchat"):
        tokens = {(await open_page(office, channel=channel, person=thomas["id"])).token for _ in range(2)}
        assert len(tokens) == 1
        assert (await Page(office.browser(), tokens.pop()).say("Hallo")).status_code == 202
    senders = [item.inbound["sender"] for item in await arrived(office)]
    assert [sender["channel"] for sender in senders] == ["whatsapp", "telegram", "webchat"]
    assert senders[0]["address"] == thomas["phone"] and senders[0]["name"] == "Thomas Müller"
    unknown = await office.browser().post("/chat/session", json={"person": 4711, "channel": "telegram"})
    assert unknown.status_code == 404


async def test_strangers_are_new_each_time_and_hide_their_number(office: Office) -> None:
    for channel in ("whatsapp", "telegram"):
        one, two = await open_page(office, channel=channel), await open_page(office, channel=channel)
        assert one.token != two.token
        await one.say("Hallo")
    whatsapp = (await arrived(office))[0].inbound["sender"]
    assert whatsapp["address"] == whatsapp["scoped_id"] and not whatsapp["address"].startswith("+")


async def test_only_ones_own_phone_is_vouched_for_and_only_on_telegram(office: Office) -> None:
    thomas = await person(office, "Thomas Müller")
    sandra = await person(office, "Sandra Wolff")
    telegram = await open_page(office, channel="telegram", person=thomas["id"])
    stranger = await open_page(office, channel="telegram")
    website = await open_page(office, person=thomas["id"])
    for page, phone in (
        (telegram, thomas["phone"]),
        (telegram, sandra["phone"]),
        (stranger, thomas["phone"]),
        (website, thomas["phone"]),
    ):
        assert (await page.say(contact={"name": "x", "phone": phone, "own": True})).status_code == 202
    assert [item.inbound["contact"]["own"] for item in await arrived(office)] == [True, False, False, False]


async def test_words_taps_and_places_arrive_as_what_they_are(office: Office) -> None:
    page = await open_page(office)
    await page.say(" Guten Tag ")
    await page.say(tap="wiring", label="Anschlussplan")
    await page.say(location={"latitude": 52.5, "longitude": 13.4})
    words, tap, place = [item.inbound for item in await arrived(office)]
    assert (words["kind"], words["text"]) == ("text", "Guten Tag")
    assert (tap["kind"], tap["tap"], tap["text"]) == ("tap", "wiring", "Anschlussplan")
    assert (place["kind"], place["location"]["latitude"]) == ("location", 52.5)


@pytest.mark.parametrize(
    "body",
    [
        {"text": ""},
        {"text": "x" * 10_001},
        {"location": {"latitude": 91, "longitude": 0}},
        {"text": "x", "key": "no uuid"},
        {"text": "x", "more": 1},
        {"text": "x\x00"},
        {"text": 5},
    ],
)
async def test_bad_messages_are_refused_and_nothing_is_stored(office: Office, body: dict[str, Any]) -> None:
    page = await open_page(office)
    answer = await page.say(**body)
    assert answer.status_code == 422 and answer.json()["error"]["message"]
    broken = await page.client.post(
        "/chat/messages", content=b"{", headers=page.headers | {"Content-Type": "application/json"}
    )
    assert broken.status_code == 422
    assert await arrived(office) == []


async def test_uploads_are_stored_at_once_and_only_for_those_who_chat(working: Office) -> None:
    page, other, anna = await open_page(working), await open_page(working), await working.seat()
    key = "3d5cb5a4-32f4-4b44-8f6b-0d2f2ad4a0d1"
    for _ in range(2):
        answer = await page.upload("Typenschild", ("Schild.png", PNG, "image/png"), key=key)
        assert answer.status_code == 202, answer.text
    assert len(uploads(working)) == 1
    chat = await page.chat()
    while not chat["messages"]:
        chat = await page.chat()
    message = chat["messages"][0]
    assert (message["kind"], message["text"], message["key"]) == ("image", "Typenschild", key)
    (file,) = message["media"]
    assert (file["filename"], file["size"], file["state"]) == ("Schild.png", len(PNG), "stored")
    assert (await page.get(file["url"])).content == PNG
    assert (await other.get(file["url"])).status_code == 404
    assert (await anna.get(f"/api/media/{file['id']}")).content == PNG


async def test_uploads_that_are_not_taken(office: Office) -> None:
    page = await open_page(office)
    refused = await page.upload("", ("virus.exe", b"MZ\x90\x00", "application/octet-stream"))
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "file_kind")
    large = await page.upload("", ("gross.png", PNG + b"\x00" * 25_000_000, "image/png"))
    assert (large.status_code, large.json()["error"]["code"]) == (413, "file_too_large")
    huge = await page.upload("", ("riesig.png", PNG + b"\x00" * 51_000_000, "image/png"))
    assert (huge.status_code, huge.json()["error"]["code"]) == (413, "too_large")
    assert uploads(office) == [] and await arrived(office) == []


async def test_too_many_messages_have_to_wait(office: Office) -> None:
    page, other = await open_page(office), await open_page(office)
    statuses = [(await page.say(str(number))).status_code for number in range(61)]
    assert statuses == [202] * 60 + [429]
    assert (await other.say("ich nicht")).status_code == 202
    office.clock.forward(seconds=61)
    assert (await page.say("wieder")).status_code == 202
