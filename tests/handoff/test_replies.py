"""What agents say."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import select, update

from bot.storage.messages import NewMessage
from bot.storage.tables import DeliveryPart, Event, Message
from tests.conftest import Clock
from tests.office import Office, Seat, open_office

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 64
SID = "HX" + "0" * 32


async def held(office: Office, seat: Seat, **about: Any) -> int:
    conversation_id = await office.conversation(**about)
    assert (await seat.post(f"/api/conversations/{conversation_id}/take")).status_code == 200
    return conversation_id


async def parts(office: Office, message_id: int) -> list[Any]:
    async with office.system.database.read() as conn:
        query = select(DeliveryPart).where(DeliveryPart.message_id == message_id).order_by(DeliveryPart.id)
        return list((await conn.execute(query)).all())


def stored(office: Office) -> list[Path]:
    return [p for p in office.system.settings.media_dir.rglob("*") if p.is_file() and "uploads" in p.parts]


async def test_reply_is_queued_whoever_holds_the_turn_by_then(office: Office) -> None:
    anna = await office.seat("Anna Keller")
    conversation_id = await held(office, anna)
    answer = await anna.reply(conversation_id, "Ich schaue nach.")
    assert answer.status_code == 201
    message = answer.json()
    assert (message["author"], message["text"], message["agent"]["name"]) == (
        "agent",
        "Ich schaue nach.",
        "Anna Keller",
    )
    assert message["delivery"]["state"] == "queued"
    (part,) = await parts(office, message["id"])
    assert part.epoch is None
    card = (await anna.get(f"/api/conversations/{conversation_id}")).json()["card"]
    assert card["preview"] == {"author": "agent", "kind": "text", "text": "Ich schaue nach."}


async def test_the_same_key_is_said_once(office: Office) -> None:
    anna = await office.seat()
    conversation_id = await held(office, anna)
    key = str(uuid4())
    answers = await asyncio.gather(
        *(anna.reply(conversation_id, "Moment", key=key, files={"files": ("a.png", PNG)}) for _ in range(5))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(stored(office)) == 1, "the files of repeated clicks are not kept"


async def test_a_key_is_not_a_way_to_other_messages(office: Office) -> None:
    anna, david = await office.seat(), await office.seat()
    first, second = await held(office, anna), await held(office, david)
    key = str(uuid4())
    await anna.reply(first, "geheim", key=key)
    refused = await david.reply(second, "x", key=key)
    assert refused.status_code == 409 and "geheim" not in refused.text


async def test_only_the_holder_replies(office: Office) -> None:
    anna, david = await office.seat("Anna"), await office.seat("David")
    waiting = await office.conversation()
    refused = await david.reply(waiting, "Hallo", files={"files": ("a.png", PNG)})
    assert refused.status_code == 409 and refused.json()["error"] == {
        "code": "not_yours",
        "message": "Take the conversation over first.",
        "agent": None,
    }
    assert stored(office) == []
    conversation_id = await held(office, anna)
    refused = await david.reply(conversation_id, "Hallo")
    assert refused.json()["error"]["agent"]["name"] == "Anna"


async def test_files_are_stored_checked_and_served(office: Office) -> None:
    anna = await office.seat()
    conversation_id = await held(office, anna)
    answer = await anna.reply(
        conversation_id,
        "So wird angeschlossen",
        files=[("files", ("../../Plan ü.png", PNG, "text/html")), ("files", ("liste.csv", b"a;b\n1;2\n"))],
    )
    message = answer.json()
    assert [(m["filename"], m["mime"], m["size"]) for m in message["media"]] == [
        ("Plan ü.png", "image/png", len(PNG)),
        ("liste.csv", "text/csv", 8),
    ]
    assert [part.media_id for part in await parts(office, message["id"])] == [
        None,
        *(m["id"] for m in message["media"]),
    ]
    picture = await anna.get(message["media"][0]["url"])
    assert picture.content == PNG and picture.headers["content-type"] == "image/png"
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in picture.headers["content-security-policy"]
    assert picture.headers["content-disposition"].startswith("inline")
    table = await anna.get(message["media"][1]["url"])
    assert table.headers["content-type"] == "application/octet-stream"
    assert table.headers["content-disposition"].startswith("attachment")
    download = await anna.get(message["media"][0]["url"] + "?download=1")
    assert download.headers["content-disposition"].startswith("attachment")
    piece = await anna.client.get(message["media"][0]["url"], headers={"Range": "bytes=0-3"})
    assert piece.status_code == 206 and piece.content == PNG[:4]


async def test_what_cannot_be_sent_is_refused_and_leaves_nothing(office: Office) -> None:
    anna = await office.seat()
    conversation_id = await held(office, anna, channel="whatsapp", address="+491713920002")
    bad = {
        "virus.exe": (b"MZ\x90\x00" + b"\x00" * 60, 422, "file_kind"),
        "fake.png": (b"<html><script>", 422, "file_kind"),
        "empty.pdf": (b"", 422, "empty_file"),
        "large.png": (PNG + b"\x00" * 5_000_000, 413, "file_too_large"),
    }
    for name, (content, status, code) in bad.items():
        answer = await anna.reply(
            conversation_id, "x", files=[("files", ("ok.png", PNG)), ("files", (name, content))]
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
        assert answer.json()["error"]["file"] == name
    assert (await anna.reply(conversation_id, "   ")).json()["error"]["code"] == "empty"
    assert (await anna.reply(conversation_id, "x", key="no-uuid")).status_code == 422
    assert (await anna.reply(conversation_id, "x" * 10_001)).status_code == 422
    eleven = [("files", ("a.png", PNG))] * 11
    assert (await anna.reply(conversation_id, "x", files=eleven)).status_code in (400, 422)
    assert stored(office) == []
    view = (await anna.get(f"/api/conversations/{conversation_id}")).json()
    assert [m["text"] for m in view["messages"] if m["author"] == "agent"] == []


async def test_after_24_hours_whatsapp_takes_only_a_template(
    database_url: str, tmp_path: Path, clock: Clock
) -> None:
    template = {
        "sid": SID,
        "name": "Rückfrage",
        "language": "de",
        "text": "Guten Tag {{1}}, zu Ihrem Auftrag {{2}} haben wir eine Frage.",
    }
    async with open_office(database_url, tmp_path, clock, whatsapp_templates=(template,)) as office:
        anna = await office.seat()
        conversation_id = await held(office, anna, channel="whatsapp", address="+491713920003")
        url = f"/api/conversations/{conversation_id}"
        card = (await anna.get(url)).json()["card"]
        assert card["window_until"] == "2026-11-24T09:00:00Z"
        clock.forward(hours=24)
        anna = await office.sign_in(anna.agent["email"])
        assert (await anna.reply(conversation_id, "Hallo")).json()["error"]["code"] == "window_closed"
        (offer,) = (await anna.get(url)).json()["templates"]
        assert offer["variables"] == ["1", "2"]
        incomplete = {"key": str(uuid4()), "template": {"sid": SID, "variables": {"1": "Frau Wolff"}}}
        assert (await anna.post(f"{url}/reply", incomplete)).json()["error"]["missing"] == ["2"]
        complete = {
            "key": str(uuid4()),
            "template": {"sid": SID, "variables": {"1": "Frau Wolff", "2": "4500123456"}},
        }
        message = (await anna.post(f"{url}/reply", complete)).json()
        assert message["text"] == "Guten Tag Frau Wolff, zu Ihrem Auftrag 4500123456 haben wir eine Frage."
        assert (await anna.post(f"{url}/reply", complete)).json()["id"] == message["id"]
        assert len(await parts(office, message["id"])) == 1


async def test_notes_are_for_agents_whoever_holds_the_turn(office: Office) -> None:
    anna, david = await office.seat(), await office.seat("David Sommer")
    conversation_id = await held(office, anna)
    body = {"key": str(uuid4()), "text": "Kennt sich aus, bitte direkt an Technik."}
    first = await david.post(f"/api/conversations/{conversation_id}/note", body)
    again = await david.post(f"/api/conversations/{conversation_id}/note", body)
    assert first.status_code == 201 and first.json() == again.json()
    assert first.json()["author"] == "note" and first.json()["delivery"] is None
    assert await parts(office, first.json()["id"]) == []


async def test_failed_send_can_be_tried_again(office: Office) -> None:
    anna = await office.seat()
    conversation_id = await held(office, anna)
    message_id = (await anna.reply(conversation_id, "Hallo")).json()["id"]
    assert (await anna.post(f"/api/messages/{message_id}/retry")).json()["error"]["code"] == "not_failed"
    async with office.system.database.begin() as conn:
        await conn.execute(
            update(DeliveryPart)
            .where(DeliveryPart.message_id == message_id)
            .values(state="failed", error="The number is not on WhatsApp.", error_code="63003")
        )
    view = (await anna.get(f"/api/conversations/{conversation_id}")).json()
    assert view["messages"][-1]["delivery"] == {
        "state": "failed",
        "error": "The number is not on WhatsApp.",
        "code": "63003",
        "resent": False,
    }
    again = (await anna.post(f"/api/messages/{message_id}/retry")).json()
    assert again["delivery"]["state"] == "queued" and again["delivery"]["error"] is None
    assert (await anna.post("/api/messages/4711/retry")).status_code == 404


async def test_typing_is_shown_only_for_the_holder(office: Office) -> None:
    anna, david = await office.seat(), await office.seat()
    conversation_id = await held(office, anna)
    assert (await david.post(f"/api/conversations/{conversation_id}/typing")).status_code == 204
    assert (await anna.post(f"/api/conversations/{conversation_id}/typing")).status_code == 204
    async with office.system.database.read() as conn:
        rows = (await conn.execute(select(Event).where(Event.kind == "typing"))).all()
    assert [(row.actor, row.data["by"]) for row in rows] == [(f"agent:{anna.id}", "agent")]


async def test_sent_messages_carry_what_the_installer_wrote_to(office: Office) -> None:
    anna = await office.seat()
    conversation_id = await held(office, anna)
    await office.say(
        conversation_id,
        NewMessage(
            "installer",
            kind="location",
            content={"location": {"latitude": 52.5, "longitude": 13.4, "label": "Baustelle"}},
        ),
    )
    await office.say(
        conversation_id, NewMessage("installer", kind="unsupported", content={"problem": "a poll"})
    )
    messages = (await anna.get(f"/api/conversations/{conversation_id}")).json()["messages"]
    assert messages[-2]["location"] == {"latitude": 52.5, "longitude": 13.4, "label": "Baustelle"}
    assert messages[-1]["problem"] == "a poll"
    async with office.system.database.read() as conn:
        assert (await conn.execute(select(Message.id).where(Message.author == "agent"))).first() is None
