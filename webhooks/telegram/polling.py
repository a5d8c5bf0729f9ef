"""Fetching updates from Telegram: the newcomer's way, which needs no public address.

Fetched updates are confirmed to Telegram (by the next offset) only after they are stored, so none
is lost when the process dies. What cannot be parsed is stored in quarantine and passed.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

import httpx
import psycopg
import structlog
from procrastinate.exceptions import ProcrastinateException
from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot

from bot.notices import Notices
from bot.storage.database import Database
from webhooks.intake import Intake
from webhooks.telegram.errors import BAD_TOKEN
from webhooks.telegram.parsing import ALLOWED_UPDATES, parse
from webhooks.telegram.webhook import NOTICE, leave_webhook

log = structlog.get_logger(__name__)

_POLL_SECONDS = 30  # how long Telegram holds the call when there is nothing
_BREATH_SECONDS = 0.2  # after an empty answer, for a server that does not hold the call
_CONFLICT_SECONDS = 5.0
_LONGEST_PAUSE = 60.0

_STORE_AWAY = (SQLAlchemyError, ProcrastinateException, psycopg.Error)


class _NoUpdates(Exception):
    """Telegram's answer is an error: its code (0 if it is no Bot API answer), words, and wait in seconds."""

    def __init__(self, code: int, description: str, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.description = description
        self.retry_after = retry_after


class TelegramPolling:
    """The loop. Among all processes on one database only one polls (Telegram allows one).

    `pause` waits for seconds; tests bring their own.
    """

    def __init__(
        self,
        bot: Bot,
        intake: Intake,
        notices: Notices,
        database: Database,
        clock: Callable[[], datetime],
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._intake = intake
        self._notices = notices
        self._database = database
        self._clock = clock
        self._pause = pause

    async def run(self) -> None:
        """Poll until cancelled. Ends by itself only when Telegram refuses the token; the operator is told."""
        timeout = httpx.Timeout(10, read=_POLL_SECONDS + 10)
        async with (
            self._database.leadership("telegram polling"),
            httpx.AsyncClient(timeout=timeout) as client,
        ):
            offset: int | None = None
            failures = 0
            while True:
                try:
                    updates = await self._fetch(client, offset)
                    confirms = await self._keep(updates)
                except _NoUpdates as error:
                    if error.code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
                        await self._notices.show(NOTICE, BAD_TOKEN)
                        return
                    failures += 1
                    await self._pause(await self._wait_for(error, failures))
                except (httpx.HTTPError, *_STORE_AWAY) as error:
                    failures += 1
                    log.warning("polling again", reason=type(error).__name__, failures=failures)
                    await self._pause(_back_off(failures))
                else:
                    failures = 0
                    if confirms is None:
                        await self._pause(_BREATH_SECONDS)
                    else:
                        offset = confirms

    async def _fetch(self, client: httpx.AsyncClient, offset: int | None) -> Sequence[Any]:
        """Updates as they are, unparsed: the library's get_updates fails as a whole on a single bad one."""
        fields = {"timeout": str(_POLL_SECONDS), "allowed_updates": json.dumps(ALLOWED_UPDATES)}
        if offset is not None:
            fields["offset"] = str(offset)
        response = await client.post(f"{self._bot.base_url}/getUpdates", data=fields)
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise _NoUpdates(0, "no JSON object")
        result = answer.get("result")
        if response.is_success and isinstance(result, list):
            return result
        parameters = answer.get("parameters")
        wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
        raise _NoUpdates(response.status_code, str(answer.get("description", "")), wait)

    async def _keep(self, updates: Sequence[Any]) -> int | None:
        """Store all; returns the offset that confirms them, None if there is nothing to confirm."""
        if updates:
            now = self._clock()
            await self._intake.accept(*(parse(json.dumps(update).encode(), now) for update in updates))
        await self._notices.clear(NOTICE)
        ids = [
            update["update_id"]
            for update in updates
            if isinstance(update, dict) and isinstance(update.get("update_id"), int)
        ]
        return max(ids, default=-1) + 1 or None

    async def _wait_for(self, error: _NoUpdates, failures: int) -> float:
        log.warning("polling again", code=error.code, failures=failures)
        if error.retry_after is not None:
            return error.retry_after
        if error.code != HTTPStatus.CONFLICT:
            return _back_off(failures)
        if "webhook" not in error.description.lower():
            await self._notices.show(
                NOTICE,
                "Another program fetches this Telegram bot's messages. Only one may: stop the other one, or"
                " set BAURUF_TELEGRAM_TOKEN to another bot's token.",
            )
        elif await leave_webhook(self._bot, self._notices):
            return 0
        return _CONFLICT_SECONDS


def _back_off(failures: int) -> float:
    """1, 2, 4 … seconds, up to a minute."""
    return min(2.0 ** min(failures - 1, 6), _LONGEST_PAUSE)
