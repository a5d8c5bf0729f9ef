"""Twilio's two addresses, with a real inbox behind them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select
from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from bot.jobs import Jobs
from bot.messages import Delivery
from bot.notices import Notices
from bot.outbox import Outbox
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.tables import DeliveryReport, Notice
from tests.conftest import Clock
from tests.webhooks.conftest import door, inbox_of
from webhooks.body import MOST_BYTES
from webhooks.intake import Intake
from webhooks.whatsapp.routes import MESSAGES, STATUS, routes

TOKEN = "twilio-token"
PUBLIC = "https://desk.example/bauruf"
HALLO = {"MessageSid": "SM1", "From": "whatsapp:+4917139200101", "Body": "Hallo", "ProfileName": ""}
CONFIGURED = Settings(
    twilio_account_sid="AC" + "0" * 32,
    twilio_auth_token=SecretStr(TOKEN),
    whatsapp_from="+493023125100",
    public_url=PUBLIC,
)


@pytest.fixture
def outbox(database: Database, jobs: Jobs, notices: Notices, tmp_path: Path, clock: Clock) -> Outbox:
    return Outbox(database, {}, jobs, notices, tmp_path, clock)


@pytest.fixture
async def client(
    intake: Intake, outbox: Outbox, notices: Notices, clock: Clock
) -> AsyncIterator[httpx.AsyncClient]:
    async with door(routes(CONFIGURED, intake, outbox, notices, clock)) as client:
        yield client


def signature(path: str, body: bytes) -> dict[str, str]:
    fields = ImmutableMultiDict(parse_qsl(body.decode(), keep_blank_values=True))
    return {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(f"{PUBLIC}{path}", fields)}


async def signed(client: httpx.AsyncClient, path: str, fields: dict[str, str]) -> httpx.Response:
    body = urlencode(fields).encode()
    return await client.post(path, content=body, headers=signature(path, body))


async def test_a_message_is_stored_once_and_answered_with_an_empty_document(
    client: httpx.AsyncClient, database: Database
) -> None:
    path = f"{MESSAGES}?tenant=a%20b&x=%C3%BC"
    for _ in range(2):
        response = await signed(client, path, HALLO)
        assert (response.status_code, response.text) == (200, "<Response/>")
        assert response.headers["content-type"] == "application/xml"

    (item,) = await inbox_of(database)
    assert (item.channel, item.provider_id, item.state) == ("whatsapp", "SM1", "waiting")
    assert item.raw == urlencode(HALLO).encode()
    assert item.thread == "whatsapp:+4917139200101"


@pytest.mark.parametrize("path", [MESSAGES, STATUS])
@pytest.mark.parametrize("headers", [{}, {"X-Twilio-Signature": "d3Jvbmc="}, {"X-Twilio-Signature": "\xfc"}])
async def test_without_the_right_signature_nothing_is_stored(
    client: httpx.AsyncClient, database: Database, path: str, headers: dict[str, str]
) -> None:
    latin = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    response = await client.post(path, content=urlencode(HALLO).encode(), headers=latin)

    assert response.status_code == 403
    assert await inbox_of(database) == []


async def test_a_signature_for_another_body_or_address_is_refused(client: httpx.AsyncClient) -> None:
    body = urlencode(HALLO).encode()
    fits = signature(MESSAGES, body)

    assert (await client.post(MESSAGES, content=body + b"&Extra=", headers=fits)).status_code == 403
    assert (await client.post(f"{MESSAGES}?x=1", content=body, headers=fits)).status_code == 403
    assert (await client.post(STATUS, content=body, headers=fits)).status_code == 403


async def test_an_oversized_body_is_refused_before_it_is_read_to_the_end(
    client: httpx.AsyncClient, database: Database
) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100 * MOST_BYTES:
            sent += 65536
            yield b"x" * 65536

    response = await client.post(MESSAGES, content=endless())

    assert response.status_code == 413
    assert await inbox_of(database) == []


async def test_what_cannot_be_read_is_kept_in_quarantine(
    client: httpx.AsyncClient, database: Database
) -> None:
    response = await signed(client, MESSAGES, {"Body": "Hallo"})

    assert response.status_code == 200
    (item,) = await inbox_of(database)
    assert (item.state, item.reason) == ("quarantined", "MessageSid is missing or is none.")


async def test_a_status_is_kept_even_before_its_message_is_known(
    client: httpx.AsyncClient, database: Database
) -> None:
    for _ in range(2):
        assert (
            await signed(client, STATUS, {"MessageSid": "SM9", "MessageStatus": "sent"})
        ).status_code == 200

    async with database.read() as conn:
        (report,) = (await conn.execute(select(DeliveryReport))).all()
    assert (report.channel, report.provider_id, report.status) == ("whatsapp", "SM9", Delivery.SENT.value)


async def test_a_status_that_only_the_operator_can_mend_is_shown(
    client: httpx.AsyncClient, database: Database
) -> None:
    await signed(client, STATUS, {"MessageSid": "SM9", "MessageStatus": "failed", "ErrorCode": "63007"})

    async with database.read() as conn:
        (notice,) = (await conn.execute(select(Notice))).all()
    assert "BAURUF_WHATSAPP_FROM" in notice.text


async def test_an_unknown_status_is_quarantined(client: httpx.AsyncClient, database: Database) -> None:
    assert (await signed(client, STATUS, {"MessageSid": "SM9", "MessageStatus": "odd"})).status_code == 200

    (item,) = await inbox_of(database)
    assert item.reason == "This status report has no status we know."


async def test_while_whatsapp_is_not_configured_nobody_gets_in(
    intake: Intake, outbox: Outbox, notices: Notices, clock: Clock
) -> None:
    async with door(routes(Settings(), intake, outbox, notices, clock)) as client:
        response = await client.post(MESSAGES, content=urlencode(HALLO).encode())
    assert response.status_code == 403


@pytest.mark.shared
async def test_every_collected_call_is_answered_and_stored_once(
    client: httpx.AsyncClient, database: Database, shared: Path
) -> None:
    files = sorted((shared / "payloads" / "twilio").glob("*.form"))
    for _ in range(2):
        for file in files:
            path = STATUS if file.name.startswith("status") else MESSAGES
            body = file.read_bytes()
            response = await client.post(path, content=body, headers=signature(path, body))
            assert response.status_code == 200, file.name

    items = await inbox_of(database)
    sids = {dict(parse_qsl(f.read_text()))["MessageSid"] for f in files if f.name.startswith("wa_")}
    assert {item.provider_id for item in items} == sids
    assert len(items) == len(sids)
    assert all(item.state == "waiting" for item in items)
