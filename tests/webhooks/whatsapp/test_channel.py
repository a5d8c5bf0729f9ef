"""Sending over Twilio: the real client, over HTTP, against a server that answers like Twilio."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channel import MediaRefused, OutcomeUnknown, Refused, RetryLater, SendError
from bot.messages import Attachment, Choice, Kind, MediaSource, Outbound, Part, Recipient, Template
from tests.webhooks.provider import Call, Provider, Reply, as_json, closed_port
from webhooks.download import Downloads
from webhooks.media_link import MediaLinks
from webhooks.text import units
from webhooks.whatsapp.channel import WhatsAppChannel
from webhooks.whatsapp.client import TwilioClient

SID = "AC" + "0" * 32
JANA = Recipient("+4917139200101")
TEXT = Part({"text": "Guten Tag"})
MESSAGES = f"/2010-04-01/Accounts/{SID}/Messages.json"


def channel_at(
    url: str, media_dir: Path, *, public_url: str | None = "https://desk.example"
) -> WhatsAppChannel:
    links = None
    if public_url is not None:
        links = MediaLinks(
            secret="t",
            public_url=public_url,
            media_dir=media_dir,
            clock=lambda: datetime(2026, 11, 23, tzinfo=UTC),
        )
    return WhatsAppChannel(
        client=TwilioClient(account_sid=SID, auth_token="t", api_url=url, timeout=0.5),
        downloads=Downloads(home=url, most_bytes=1000, domain="twilio.com", credentials=(SID, "t")),
        sender="+493023125100",
        links=links,
        status_url="https://desk.example/webhooks/whatsapp/status",
    )


@pytest.fixture
async def channel(provider: Provider, tmp_path: Path) -> AsyncIterator[WhatsAppChannel]:
    channel = channel_at(provider.url, tmp_path)
    yield channel
    await channel.close()


def refusal(status: int, code: int, **headers: str) -> Reply:
    """Twilio's error document."""
    more_info = f"https://www.twilio.com/docs/errors/{code}"
    return as_json(
        {"code": code, "message": "words", "more_info": more_info, "status": status}, status, **headers
    )


def stored(folder: Path, mime: str, size: int) -> Attachment:
    path = folder / "plan.pdf"
    path.write_bytes(b"x")
    return Attachment(7, path, mime, "Anschlussplan.pdf", size)


async def failure(channel: WhatsAppChannel, part: Part = TEXT) -> SendError:
    with pytest.raises(SendError) as caught:
        await channel.send(JANA, part, None)
    return caught.value


async def test_a_text_goes_out_with_its_status_callback(channel: WhatsAppChannel, provider: Provider) -> None:
    provider.answers(as_json({"sid": "SM9", "status": "queued"}, 201))

    assert await channel.send(JANA, TEXT, None) == "SM9"

    (call,) = provider.calls
    assert (call.method, call.path) == ("POST", MESSAGES)
    assert call.form == {
        "To": "whatsapp:+4917139200101",
        "From": "whatsapp:+493023125100",
        "Body": "Guten Tag",
        "StatusCallback": "https://desk.example/webhooks/whatsapp/status",
    }


async def test_many_sends_at_once_get_their_own_answers(channel: WhatsAppChannel, provider: Provider) -> None:
    provider.answer = lambda call: as_json({"sid": f"SM-{call.form['Body']}"}, 201)
    texts = [f"Nachricht {number}" for number in range(100)]

    sids = await asyncio.gather(*(channel.send(JANA, Part({"text": text}), None) for text in texts))

    assert sids == [f"SM-{text}" for text in texts]


async def test_a_hidden_number_is_answered_at_its_scoped_id(
    channel: WhatsAppChannel, provider: Provider
) -> None:
    provider.answers(as_json({"sid": "SM9"}, 201))

    await channel.send(Recipient("DE.1234", "DE.1234"), TEXT, None)

    assert provider.calls[0].form["To"] == "whatsapp:DE.1234"


async def test_a_template_goes_without_body(channel: WhatsAppChannel, provider: Provider) -> None:
    provider.answers(as_json({"sid": "SM9"}, 201))
    template = Template("HX" + "1" * 32, {"1": "Jana", "2": "Auftrag Ü"})
    (part,) = channel.render(Outbound(text="wird nicht gesendet", template=template))

    await channel.send(JANA, part, None)

    form = provider.calls[0].form
    assert form["ContentSid"] == template.sid
    assert json.loads(form["ContentVariables"]) == {"1": "Jana", "2": "Auftrag Ü"}
    assert "Body" not in form


async def test_a_file_goes_as_a_signed_link(
    channel: WhatsAppChannel, provider: Provider, tmp_path: Path
) -> None:
    provider.answers(as_json({"sid": "MM9"}, 201))
    file = stored(tmp_path, "application/pdf", 16_000_000)
    text, part = channel.render(Outbound(text="Ihr Plan", attachments=(file,)))

    assert text.body == {"text": "Ihr Plan"}
    assert part.media_id == 7
    assert await channel.send(JANA, Part(part.body), file) == "MM9"
    assert provider.calls[0].form["MediaUrl"].startswith("https://desk.example/media/")
    assert "Body" not in provider.calls[0].form


@pytest.mark.parametrize(("mime", "size"), [("image/png", 5_000_001), ("application/pdf", 16_000_001)])
async def test_a_file_too_large_is_refused_before_the_call(
    channel: WhatsAppChannel, provider: Provider, tmp_path: Path, mime: str, size: int
) -> None:
    with pytest.raises(Refused, match="at most"):
        await channel.send(JANA, Part({"file": True}), stored(tmp_path, mime, size))
    assert provider.calls == []


async def test_without_a_public_address_only_files_cannot_go(provider: Provider, tmp_path: Path) -> None:
    channel = channel_at(provider.url, tmp_path, public_url=None)
    provider.answers(as_json({"sid": "SM9"}, 201))

    with pytest.raises(Refused, match="BAURUF_PUBLIC_URL"):
        await channel.send(JANA, Part({"file": True}), stored(tmp_path, "image/png", 10))
    assert await channel.send(JANA, TEXT, None) == "SM9"
    await channel.close()


async def test_a_file_that_is_gone_is_refused(channel: WhatsAppChannel, tmp_path: Path) -> None:
    gone = Attachment(7, tmp_path / "gone.pdf", "application/pdf", "gone.pdf", 1)

    with pytest.raises(Refused, match="no longer stored"):
        await channel.send(JANA, Part({"file": True}), gone)


def test_choices_are_numbered_and_long_texts_cut() -> None:
    choices = (Choice("order_status", "Auftrag verfolgen"), Choice("human_request", "Mensch"))

    parts = WhatsAppChannel.render(Outbound(text="Wort. " * 400, choices=choices))

    assert len(parts) == 2
    assert all(units(part.body["text"]) <= 1600 for part in parts)
    assert parts[-1].body["text"].endswith("1. Auftrag verfolgen\n2. Mensch")


@given(st.text(max_size=4000))
def test_nothing_written_is_lost_in_rendering(text: str) -> None:
    parts = WhatsAppChannel.render(Outbound(text=text))

    assert "".join("".join(part.body["text"].split()) for part in parts) == "".join(text.split())
    assert all(part.body["text"].strip() and units(part.body["text"]) <= 1600 for part in parts)


async def test_a_limit_waits_what_twilio_says(channel: WhatsAppChannel, provider: Provider) -> None:
    provider.answers(refusal(429, 20429, Retry_After="7"))

    error = await failure(channel)

    assert isinstance(error, RetryLater)
    assert not isinstance(error, OutcomeUnknown)
    assert (error.after, error.code) == (timedelta(seconds=7), "20429")


async def test_a_limit_without_a_number_waits_our_own_time(
    channel: WhatsAppChannel, provider: Provider
) -> None:
    provider.answers(Reply(429, b"slow down"))

    error = await failure(channel)

    assert isinstance(error, RetryLater)
    assert error.after is None


@pytest.mark.parametrize("reply", [Reply(500, b"oops"), Reply(503), refusal(500, 20500), refusal(400, 63018)])
async def test_faults_wait(channel: WhatsAppChannel, provider: Provider, reply: Reply) -> None:
    provider.answers(reply)

    error = await failure(channel)

    assert isinstance(error, RetryLater)
    assert not isinstance(error, OutcomeUnknown)


async def test_wrong_credentials_are_for_the_operator(channel: WhatsAppChannel, provider: Provider) -> None:
    provider.answers(refusal(401, 20003))

    error = await failure(channel)

    assert isinstance(error, Refused)
    assert error.operator
    assert "BAURUF_TWILIO_AUTH_TOKEN" in error.plain


async def test_a_blocked_recipient(channel: WhatsAppChannel, provider: Provider) -> None:
    provider.answers(refusal(400, 21610))

    error = await failure(channel)

    assert isinstance(error, Refused)
    assert error.blocked


async def test_an_error_in_the_newer_shape(channel: WhatsAppChannel, provider: Provider) -> None:
    problem = {"type": "https://twilio.com/docs/errors/63016", "title": "t", "status": 400, "code": 63016}
    provider.answers(as_json(problem, 400))

    error = await failure(channel)

    assert isinstance(error, Refused)
    assert error.code == "63016"


@pytest.mark.parametrize("reply", [Reply(reset=True), Reply(never=True), Reply(201, b"<html>")])
async def test_an_unknown_outcome_is_told_apart_and_not_repeated_by_the_client(
    channel: WhatsAppChannel, provider: Provider, reply: Reply
) -> None:
    provider.answers(reply)

    assert isinstance(await failure(channel), OutcomeUnknown)
    assert len(provider.calls) == 1


async def test_a_call_that_never_went_out_just_waits(tmp_path: Path) -> None:
    channel = channel_at(closed_port(), tmp_path)

    error = await failure(channel)

    assert isinstance(error, RetryLater)
    assert not isinstance(error, OutcomeUnknown)
    await channel.close()


async def test_typing_is_shown_under_the_last_message(channel: WhatsAppChannel, provider: Provider) -> None:
    provider.answers(as_json({"success": True}))
    await channel.typing(JANA, "SM5")

    (call,) = provider.calls
    assert call.path == "/v2/Indicators/Typing.json"
    assert call.form == {"channel": "whatsapp", "messageId": "SM5"}


async def test_typing_never_fails(channel: WhatsAppChannel, provider: Provider) -> None:
    for reply in (Reply(500), Reply(reset=True), refusal(429, 20429)):
        provider.answers(reply)
        await channel.typing(JANA, "SM5")
    await channel.typing(JANA, None)
    assert len(provider.calls) == 3


async def test_a_file_is_fetched_with_our_credentials(channel: WhatsAppChannel, provider: Provider) -> None:
    def answer(call: Call) -> Reply:
        assert call.headers["authorization"].startswith("Basic ")
        return Reply(200, b"JPEG", {"Content-Type": "image/jpeg"})

    provider.answer = answer

    fetched = await channel.fetch(MediaSource(Kind.IMAGE, reference=f"{provider.url}/Media/ME1"))

    assert (fetched.content, fetched.mime) == (b"JPEG", "image/jpeg")


async def test_a_file_without_address_is_refused(channel: WhatsAppChannel) -> None:
    with pytest.raises(MediaRefused):
        await channel.fetch(MediaSource(Kind.IMAGE))
