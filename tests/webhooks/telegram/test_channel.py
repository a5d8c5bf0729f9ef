"""Sending and fetching on Telegram: the real client, over HTTP, against a server that answers like it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channel import AddressMoved, MediaRefused, OutcomeUnknown, Refused, RetryLater, SendError
from bot.messages import Attachment, Choice, Kind, MediaSource, Outbound, Part, Recipient
from tests.webhooks.provider import Call, Provider, Reply, as_json, closed_port
from tests.webhooks.telegram.updates import BOT, DATE, PRIVATE
from webhooks.download import Downloads
from webhooks.telegram.channel import TelegramChannel, make_bot

JANA = Recipient("7001")
TEXT = Part({"text": "3 < 5"})
SENT = as_json(
    {"ok": True, "result": {"message_id": 77, "date": DATE, "chat": PRIVATE, "from": BOT, "text": "x"}}
)
DONE = as_json({"ok": True, "result": True})


def channel_at(url: str) -> TelegramChannel:
    return TelegramChannel(make_bot("42:secret", url, timeout=0.5), Downloads(home=url, most_bytes=100))


@pytest.fixture
async def channel(provider: Provider) -> AsyncIterator[TelegramChannel]:
    channel = channel_at(provider.url)
    yield channel
    await channel.close()


def refusal(code: int, description: str, **parameters: int) -> Reply:
    """The Bot API's error document."""
    document: dict[str, object] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        document["parameters"] = parameters
    return as_json(document, code)


async def failure(channel: TelegramChannel, part: Part = TEXT) -> SendError:
    with pytest.raises(SendError) as caught:
        await channel.send(JANA, part, None)
    return caught.value


def stored(folder: Path, mime: str, *, size: int | None = None) -> Attachment:
    path = folder / "datei"
    path.write_bytes(b"content")
    return Attachment(7, path, mime, "Anschlussplan.pdf", 7 if size is None else size)


async def test_a_text_with_buttons(channel: TelegramChannel, provider: Provider) -> None:
    provider.answers(SENT)
    (part,) = channel.render(Outbound(text="3 < 5", choices=(Choice("yes", "Ja"),)))

    assert await channel.send(JANA, Part(part.body), None) == "77"

    (call,) = provider.calls
    assert call.path == "/bot42:secret/sendMessage"
    assert (call.form["chat_id"], call.form["text"], call.form["parse_mode"]) == ("7001", "3 &lt; 5", "HTML")
    markup = json.loads(call.form["reply_markup"])
    assert markup == {"inline_keyboard": [[{"text": "Ja", "callback_data": "yes"}]]}


async def test_a_text_whose_markup_is_refused_goes_plain(
    channel: TelegramChannel, provider: Provider
) -> None:
    provider.answers(refusal(400, "Bad Request: can't parse entities: unsupported start tag"), SENT)

    assert await channel.send(JANA, TEXT, None) == "77"

    plain = provider.calls[1].form
    assert plain["text"] == "3 < 5"
    assert "parse_mode" not in plain


@pytest.mark.parametrize(
    ("mime", "method"),
    [
        ("image/jpeg", "sendPhoto"),
        ("image/png", "sendPhoto"),
        ("image/svg+xml", "sendDocument"),
        ("audio/ogg", "sendVoice"),
        ("video/mp4", "sendVideo"),
        ("application/pdf", "sendDocument"),
    ],
)
async def test_a_file_goes_as_what_it_is(
    channel: TelegramChannel, provider: Provider, tmp_path: Path, mime: str, method: str
) -> None:
    provider.answers(SENT)

    assert await channel.send(JANA, Part({"file": True}), stored(tmp_path, mime)) == "77"

    (call,) = provider.calls
    assert call.path == f"/bot42:secret/{method}"
    assert b"Anschlussplan.pdf" in call.body
    assert b"content" in call.body


async def test_a_picture_that_is_no_photo_goes_as_a_document(
    channel: TelegramChannel, provider: Provider, tmp_path: Path
) -> None:
    provider.answers(refusal(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"), SENT)
    assert await channel.send(JANA, Part({"file": True}), stored(tmp_path, "image/png")) == "77"

    large = stored(tmp_path, "image/png", size=10_000_001)
    assert await channel.send(JANA, Part({"file": True}), large) == "77"

    methods = [call.path.rpartition("/")[2] for call in provider.calls]
    assert methods == ["sendPhoto", "sendDocument", "sendDocument"]


async def test_files_that_cannot_go_are_refused_before_the_call(
    channel: TelegramChannel, provider: Provider, tmp_path: Path
) -> None:
    too_large = stored(tmp_path, "application/pdf", size=50_000_001)
    gone = Attachment(7, tmp_path / "gone", "application/pdf", "gone.pdf", 1)

    for file in (too_large, gone, None):
        with pytest.raises(Refused):
            await channel.send(JANA, Part({"file": True}), file)
    assert provider.calls == []


async def test_a_limit_waits_what_telegram_says(channel: TelegramChannel, provider: Provider) -> None:
    provider.answers(refusal(429, "Too Many Requests: retry after 7", retry_after=7))

    error = await failure(channel)

    assert isinstance(error, RetryLater)
    assert not isinstance(error, OutcomeUnknown)
    assert error.after == timedelta(seconds=7)


@pytest.mark.parametrize(
    "reply",
    [
        refusal(429, "Too Many Requests"),
        refusal(500, "Internal Server Error"),
        Reply(502, b"<html>Bad Gateway</html>"),
        refusal(409, "Conflict: terminated by other getUpdates request"),
    ],
)
async def test_faults_wait(channel: TelegramChannel, provider: Provider, reply: Reply) -> None:
    provider.answers(reply)

    error = await failure(channel)

    assert isinstance(error, RetryLater)
    assert not isinstance(error, OutcomeUnknown)


@pytest.mark.parametrize("reply", [Reply(reset=True), Reply(never=True), Reply(200, b"<html>")])
async def test_an_unknown_outcome_is_told_apart(
    channel: TelegramChannel, provider: Provider, reply: Reply
) -> None:
    provider.answers(reply)

    assert isinstance(await failure(channel), OutcomeUnknown)
    assert len(provider.calls) == 1


async def test_a_call_that_never_went_out_just_waits() -> None:
    channel = channel_at(closed_port())

    error = await failure(channel)

    assert isinstance(error, RetryLater)
    assert not isinstance(error, OutcomeUnknown)
    await channel.close()


@pytest.mark.parametrize(
    ("description", "plain"),
    [
        ("Forbidden: bot was blocked by the user", "blocked the bot"),
        ("Forbidden: user is deactivated", "no longer exists"),
        ("Forbidden: bot was kicked from the supergroup chat", "removed"),
        ("Forbidden: something new", "does not let us write"),
    ],
)
async def test_a_blocked_chat(
    channel: TelegramChannel, provider: Provider, description: str, plain: str
) -> None:
    provider.answers(refusal(403, description))

    error = await failure(channel)

    assert isinstance(error, Refused)
    assert error.blocked
    assert plain in error.plain


async def test_a_moved_chat(channel: TelegramChannel, provider: Provider) -> None:
    provider.answers(refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1007))

    error = await failure(channel)

    assert isinstance(error, AddressMoved)
    assert error.address == "-1007"


@pytest.mark.parametrize("code", [401, 404])
async def test_a_wrong_token_is_for_the_operator(
    channel: TelegramChannel, provider: Provider, code: int
) -> None:
    provider.answers(refusal(code, "Unauthorized"))

    error = await failure(channel)

    assert isinstance(error, Refused)
    assert error.operator
    assert "BAURUF_TELEGRAM_TOKEN" in error.plain


async def test_a_bad_request_is_final_and_repeats_no_text_of_ours(
    channel: TelegramChannel, provider: Provider
) -> None:
    provider.answers(refusal(400, "Bad Request: geheim is not good"))

    error = await failure(channel)

    assert isinstance(error, Refused)
    assert not (error.operator or error.blocked)
    assert "geheim" not in error.plain


async def test_unmodified_is_harmless(channel: TelegramChannel, provider: Provider) -> None:
    provider.answers(refusal(400, "Bad Request: message is not modified"))

    assert await channel.send(JANA, TEXT, None) is None


async def test_a_file_is_fetched(channel: TelegramChannel, provider: Provider) -> None:
    def answer(call: Call) -> Reply:
        if call.path == "/bot42:secret/getFile":
            assert call.form["file_id"] == "F1"
            found = {"file_id": "F1", "file_unique_id": "U1", "file_path": "voice/file 1.oga"}
            return as_json({"ok": True, "result": found})
        assert call.path == "/file/bot42:secret/voice/file%201.oga"
        assert "authorization" not in call.headers
        return Reply(200, b"Opus", {"Content-Type": "application/octet-stream"})

    provider.answer = answer
    source = MediaSource(Kind.VOICE, mime="audio/ogg", filename="note.oga", reference="F1")

    fetched = await channel.fetch(source)

    assert (fetched.content, fetched.mime, fetched.filename) == (b"Opus", "audio/ogg", "note.oga")


@pytest.mark.parametrize(
    "source", [MediaSource(Kind.VIDEO, size=20_000_001, reference="F1"), MediaSource(Kind.VIDEO)]
)
async def test_what_telegram_will_not_hand_out_is_not_asked_for(
    channel: TelegramChannel, provider: Provider, source: MediaSource
) -> None:
    with pytest.raises(MediaRefused):
        await channel.fetch(source)
    assert provider.calls == []


@pytest.mark.parametrize(
    ("description", "words"),
    [("Bad Request: file is too big", "20 MB"), ("Bad Request: wrong file_id", "no longer")],
)
async def test_a_file_telegram_refuses(
    channel: TelegramChannel, provider: Provider, description: str, words: str
) -> None:
    provider.answers(refusal(400, description))

    with pytest.raises(MediaRefused, match=words):
        await channel.fetch(MediaSource(Kind.VIDEO, reference="F1"))


@pytest.mark.parametrize("reply", [refusal(429, "x", retry_after=3), Reply(500), Reply(reset=True)])
async def test_a_file_is_asked_for_again_after_a_fault(
    channel: TelegramChannel, provider: Provider, reply: Reply
) -> None:
    provider.answers(reply)

    with pytest.raises(RetryLater):
        await channel.fetch(MediaSource(Kind.VIDEO, reference="F1"))


async def test_typing_and_acknowledging(channel: TelegramChannel, provider: Provider) -> None:
    provider.answers(DONE)
    await channel.typing(JANA, None)
    await channel.acknowledge("99", "n" * 300)

    typing, tap = provider.calls
    assert typing.form == {"chat_id": "7001", "action": "typing"}
    assert tap.form == {"callback_query_id": "99", "text": "n" * 200}


async def test_typing_and_acknowledging_never_fail(channel: TelegramChannel, provider: Provider) -> None:
    old = refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    for reply in (old, Reply(500), Reply(reset=True)):
        provider.answers(reply)
        await channel.typing(JANA, None)
        await channel.acknowledge("99", None)
    assert len(provider.calls) == 6
