"""Twilio's own client, called from threads, with its failures turned into `SendError`s.

The sync client is used because the async one ignores its time-out, repeats POSTs and sends Content
JSON as a form. It keeps the last response on itself and returns that, so two threads sharing one
would read each other's answers: every thread has its own.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import requests
import urllib3.exceptions
from twilio.base.exceptions import (  # type: ignore[import-untyped]
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)
from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from bot.messages import OutcomeUnknown, RetryLater, SendError
from webhooks.whatsapp.errors import send_error

_TIMEOUT_SECONDS = 10
_CALLS_AT_ONCE = 32  # 80 messages a second, the most a sender may, at 0.4 s a call


class TwilioClient:
    """The few calls we make. Every method raises `SendError` and nothing else."""

    def __init__(self, *, account_sid: str, auth_token: str, api_url: str) -> None:
        self._account_sid = account_sid
        self._auth_token = auth_token
        self._api_url = api_url
        self._threads = ThreadPoolExecutor(_CALLS_AT_ONCE, thread_name_prefix="twilio")
        self._own = threading.local()

    async def create_message(self, **fields: Any) -> str:
        """Send a message (parameters of `client.messages.create`); returns its MessageSid."""
        message = await self._call(lambda client: client.messages.create(**fields))
        return str(message.sid)

    async def show_typing(self, message_sid: str) -> None:
        """Show "typing…" for 25 seconds under the message we answer; marks it as read, too (beta)."""
        await self._call(
            lambda client: client.messaging.v2.typing_indicator.create(
                channel="whatsapp", message_id=message_sid
            )
        )

    def close(self) -> None:
        """Take no more calls; those under way end by themselves."""
        self._threads.shutdown(wait=False)

    async def _call(self, do: Callable[[Client], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._do, do)

    def _do(self, do: Callable[[Client], Any]) -> Any:
        try:
            return do(self._client())
        except (TwilioRestException, TwilioServiceException) as error:
            raise send_error(str(error.code) if error.code else None, status=error.status) from error
        except requests.RequestException as error:
            raise _unreached(error) from error
        except (TwilioException, ValueError) as error:
            raise OutcomeUnknown("Twilio's answer could not be understood.") from error

    def _client(self) -> Client:
        if not hasattr(self._own, "client"):
            http = TwilioHttpClient(timeout=_TIMEOUT_SECONDS, request_hooks={"response": [_stop_at_limit]})
            client = Client(self._account_sid, self._auth_token, http_client=http)
            client.api.base_url = client.messaging.base_url = self._api_url
            if self._api_url == "https://api.twilio.com":
                client.messaging.base_url = "https://messaging.twilio.com"
            self._own.client = client
        return self._own.client


def _stop_at_limit(response: requests.Response, *_: Any, **__: Any) -> None:
    """Read Retry-After, which Twilio's exceptions do not carry."""
    if response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
        return
    try:
        code = str(response.json()["code"])
    except (ValueError, KeyError, TypeError):
        code = None
    wait = response.headers.get("retry-after", "")
    after = timedelta(seconds=int(wait)) if wait.isascii() and wait.isdigit() else None
    raise send_error(code, status=response.status_code, after=after)


def _unreached(error: requests.RequestException) -> SendError:
    """Whether the call can have gone out decides between trying again and trying again with a flag."""
    cause: object = error.args[0] if error.args else None
    if isinstance(cause, urllib3.exceptions.MaxRetryError):
        cause = cause.reason
    if isinstance(cause, urllib3.exceptions.SSLError) and cause.args:
        cause = cause.args[0]
    never_connected = (
        urllib3.exceptions.NewConnectionError,
        urllib3.exceptions.ConnectTimeoutError,
        urllib3.exceptions.ProxyError,
        ssl.SSLCertVerificationError,
    )
    if isinstance(cause, never_connected):
        return RetryLater("Twilio cannot be reached.")
    return OutcomeUnknown("Twilio did not answer; the message may have been sent.")
