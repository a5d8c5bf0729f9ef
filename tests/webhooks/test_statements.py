"""What a message costs: the statements on its way from the door to the provider, counted on the wire.

Each is a round trip, and together they are half of a message's cost (docs/decisions/0009-few-round-trips.md).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from bot.demo.world import seed
from bot.drain import Drain
from bot.settings import Settings
from nlu.linear import LinearUnderstander
from tests.conftest import Clock
from tests.drill.bot_api import TOKEN, BotApi
from tests.drill.processes import SECRET
from tests.drill.questions import FIRST_CHAT, Question, questions
from tests.drill.serving import serving
from tests.wire import Wire, tapped
from webhooks.app import create_app
from webhooks.system import System

# Asked by the clock and not by a message: rewordings and costs every few seconds, and one hint for many.
_BY_THE_CLOCK = ("FROM answers", "FROM policies", "NOTIFY", "SET plan_cache_mode")

_HISTORY = """
    WITH others AS (
        INSERT INTO endpoints (channel, address, thread)
        SELECT 'telegram', n::text, 'telegram:' || n FROM generate_series(1, 100) AS n
        RETURNING id
    ), talks AS (
        INSERT INTO conversations (endpoint_id, language, last_message_at, last_inbound_at)
        SELECT id, 'de', now(), now() FROM others
        RETURNING id, endpoint_id
    ), taken AS (
        INSERT INTO inbox (channel, provider_id, thread, raw, state)
        SELECT 'telegram', 'old:' || n, 'telegram:' || n % 100 + 1, '', 'done'
        FROM generate_series(1, 10000) AS n
    ), said AS (
        INSERT INTO messages (conversation_id, endpoint_id, author, kind, text, at)
        SELECT id, endpoint_id, 'bot', 'text', 'Ja', now() FROM talks, generate_series(1, 100)
        RETURNING id, endpoint_id, conversation_id
    ), told AS (
        INSERT INTO events (conversation_id, message_id, kind, actor)
        SELECT conversation_id, id, 'message.created', 'bot' FROM said
    )
    INSERT INTO deliveries (endpoint_id, message_id, body, state, attempts)
    SELECT endpoint_id, id, '{"text": "Ja"}', 'sent', 1 FROM said"""


@dataclass
class Line:
    """A system with the wire to its database tapped, Telegram in front of it and behind it."""

    system: System
    wire: Wire
    telegram: httpx.AsyncClient
    api: BotApi
    asked: Iterator[Question] = field(default_factory=lambda: questions([FIRST_CHAT] * 100))

    async def delivers(self, question: Question) -> int:
        """Telegram calls; returns the number of statements until it has its answer."""
        self.wire.taken()
        answer = await self.telegram.post(
            "/webhooks/telegram",
            content=question.update(),
            headers={"X-Telegram-Bot-Api-Secret-Token": SECRET},
        )
        assert answer.status_code == 200
        return self._executed()

    async def drains(self) -> int:
        """A wake-up is followed; returns the number of statements until there is nothing left to do."""
        self.wire.taken()
        await Drain(self.system.turns, self.system.outbox)(f"telegram:{FIRST_CHAT}")
        return self._executed()

    async def answers(self, question: Question) -> tuple[int, int]:
        """A question is asked and answered; returns the statements of the door and of the drain."""
        before = len(self.api.received)
        counts = await self.delivers(question), await self.drains()
        assert [question.article in call.text for call in self.api.received[before:]] == [True]
        return counts

    def _executed(self) -> int:
        statements = [one for one in self.wire.taken() if not any(word in one for word in _BY_THE_CLOCK)]
        print(*statements, sep="\n")  # noqa: T201 - shown when the test fails
        return len(statements)


@pytest.fixture
async def line(
    database_url: str, tmp_path: Path, engine: LinearUnderstander, clock: Clock
) -> AsyncIterator[Line]:
    api = BotApi()
    async with tapped(database_url) as wire, serving(api) as address:
        settings = Settings(
            _env_file=None,
            database_url=wire.url,
            data_dir=tmp_path,
            telegram_token=SecretStr(TOKEN),
            telegram_secret=SecretStr(SECRET),
            telegram_api_url=f"{address}/here",
            public_url="https://desk.example",
        )
        app = await asyncio.to_thread(create_app, settings, work=False, clock=clock, understander=engine)
        system: System = app.state.system
        async with system.database.begin() as conn:
            await seed(conn, settings.media_dir, clock().date())
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="https://desk.example") as telegram:
            line = Line(system, wire, telegram, api)
            for _ in range(2):  # the first word opens the conversation; connections open
                await line.answers(next(line.asked))
            yield line
        await system.channels.close()
        await system.http.aclose()
        await system.database.close()


async def test_a_plain_question(line: Line) -> None:
    # The door stores and wakes. The drain looks what waits and who writes, looks the article up,
    # writes the turn, and writes what became of the send.
    assert await line.answers(next(line.asked)) == (1, 5)


async def test_a_repeated_delivery(line: Line) -> None:
    question = next(line.asked)
    await line.answers(question)
    assert await line.delivers(question) == 1
    assert await line.drains() == 2  # if somebody has woken the thread for nothing


async def test_a_long_history_changes_nothing(line: Line) -> None:
    before = await line.answers(next(line.asked))
    async with line.system.database.begin() as conn:
        await conn.execute(text(_HISTORY))
        assert (await conn.execute(text("SELECT count(*) FROM messages"))).scalar_one() > 10_000
    assert await line.answers(next(line.asked)) == before
