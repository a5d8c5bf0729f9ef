"""Polling: nothing confirmed before it is stored, nothing in its way for good."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import psycopg
import pytest
from telegram import Bot

from bot.notices import Notices
from bot.storage.database import Database
from tests.conftest import Clock
from tests.webhooks.conftest import inbox_of
from tests.webhooks.provider import Call, Provider, Reply, as_json
from tests.webhooks.telegram.test_webhook import notice_of, webhook_at
from tests.webhooks.telegram.updates import message, update
from webhooks.intake import Intake
from webhooks.telegram.channel import make_bot
from webhooks.telegram.polling import TelegramPolling
from webhooks.telegram.webhook import PATH


class _Enough(Exception):
    """Ends the loop once a test has seen what it wants."""


@dataclass
class Telegram:
    """The part of the Bot API that polling uses: keeps updates until the offset confirms them."""

    waiting: list[bytes] = field(default_factory=list)
    faults: list[Reply] = field(default_factory=list)
    webhook: str = ""
    offsets: list[int | None] = field(default_factory=list)

    def __call__(self, call: Call) -> Reply:
        match call.path.rpartition("/")[2]:
            case "getUpdates":
                return self._updates(call)
            case "getWebhookInfo":
                return webhook_at(self.webhook)
            case "deleteWebhook":
                self.webhook = ""
                return as_json({"ok": True, "result": True})
        return Reply(404)

    def _updates(self, call: Call) -> Reply:
        assert "message" in json.loads(call.form["allowed_updates"])
        offset = int(call.form["offset"]) if "offset" in call.form else None
        self.offsets.append(offset)
        if self.faults:
            return self.faults.pop(0)
        if self.webhook:
            return refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        updates = [json.loads(raw) for raw in self.waiting]
        self.waiting = [
            raw for raw, one in zip(self.waiting, updates, strict=True) if one["update_id"] >= (offset or 0)
        ]
        return as_json({"ok": True, "result": [json.loads(raw) for raw in self.waiting]})


def refusal(code: int, description: str, **parameters: int) -> Reply:
    return as_json(
        {"ok": False, "error_code": code, "description": description, "parameters": parameters}, code
    )


@dataclass
class Pauses:
    """Takes the place of sleeping; ends the loop when `enough` says so."""

    enough: Callable[[], bool]
    taken: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        if self.enough():
            raise _Enough
        await asyncio.sleep(0)


@pytest.fixture
def telegram(provider: Provider) -> Telegram:
    telegram = Telegram()
    provider.answer = telegram
    return telegram


@pytest.fixture
async def bot(provider: Provider) -> AsyncIterator[Bot]:
    bot = make_bot("42:secret", provider.url)
    yield bot
    await bot.request.shutdown()


@pytest.fixture
def run(
    bot: Bot, intake: Intake, notices: Notices, database: Database, clock: Clock
) -> Callable[[Pauses], TelegramPolling]:
    return lambda pauses: TelegramPolling(bot, intake, notices, database, clock, pause=pauses)


Run = Callable[[Pauses], TelegramPolling]


async def until(run: Run, enough: Callable[[], bool]) -> list[float]:
    """Poll until `enough`, which is asked at every pause; returns the pauses taken."""
    pauses = Pauses(enough)
    with pytest.raises(_Enough):
        await run(pauses).run()
    return pauses.taken


def hallo(number: int) -> bytes:
    return update("message", message(text=f"Nachricht {number}", message_id=number), update_id=100 + number)


async def test_updates_are_stored_in_order_and_then_confirmed(
    run: Run, telegram: Telegram, database: Database
) -> None:
    telegram.waiting = [hallo(1), hallo(2), hallo(3)]

    await until(run, lambda: not telegram.waiting)

    items = await inbox_of(database)
    assert [item.provider_id for item in items] == ["101:7001:1", "102:7001:2", "103:7001:3"]
    assert [json.loads(item.raw) for item in items] == [json.loads(hallo(n)) for n in (1, 2, 3)]
    assert telegram.offsets == [None, 104]


async def test_nothing_is_confirmed_while_it_cannot_be_stored(
    run: Run, telegram: Telegram, database: Database, database_url: str
) -> None:
    telegram.waiting = [hallo(1)]
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE inbox RENAME TO away")

        def mended_at_the_third_pause() -> bool:
            if len(telegram.offsets) == 3:
                connection.execute("ALTER TABLE away RENAME TO inbox")
            return not telegram.waiting

        pauses = await until(run, mended_at_the_third_pause)

    assert telegram.offsets == [None, None, None, None, 102]
    assert pauses[:3] == [1, 2, 4]
    assert len(await inbox_of(database)) == 1


async def test_a_bad_update_is_quarantined_and_passed(
    run: Run, telegram: Telegram, database: Database
) -> None:
    bad = update("message", {"somefieldsaremissing": True}, update_id=102)
    telegram.waiting = [hallo(1), bad, hallo(3)]

    await until(run, lambda: not telegram.waiting)

    items = await inbox_of(database)
    assert [item.state for item in items] == ["waiting", "quarantined", "waiting"]
    assert telegram.offsets[-1] == 104


async def test_even_what_is_no_update_at_all_does_not_end_polling(
    run: Run, telegram: Telegram, database: Database
) -> None:
    telegram.faults = [as_json({"ok": True, "result": [{"update_id": "x"}, "y", None]})]

    await until(run, lambda: len(telegram.offsets) == 2)

    assert [item.state for item in await inbox_of(database)] == ["quarantined"] * 3
    assert telegram.offsets == [None, None]


async def test_updates_fetched_again_have_no_second_effect(
    run: Run, telegram: Telegram, database: Database
) -> None:
    for _ in range(2):
        telegram.waiting = [hallo(1)]
        await until(run, lambda: not telegram.waiting)

    assert len(await inbox_of(database)) == 1


async def test_faults_back_off_and_a_limit_waits_as_told(run: Run, telegram: Telegram) -> None:
    telegram.faults = [
        Reply(reset=True),
        Reply(502, b"<html>"),
        refusal(429, "Too Many Requests: retry after 17", retry_after=17),
        refusal(500, "Internal Server Error"),
        as_json([]),
    ]

    pauses = await until(run, lambda: not telegram.faults and len(telegram.offsets) == 6)

    assert pauses[:5] == [1, 2, 17, 8, 16]


async def test_a_second_poller_is_said_clearly_until_it_is_gone(
    run: Run, telegram: Telegram, database: Database
) -> None:
    conflict = refusal(409, "Conflict: terminated by other getUpdates request; make sure that only one runs")
    telegram.faults = [conflict, conflict]

    await until(run, lambda: len(telegram.faults) == 0)
    assert "Another program" in (await notice_of(database) or "")

    await until(run, lambda: True)
    assert await notice_of(database) is None


async def test_our_own_webhook_gives_way(run: Run, telegram: Telegram, database: Database) -> None:
    telegram.webhook = f"https://old.example{PATH}"
    telegram.waiting = [hallo(1)]

    await until(run, lambda: not telegram.waiting)

    assert len(await inbox_of(database)) == 1


async def test_another_systems_webhook_is_left_and_said(
    run: Run, telegram: Telegram, database: Database
) -> None:
    telegram.webhook = "https://other.example/hook"

    await until(run, lambda: len(telegram.offsets) == 2)

    assert telegram.webhook == "https://other.example/hook"
    assert "other.example" in (await notice_of(database) or "")


@pytest.mark.parametrize("code", [401, 404])
async def test_a_refused_token_ends_polling_and_is_said(
    run: Run, telegram: Telegram, database: Database, code: int
) -> None:
    telegram.faults = [refusal(code, "Unauthorized")]

    await run(Pauses(lambda: True)).run()

    assert "BAURUF_TELEGRAM_TOKEN" in (await notice_of(database) or "")


async def test_only_one_of_two_polls_and_the_other_follows(
    bot: Bot, intake: Intake, notices: Notices, database: Database, clock: Clock, telegram: Telegram
) -> None:
    polled: asyncio.Queue[str] = asyncio.Queue(1)

    def poller(name: str) -> asyncio.Task[None]:
        async def pause(_: float) -> None:
            await polled.put(name)

        polling = TelegramPolling(bot, intake, notices, database, clock, pause=pause)
        return asyncio.create_task(polling.run())

    first = poller("first")
    assert await polled.get() == "first"
    second = poller("second")
    assert [await polled.get() for _ in range(10)] == ["first"] * 10

    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    while await polled.get() == "first":
        pass
    assert await polled.get() == "second"
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
