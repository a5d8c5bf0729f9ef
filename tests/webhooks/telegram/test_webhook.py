"""The address Telegram calls, and telling Telegram about it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select
from telegram import Bot

from bot.notices import Notices
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.tables import Notice
from tests.conftest import Clock
from tests.webhooks.conftest import door, inbox_of
from tests.webhooks.provider import Call, Provider, Reply, as_json
from tests.webhooks.telegram.updates import message, update
from webhooks.body import MOST_BYTES
from webhooks.intake import Intake
from webhooks.telegram.channel import make_bot
from webhooks.telegram.webhook import PATH, leave_webhook, register_webhook, routes, webhook_secret

CONFIGURED = Settings(telegram_token=SecretStr("42:secret"), public_url="https://desk.example")
HALLO = update("message", message(text="Hallo"))
DONE = as_json({"ok": True, "result": True})


def secret(settings: Settings = CONFIGURED) -> dict[str, str]:
    return {"X-Telegram-Bot-Api-Secret-Token": webhook_secret(settings) or ""}


@pytest.fixture
async def client(intake: Intake, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    async with door(routes(CONFIGURED, intake, clock)) as client:
        yield client


@pytest.fixture
async def bot(provider: Provider) -> AsyncIterator[Bot]:
    bot = make_bot("42:secret", provider.url)
    yield bot
    await bot.request.shutdown()


async def notice_of(database: Database) -> str | None:
    async with database.read() as conn:
        return (await conn.execute(select(Notice.text))).scalar_one_or_none()


async def test_an_update_is_stored_once_and_answered_without_a_body(
    client: httpx.AsyncClient, database: Database
) -> None:
    for _ in range(2):
        response = await client.post(PATH, content=HALLO, headers=secret())
        assert (response.status_code, response.content) == (200, b"")

    (item,) = await inbox_of(database)
    assert (item.channel, item.thread, item.state) == ("telegram", "telegram:7001", "waiting")
    assert item.raw == HALLO


@pytest.mark.parametrize("told", [None, b"", b"wrong", b"\xff"])
async def test_without_the_secret_nothing_is_stored(
    client: httpx.AsyncClient, database: Database, told: bytes | None
) -> None:
    headers = [] if told is None else [(b"X-Telegram-Bot-Api-Secret-Token", told)]
    response = await client.post(PATH, content=HALLO, headers=headers)

    assert response.status_code == 403
    assert await inbox_of(database) == []


async def test_an_oversized_body_is_refused(client: httpx.AsyncClient, database: Database) -> None:
    response = await client.post(PATH, content=b"x" * (MOST_BYTES + 1), headers=secret())

    assert response.status_code == 413
    assert await inbox_of(database) == []


async def test_without_a_bot_nobody_gets_in(intake: Intake, clock: Clock) -> None:
    async with door(routes(Settings(), intake, clock)) as client:
        for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": ""}):
            assert (await client.post(PATH, content=HALLO, headers=headers)).status_code == 403


def test_the_secret_is_the_setting_or_made_from_the_token() -> None:
    chosen = CONFIGURED.model_copy(update={"telegram_secret": SecretStr("chosen")})

    assert webhook_secret(chosen) == "chosen"
    made = webhook_secret(CONFIGURED)
    assert made is not None
    assert "42:secret" not in made
    assert made != webhook_secret(Settings(telegram_token=SecretStr("42:other")))


@pytest.mark.shared
async def test_every_collected_update_is_answered_and_kept_once(
    client: httpx.AsyncClient, database: Database, shared: Path
) -> None:
    files = sorted((shared / "payloads" / "telegram").glob("*.json"))
    for _ in range(2):
        for file in files:
            response = await client.post(PATH, content=file.read_bytes(), headers=secret())
            assert response.status_code == 200, file.name

    items = await inbox_of(database)
    states = [item.state for item in items]
    # Two files carry the same update id, chat and message: the second is a repeated delivery.
    assert (states.count("waiting"), states.count("quarantined")) == (14, 55)
    assert all(item.reason for item in items if item.state == "quarantined")


async def test_registering_tells_address_secret_and_kinds(
    bot: Bot, provider: Provider, notices: Notices, database: Database
) -> None:
    provider.answers(DONE)

    assert await register_webhook(bot, CONFIGURED, notices)

    form = provider.calls[0].form
    assert form["url"] == f"https://desk.example{PATH}"
    assert form["secret_token"] == webhook_secret(CONFIGURED)
    assert "my_chat_member" in form["allowed_updates"]
    assert await notice_of(database) is None


@pytest.mark.parametrize(
    ("status", "description", "words"),
    [
        (400, "Bad Request: bad webhook: HTTPS url must be provided for webhook", "https://desk.example"),
        (401, "Unauthorized", "BAURUF_TELEGRAM_TOKEN"),
        (500, "Internal Server Error", "when it can be reached"),
    ],
)
async def test_a_failed_registration_is_said_to_the_operator(
    bot: Bot,
    provider: Provider,
    notices: Notices,
    database: Database,
    status: int,
    description: str,
    words: str,
) -> None:
    provider.answers(as_json({"ok": False, "error_code": status, "description": description}, status))

    assert not await register_webhook(bot, CONFIGURED, notices)

    assert words in (await notice_of(database) or "")


def webhook_at(url: str) -> Reply:
    info = {"url": url, "has_custom_certificate": False, "pending_update_count": 0}
    return as_json({"ok": True, "result": info})


async def test_our_own_webhook_is_taken_back(
    bot: Bot, provider: Provider, notices: Notices, database: Database
) -> None:
    def answer(call: Call) -> Reply:
        return DONE if call.path.endswith("deleteWebhook") else webhook_at(f"https://old.example{PATH}")

    provider.answer = answer

    assert await leave_webhook(bot, notices)
    assert [call.path.rpartition("/")[2] for call in provider.calls] == ["getWebhookInfo", "deleteWebhook"]
    assert await notice_of(database) is None


async def test_another_systems_webhook_is_left_alone(
    bot: Bot, provider: Provider, notices: Notices, database: Database
) -> None:
    provider.answers(webhook_at("https://other.example/hook"))

    assert not await leave_webhook(bot, notices)
    assert len(provider.calls) == 1
    assert "other.example" in (await notice_of(database) or "")
