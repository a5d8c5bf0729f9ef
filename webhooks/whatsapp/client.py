"""Twilio's own client, called from threads, with its failures turned into `SendError`s.

The sync client is used because the async one ignores its time-out, repeats POSTs and sends Content
JSON as a form. Underneath it speaks httpx: its own HTTP client keeps the last response on itself
and returns that, so threads sharing it read each other's answers, and it hides Retry-After.
Measured on one core: 1.3 ms of CPU a send with httpx, 1.8 ms with its own.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

import httpx
from twilio.base.exceptions import (  # type: ignore[import-untyped]
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)
from twilio.http import HttpClient  # type: ignore[import-untyped]
from twilio.http.response import Response  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from bot.channel import OutcomeUnknown, RetryLater
from webhooks.outcome import retry_after, was_never_sent
from webhooks.whatsapp.errors import send_error

TWILIO = "https://api.twilio.com"

_TIMEOUT_SECONDS = 10.0
_CALLS_AT_ONCE = 32  # 80 messages a second, the most a sender may, at 0.4 s a call


class TwilioClient:
    """The few calls we make. Every method raises `SendError` and nothing else. `timeout` in seconds.

    `api_url` other than Twilio's own is another server that stands in for all of Twilio's.
    """

    def __init__(
        self, *, account_sid: str, auth_token: str, api_url: str, timeout: float = _TIMEOUT_SECONDS
    ) -> None:
        self._http = _Http(timeout)
        self._client = Client(account_sid, auth_token, http_client=self._http)
        if api_url != TWILIO:
            self._client.api.base_url = self._client.messaging.base_url = api_url
        self._threads = ThreadPoolExecutor(_CALLS_AT_ONCE, thread_name_prefix="twilio")

    async def create_message(self, **fields: Any) -> str:
        """Send a message (parameters of `client.messages.create`); returns its MessageSid."""
        message = await self._call(lambda: self._client.messages.create(**fields))
        return str(message.sid)

    async def show_typing(self, message_sid: str) -> None:
        """Show "typing…" for 25 seconds under the message we answer; marks it as read, too (beta)."""
        typing = self._client.messaging.v2.typing_indicator
        await self._call(lambda: typing.create(channel="whatsapp", message_id=message_sid))

    async def close(self) -> None:
        """Take no more calls, and wait for those under way."""
        await asyncio.to_thread(self._threads.shutdown)
        self._http.close()

    async def _call(self, do: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, _told_apart, do)


def _told_apart(do: Callable[[], Any]) -> Any:
    try:
        return do()
    except (TwilioRestException, TwilioServiceException) as error:
        raise send_error(str(error.code) if error.code else None, status=error.status) from error
    except httpx.HTTPError as error:
        if was_never_sent(error):
            raise RetryLater("Twilio cannot be reached.") from error
        raise OutcomeUnknown("Twilio did not answer; the message may have been sent.") from error
    except (TwilioException, ValueError) as error:
        raise OutcomeUnknown("Twilio's answer could not be understood.") from error


class _Http(HttpClient):  # type: ignore[misc]
    """The HTTP client underneath Twilio's: forms in, JSON out, no redirects, no repeats."""

    def __init__(self, timeout: float) -> None:
        super().__init__(logging.getLogger("twilio.http_client"), is_async=False, timeout=timeout)
        self._client = httpx.Client(timeout=timeout, limits=httpx.Limits(max_connections=_CALLS_AT_ONCE))

    def close(self) -> None:
        self._client.close()

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Called by Twilio's client, with names of its own. Raises RetryLater for a 429."""
        response = self._client.request(method, uri, params=params, data=data, headers=headers, auth=auth)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            raise send_error(_code(response), status=response.status_code, after=retry_after(response))
        return Response(response.status_code, response.text, dict(response.headers))


def _code(response: httpx.Response) -> str | None:
    try:
        return str(response.json()["code"])
    except (ValueError, KeyError, TypeError):
        return None
