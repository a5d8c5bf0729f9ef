"""Reading what Twilio sends."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Inbound, Kind, Location
from webhooks.whatsapp.parsing import parse

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BASE = {"MessageSid": "SM1", "From": "whatsapp:+4917139200101", "Body": "Hallo"}


def read(**fields: str) -> Inbound:
    arrival = parse(urlencode(BASE | fields).encode(), NOW)
    assert arrival.inbound is not None, arrival.reason
    assert arrival.provider_id == arrival.inbound.provider_id
    return arrival.inbound


def reason(**fields: str) -> str:
    raw = urlencode({name: value for name, value in (BASE | fields).items() if value}).encode()
    arrival = parse(raw, NOW)
    assert arrival.inbound is None
    assert arrival.raw == raw
    assert arrival.provider_id.startswith("sha256:")
    assert arrival.reason is not None
    return arrival.reason


def test_a_text() -> None:
    inbound = read(MessageType="text", ProfileName="Jana Brandt", WaId="4917139200101")

    assert (inbound.kind, inbound.text, inbound.sent_at) == (Kind.TEXT, "Hallo", NOW)
    assert (inbound.sender.address, inbound.sender.name) == ("+4917139200101", "Jana Brandt")
    assert inbound.sender.phone == "+4917139200101"
    assert inbound.provider_id == inbound.message_id == "SM1"


def test_a_phone_with_a_scoped_id_keeps_both() -> None:
    sender = read(ExternalUserId="whatsapp:DE.1234").sender

    assert (sender.address, sender.scoped_id) == ("+4917139200101", "DE.1234")


def test_a_hidden_number_is_no_reason_to_drop_the_message() -> None:
    sender = read(From="whatsapp:DE.1234").sender

    assert (sender.address, sender.scoped_id, sender.phone) == ("DE.1234", "DE.1234", None)


def test_a_number_that_only_the_wa_id_tells_gets_its_plus() -> None:
    sender = read(From="whatsapp:DE.1234", WaId="4917139200101").sender

    assert (sender.address, sender.scoped_id) == ("+4917139200101", "DE.1234")


@pytest.mark.parametrize(
    ("mime", "kind"),
    [
        ("image/jpeg", Kind.IMAGE),
        ("audio/ogg; codecs=opus", Kind.VOICE),
        ("audio/mpeg", Kind.AUDIO),
        ("video/mp4", Kind.VIDEO),
        ("application/pdf", Kind.DOCUMENT),
        ("text/vcard", Kind.CONTACT),
    ],
)
def test_a_file_is_known_by_its_type_even_when_nummedia_says_none(mime: str, kind: Kind) -> None:
    inbound = read(Body="", NumMedia="0", MediaUrl0="https://api.twilio.com/ME1", MediaContentType0=mime)

    assert inbound.kind is kind
    (file,) = inbound.media
    assert (file.kind, file.mime, file.reference) == (
        kind,
        mime.partition(";")[0],
        "https://api.twilio.com/ME1",
    )


def test_ten_files_are_taken_and_no_more() -> None:
    files = {f"MediaUrl{n}": f"https://api.twilio.com/ME{n}" for n in range(12)}

    assert len(read(MessageType="image", **files).media) == 10


def test_a_location_with_its_label() -> None:
    inbound = read(Body="", Latitude="52.52", Longitude="13.40", Label="Baustelle Mitte", Address="Torstr. 1")

    assert inbound.kind is Kind.LOCATION
    assert inbound.location == Location(52.52, 13.40, "Baustelle Mitte, Torstr. 1")


@pytest.mark.parametrize("latitude", ["nan", "inf", "91", "nord"])
def test_a_location_that_is_none_is_said_so(latitude: str) -> None:
    inbound = read(Body="", Latitude=latitude, Longitude="13.4")

    assert (inbound.kind, inbound.location) == (Kind.UNSUPPORTED, None)
    assert inbound.problem == "a location that is none"


def test_taps_carry_value_and_words() -> None:
    button = read(ButtonPayload="order_status", ButtonText="Auftrag verfolgen", MessageType="button")
    row = read(ListId="wiring", ListTitle="Anschlussplan", MessageType="interactive")
    words_only = read(ButtonText="Ja")

    assert (button.kind, button.tap, button.text) == (Kind.TAP, "order_status", "Auftrag verfolgen")
    assert (row.kind, row.tap, row.text) == (Kind.TAP, "wiring", "Anschlussplan")
    assert (words_only.tap, words_only.text) == ("Ja", "Ja")


def test_a_reply_names_what_it_answers() -> None:
    assert read(OriginalRepliedMessageSid="SM0").reply_to == "SM0"


def test_an_unknown_kind_is_kept_and_named_with_its_words() -> None:
    inbound = read(MessageType="order", Body="2 x R-190")

    assert (inbound.kind, inbound.text) == (Kind.UNSUPPORTED, "2 x R-190")
    assert inbound.problem == "a WhatsApp message of the kind “order”"
    assert read(MessageType="text", Body=" ").problem == "a message without content"
    assert read(MessageType="<b>", Body="").problem == "a WhatsApp message of the kind “unknown”"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"MessageSid": ""}, "MessageSid"),
        ({"MessageSid": "S" * 65}, "MessageSid"),
        ({"From": ""}, "From"),
        ({"From": "+4917139200101"}, "no WhatsApp address"),
        ({"From": "whatsapp:ä ö"}, "neither a phone nor a user id"),
        ({"MessageStatus": "delivered"}, "a status report"),
    ],
)
def test_what_cannot_be_read_goes_to_quarantine_with_its_reason(fields: dict[str, str], words: str) -> None:
    assert words in reason(**fields)


def test_nul_and_broken_utf8_are_replaced() -> None:
    raw = b"MessageSid=SM1&From=whatsapp%3A%2B4917139200101&Body=a%00b%FFc"
    inbound = parse(raw, NOW).inbound

    assert inbound is not None
    assert inbound.text == "a\ufffdb\ufffdc"


NAMES = st.sampled_from(
    [
        "MessageSid",
        "From",
        "Body",
        "WaId",
        "ExternalUserId",
        "MessageType",
        "MediaUrl0",
        "Latitude",
        "ButtonText",
    ]
)


@given(
    st.one_of(
        st.binary(max_size=400),
        st.dictionaries(NAMES, st.text(max_size=40)).map(lambda fields: urlencode(BASE | fields).encode()),
    )
)
def test_reading_never_fails_and_never_loses_the_bytes(raw: bytes) -> None:
    arrival = parse(raw, NOW)

    assert arrival.raw == raw
    assert (arrival.inbound is None) == (arrival.reason is not None)
    assert len(arrival.provider_id) <= 71


@pytest.mark.shared
def test_every_collected_message_can_be_read(shared: Path) -> None:
    files = sorted((shared / "payloads" / "twilio").glob("wa_*.form"))

    assert len(files) == 17
    for file in files:
        inbound = parse(file.read_bytes(), NOW).inbound
        assert inbound is not None, file.name
        assert inbound.kind is not Kind.UNSUPPORTED, file.name
