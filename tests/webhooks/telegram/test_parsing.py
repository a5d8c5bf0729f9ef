"""Reading what Telegram sends."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.hearing import GROUP as REFUSED_GROUP
from bot.messages import Contact, Inbound, Kind, Location
from tests.webhooks.telegram.updates import BOT, DATE, GROUP, JANA, PRIVATE, message, update
from webhooks.telegram.parsing import parse

NOW = datetime(2026, 11, 23, 9, 0, 5, tzinfo=UTC)
FILE: dict[str, Any] = {"file_id": "F1", "file_unique_id": "U1", "file_size": 1234}


def read(raw: bytes) -> Inbound:
    arrival = parse(raw, NOW)
    assert arrival.inbound is not None, arrival.reason
    assert arrival.provider_id == arrival.inbound.provider_id
    return arrival.inbound


def reason(raw: bytes) -> str:
    arrival = parse(raw, NOW)
    assert arrival.inbound is None
    assert arrival.reason is not None
    assert arrival.provider_id.startswith("sha256:")
    return arrival.reason


def test_a_text() -> None:
    inbound = read(update("message", message(text="Hallo", reply_to_message=message(message_id=4, text="x"))))

    assert (inbound.kind, inbound.text) == (Kind.TEXT, "Hallo")
    assert (inbound.provider_id, inbound.message_id, inbound.reply_to) == ("1:7001:5", "5", "4")
    assert inbound.sent_at == datetime.fromtimestamp(DATE, UTC)
    assert inbound.sender.channel == "telegram"
    assert inbound.sender.address == "7001"
    assert inbound.sender.name == "Jana Brandt"
    assert inbound.sender.language == "de"
    assert inbound.sender.phone is None


def test_the_same_update_keeps_its_id_and_another_one_has_its_own() -> None:
    first = read(update("message", message(text="a")))

    assert read(update("message", message(text="a"))).provider_id == first.provider_id
    assert read(update("message", message(text="a", message_id=6))).provider_id != first.provider_id
    assert read(update("message", message(text="a"), update_id=2)).provider_id != first.provider_id


@pytest.mark.parametrize(
    ("fields", "kind", "mime", "filename"),
    [
        ({"voice": FILE | {"duration": 3, "mime_type": "audio/ogg"}}, Kind.VOICE, "audio/ogg", None),
        ({"audio": FILE | {"duration": 3, "file_name": "a.mp3"}}, Kind.AUDIO, None, "a.mp3"),
        (
            {"video": FILE | {"duration": 3, "width": 1, "height": 1, "mime_type": "video/mp4"}},
            Kind.VIDEO,
            "video/mp4",
            None,
        ),
        ({"video_note": FILE | {"duration": 3, "length": 1}}, Kind.VIDEO, "video/mp4", None),
        (
            {"document": FILE | {"file_name": "Plan.pdf", "mime_type": "application/pdf"}},
            Kind.DOCUMENT,
            "application/pdf",
            "Plan.pdf",
        ),
    ],
)
def test_files_with_their_caption(fields: dict[str, Any], kind: Kind, mime: str, filename: str) -> None:
    inbound = read(update("message", message(caption="So sieht es aus", media_group_id="A9", **fields)))

    (file,) = inbound.media
    assert (inbound.kind, inbound.text, inbound.album) == (kind, "So sieht es aus", "A9")
    assert (file.kind, file.mime, file.filename, file.size, file.reference) == (
        kind,
        mime,
        filename,
        1234,
        "F1",
    )


def test_the_largest_photo_is_taken() -> None:
    sizes = [FILE | {"file_id": f"F{edge}", "width": edge, "height": edge} for edge in (90, 1280, 320)]

    assert read(update("message", message(photo=sizes))).media[0].reference == "F1280"


def test_an_animation_is_a_film_and_not_its_stand_in_document() -> None:
    film = FILE | {"duration": 3, "width": 1, "height": 1, "mime_type": "video/mp4"}

    assert read(update("message", message(animation=film, document=FILE))).kind is Kind.VIDEO


def test_a_sticker_says_its_emoji() -> None:
    sticker = FILE | {
        "type": "regular",
        "width": 1,
        "height": 1,
        "is_animated": False,
        "is_video": True,
        "emoji": "👌",
    }
    inbound = read(update("message", message(sticker=sticker)))

    assert (inbound.kind, inbound.text, inbound.media[0].mime) == (Kind.STICKER, "👌", "video/webm")


@pytest.mark.parametrize(("user_id", "own"), [(7001, True), (7002, False), (None, False)])
def test_a_contact_is_ones_own_only_if_telegram_vouches(user_id: int | None, own: bool) -> None:
    card = {"phone_number": "+4917139200101", "first_name": "Jana", "last_name": "Brandt"}
    if user_id is not None:
        card |= {"user_id": user_id}  # type: ignore[dict-item]
    inbound = read(update("message", message(contact=card)))

    assert inbound.kind is Kind.CONTACT
    assert inbound.contact == Contact("Jana Brandt", "+4917139200101", own=own)


def test_places() -> None:
    point = {"latitude": 52.52, "longitude": 13.4}
    venue = {"location": point, "title": "Baustelle", "address": "Torstr. 1"}

    assert read(update("message", message(location=point))).location == Location(52.52, 13.4)
    named = read(update("message", message(location=point, venue=venue)))
    assert named.location == Location(52.52, 13.4, "Baustelle, Torstr. 1")
    nowhere = read(update("message", message(location={"latitude": float("nan"), "longitude": 1.0})))
    assert (nowhere.kind, nowhere.location) == (Kind.UNSUPPORTED, None)


def test_what_cannot_be_read_is_named() -> None:
    poll = {
        "id": "1",
        "question": "?",
        "options": [],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
    }

    assert read(update("message", message(poll=poll))).problem == "a poll"
    assert read(update("message", message(dice={"value": 3, "emoji": "🎲"}))).problem == "a dice"
    unknown = read(update("message", message(hologram={"x": 1})))
    assert (unknown.kind, unknown.problem) == (Kind.UNSUPPORTED, "a kind of message that is not known")


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("/start abc-DEF_1", "abc-DEF_1"),
        ("/start", None),
        ("/start@nordwind_bot x", "x"),
        ("/start a b", None),
    ],
)
def test_the_start_command(text: str, token: str | None) -> None:
    inbound = read(update("message", message(text=text)))

    assert (inbound.kind, inbound.text, inbound.start_token) == (Kind.TEXT, text, token)


def test_an_edit_names_the_message_it_changes() -> None:
    inbound = read(update("edited_message", message(text="neu", edit_date=DATE + 60), update_id=9))

    assert (inbound.kind, inbound.text, inbound.message_id) == (Kind.EDIT, "neu", "5")
    assert inbound.provider_id == "9:7001:5"
    assert inbound.sent_at == datetime.fromtimestamp(DATE, UTC) + timedelta(minutes=1)


def tap(chat: dict[str, Any], **fields: Any) -> bytes:
    markup = {"inline_keyboard": [[{"text": "Auftrag verfolgen", "callback_data": "order_status"}]]}
    ours = message(chat=chat, text="Was kann ich tun?", reply_markup=markup) | {"from": BOT}
    query = {"id": "99", "from": JANA, "chat_instance": "c", "message": ours, "data": "order_status"}
    return update("callback_query", query | fields)


def test_a_tap_carries_value_and_words() -> None:
    inbound = read(tap(PRIVATE))

    assert (inbound.kind, inbound.tap, inbound.text) == (Kind.TAP, "order_status", "Auftrag verfolgen")
    assert (inbound.tap_id, inbound.reply_to, inbound.sent_at) == ("99", "5", NOW)
    assert inbound.sender.address == "7001"


def test_a_tap_on_a_message_that_telegram_no_longer_has() -> None:
    gone = {"message_id": 5, "date": 0, "chat": PRIVATE}

    assert read(tap(PRIVATE, message=gone)).tap == "order_status"


def test_groups_are_refused_and_not_dropped() -> None:
    added = {
        "chat": GROUP,
        "from": JANA,
        "date": DATE,
        "old_chat_member": {"user": BOT, "status": "left"},
        "new_chat_member": {"user": BOT, "status": "member"},
    }
    for raw in (
        update("message", message(chat=GROUP, text="Hallo")),
        update("my_chat_member", added),
        update("my_chat_member", added | {"chat": {"id": -1006, "type": "channel", "title": "Kanal"}}),
        tap(GROUP),
    ):
        inbound = read(raw)
        assert (inbound.kind, inbound.problem) == (Kind.UNSUPPORTED, REFUSED_GROUP)
        assert inbound.sender.address.startswith("-100")
    connected = {
        "id": "b1",
        "user": JANA,
        "user_chat_id": 7001,
        "date": DATE,
        "is_enabled": True,
        "rights": {},
    }
    business = read(update("business_connection", connected))
    assert (business.sender.address, business.problem) == ("7001", REFUSED_GROUP)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "cannot be parsed"),
        (b"[]", "not a Telegram update"),
        (b'{"message": {}}', "not a Telegram update"),
        (b'{"update_id": "1"}', "cannot be parsed"),
        (b'{"update_id": 1}', "a kind we do not know"),
        (b"[" * 100_000, "cannot be parsed"),
        (update("message", message(new_chat_members=[BOT])), "a service message"),
        (
            update("message", message(text="x", chat={"id": -1, "type": "channel", "title": "K"})),
            "in a channel",
        ),
        (update("message", message(text="x", **{"from": BOT})), "by a program"),
        (update("message", message(text="x", chat=GROUP, **{"from": BOT})), "by a program"),
        (update("message", message(text=5)), "cannot be parsed"),
        (update("message", message(text="x", message_id="5")), "cannot be parsed"),
        (update("message", message(text="x", chat=PRIVATE | {"id": 10**30})), "cannot be parsed"),
        (update("message", message(text="x", date=10**18)), "cannot be parsed"),
        (update("edited_message", message(text="x", chat=GROUP)), "an edit in a group"),
        (tap(PRIVATE, id="9" * 3000), "cannot be parsed"),
        (tap(PRIVATE, data=None), "not ours"),
    ],
)
def test_what_is_not_for_us_goes_to_quarantine_with_its_reason(raw: bytes, words: str) -> None:
    assert words in reason(raw)


def test_nul_and_lone_surrogates_are_replaced() -> None:
    inbound = read(
        update("message", message(text="a\x00b\ud800c", **{"from": JANA | {"first_name": "J\x00"}}))
    )

    assert inbound.text == "a\ufffdb\ufffdc"
    assert inbound.sender.name == "J\ufffd Brandt"


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = [
    "text",
    "caption",
    "photo",
    "voice",
    "document",
    "sticker",
    "contact",
    "location",
    "venue",
    "poll",
    "chat",
    "from",
    "date",
    "message_id",
    "media_group_id",
    "reply_to_message",
    "entities",
    "new_chat_members",
    "edit_date",
    "animation",
]
KINDS = ["message", "edited_message", "callback_query", "my_chat_member", "business_connection", "poll"]


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail(raw: bytes) -> None:
    assert parse(raw, NOW).raw == raw


@given(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(FIELDS), JUNK, max_size=4))
def test_no_wrong_field_makes_it_fail_and_what_it_reads_can_be_stored(
    kind: str, fields: dict[str, Any]
) -> None:
    content = (
        message(text="x") | fields
        if kind != "callback_query"
        else json.loads(tap(PRIVATE))["callback_query"] | fields
    )
    arrival = parse(update(kind, content), NOW)

    assert (arrival.inbound is None) == (arrival.reason is not None)
    if arrival.inbound is not None:
        assert len(arrival.provider_id) < 200
        for text in (arrival.inbound.text, arrival.inbound.sender.name or "", arrival.inbound.album or ""):
            text.encode()
            assert "\x00" not in text


@pytest.mark.shared
def test_every_collected_update_is_read_refused_or_quarantined(shared: Path) -> None:
    files = sorted((shared / "payloads" / "telegram").glob("*.json"))
    arrivals = {file.stem: parse(file.read_bytes(), NOW) for file in files}
    inbounds = {name: arrival.inbound for name, arrival in arrivals.items() if arrival.inbound}
    refused = {name for name, inbound in inbounds.items() if inbound.problem == REFUSED_GROUP}

    assert len(files) == 70
    assert set(inbounds) - refused == {
        "callback_query_01",
        "edited_message_03",
        "message_photo_03",
        "message_reply_01",
        "message_text_02",
        "message_text_03",
        "message_voice_02",
    }
    assert refused == {
        "business_connection_01",
        "callback_query_02",
        "callback_query_04",
        "message_forwarded_01",
        "message_forwarded_02",
        "message_location_group_01",
        "message_text_group_01",
        "message_text_group_04",
    }
    assert all(arrival.reason for name, arrival in arrivals.items() if name not in inbounds)
