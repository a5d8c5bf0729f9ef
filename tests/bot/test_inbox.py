"""Every provider call once, whatever it holds."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.messages import Contact, Inbound, Kind, Location, MediaSource, Sender
from bot.storage import inbox
from bot.storage.database import Database
from bot.storage.inbox import Arrival

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SENDER = Sender("whatsapp", "+4917139200101", "US.123", "Jonas", "de")


def arrival(provider_id: str = "SM1", **more: object) -> Arrival:
    said = Inbound(SENDER, provider_id, Kind.TEXT, NOW, **more)  # type: ignore[arg-type]
    return Arrival("whatsapp", provider_id, b"raw", said)


async def test_a_repeated_call_is_stored_once(database: Database) -> None:
    async with database.begin() as conn:
        assert len(await inbox.store(conn, [arrival(), arrival()])) == 1
    async with database.begin() as conn:
        assert await inbox.store(conn, [arrival()]) == []
    async with database.read() as conn:
        assert len(await inbox.waiting(conn, SENDER.thread)) == 1


async def test_an_inbound_comes_back_as_it_was_stored(database: Database) -> None:
    told = arrival(
        text="Foto vom Typenschild",
        message_id="SM1",
        media=(MediaSource(Kind.IMAGE, "image/jpeg", "a.jpg", 12, "https://api.twilio.com/x"),),
        location=Location(52.5, 13.4, "Baustelle"),
        contact=Contact("A", "+4917139200102", own=True),
        tap="human_request",
        tap_id="7",
        album="a",
    )
    async with database.begin() as conn:
        await inbox.store(conn, [told])
        (item,) = await inbox.waiting(conn, SENDER.thread)
    assert item.inbound == told.inbound


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=()), max_size=200))
async def test_any_text_can_be_stored(database: Database, words: str) -> None:
    async with database.begin() as conn:
        await conn.execute(text("DELETE FROM inbox"))
        await inbox.store(conn, [arrival(text=words)])
        (item,) = await inbox.waiting(conn, SENDER.thread)
    expected = words.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
    assert item.inbound.text == expected


async def test_quarantine_keeps_the_bytes_and_can_be_taken_up(database: Database) -> None:
    unreadable = Arrival("telegram", "sha256:1", b"\xff\x00{", None, "no JSON")
    async with database.begin() as conn:
        await inbox.store(conn, [unreadable])
        (item,) = await inbox.quarantined(conn)
        assert (item.raw, item.reason) == (b"\xff\x00{", "no JSON")
        await inbox.take_up(conn, item.id, arrival("sha256:1", text="jetzt lesbar"))
        assert await inbox.quarantined(conn) == []
        (waiting,) = await inbox.waiting(conn, SENDER.thread)
    assert waiting.inbound.text == "jetzt lesbar"


async def test_what_is_taken_up_stands_under_its_own_id(database: Database) -> None:
    unreadable = Arrival("whatsapp", "sha256:1", b"{}", None, "no message")
    async with database.begin() as conn:
        await inbox.store(conn, [unreadable])
        (item,) = await inbox.quarantined(conn)
        await inbox.take_up(conn, item.id, arrival("7"))
        assert await inbox.store(conn, [arrival("7")]) == []


async def test_what_the_provider_has_repeated_meanwhile_is_not_taken_up_again(database: Database) -> None:
    unreadable = Arrival("whatsapp", "sha256:1", b"{}", None, "no message")
    async with database.begin() as conn:
        await inbox.store(conn, [unreadable, arrival("7")])
        (item,) = await inbox.quarantined(conn)
        await inbox.take_up(conn, item.id, arrival("7"))
        assert await inbox.quarantined(conn) == []
        assert len(await inbox.waiting(conn, SENDER.thread)) == 1
