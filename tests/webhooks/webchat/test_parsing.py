from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Inbound, Kind, Location, MediaSource, Sender
from webhooks.webchat.parsing import arrival, parse

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_what_is_kept_can_be_read_again() -> None:
    said = Inbound(
        sender=Sender("webchat", "f" * 64, name="Jörg", language="de"),
        provider_id="1:k",
        kind=Kind.IMAGE,
        sent_at=NOW,
        text="Größe „XL“",
        message_id="k",
        media=(MediaSource(Kind.IMAGE, "image/png", "a.png", 5, local="uploads/aa/a.png"),),
        location=Location(52.5, 13.4),
    )
    kept = arrival(said)
    assert parse(kept.raw, NOW) == kept and kept.inbound == said


@given(st.binary(max_size=300))
def test_whatever_else_there_is_goes_to_quarantine_with_a_reason(raw: bytes) -> None:
    read = parse(raw, NOW)
    assert read.inbound is None and read.reason and read.provider_id.startswith("sha256:")
