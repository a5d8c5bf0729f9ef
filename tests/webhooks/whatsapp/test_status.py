"""Twilio's status callbacks and error codes."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channel import Refused, RetryLater
from bot.messages import Delivery
from webhooks.whatsapp.errors import send_error
from webhooks.whatsapp.status import NotAStatus, parse_status


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("queued", Delivery.SENDING),
        ("accepted", Delivery.SENDING),
        ("sent", Delivery.SENT),
        ("delivered", Delivery.DELIVERED),
        ("read", Delivery.READ),
        ("undelivered", Delivery.FAILED),
    ],
)
def test_states(status: str, state: Delivery) -> None:
    report = parse_status(f"MessageSid=SM1&MessageStatus={status}".encode())

    assert (report.provider_id, report.state) == ("SM1", state)
    assert (report.error is not None) == (state is Delivery.FAILED)


@pytest.mark.parametrize(
    "raw", [b"", b"MessageStatus=sent", b"MessageSid=SM1", b"MessageSid=SM1&MessageStatus=odd"]
)
def test_what_is_no_status_says_so(raw: bytes) -> None:
    with pytest.raises(NotAStatus):
        parse_status(raw)


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail_otherwise(raw: bytes) -> None:
    with suppress(NotAStatus):
        assert parse_status(raw).provider_id


@pytest.mark.parametrize("code", ["21610", "63014", "63024"])
def test_codes_that_stop(code: str) -> None:
    error = send_error(code)
    assert isinstance(error, Refused)
    assert error.blocked
    assert not error.operator


@pytest.mark.parametrize("code", ["20003", "63007", "63015"])
def test_codes_for_the_operator(code: str) -> None:
    error = send_error(code)
    assert isinstance(error, Refused)
    assert error.operator


@pytest.mark.parametrize("code", ["20429", "63018"])
def test_codes_that_wait(code: str) -> None:
    assert isinstance(send_error(code), RetryLater)


@pytest.mark.parametrize("code", ["63005", "63013", "63021", "63003", "63032", "63016"])
def test_codes_that_are_final(code: str) -> None:
    error = send_error(code)
    assert isinstance(error, Refused)
    assert not (error.operator or error.blocked)
    assert error.code == code


def test_an_unknown_code_is_named() -> None:
    assert "64999" in send_error("64999").plain
    assert "no reason given" in send_error(None).plain


@pytest.mark.shared
def test_every_collected_status_can_be_read(shared: Path) -> None:
    files = sorted((shared / "payloads" / "twilio").glob("status_*.form"))
    states = [parse_status(file.read_bytes()).state for file in files]

    assert states == [
        Delivery.DELIVERED,
        Delivery.DELIVERED,
        Delivery.FAILED,
        Delivery.FAILED,
        Delivery.READ,
        Delivery.SENT,
        Delivery.SENT,
    ]
