"""Calling a CRM over HTTP: deadlines, size limits, limits of calls, and errors in our own words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx

from bot.accounts.crm import CrmAway, CrmNonsense

_MOST_BYTES = 20_000_000  # of one answer; the largest page asked for stays far below
_PATIENCE = 3  # tries when it says how long to wait
_LONGEST_WAIT = 30.0  # seconds; a longer wait is left to the caller
TIMEOUT = httpx.Timeout(15.0, connect=5.0)

Json = dict[str, Any]


class Answer:
    """A complete answer: its status, and its body as JSON once asked for."""

    def __init__(self, title: str, status: int, headers: httpx.Headers, body: bytes) -> None:
        self._title = title
        self.status = status
        self.headers = headers
        self._body = body

    def json(self) -> Any:
        """The body. Raises CrmNonsense."""
        try:
            return json.loads(self._body)
        except ValueError:
            raise CrmNonsense(
                f"{self._title} answered {self.status} with {len(self._body)} bytes that are no JSON"
            ) from None

    def object(self) -> Json:
        """The body as an object. Raises CrmNonsense."""
        value = self.json()
        if not isinstance(value, dict):
            raise CrmNonsense(f"{self._title} answered {self.status} with something that is no object")
        return value


class CrmClient:
    """Sends requests to one CRM. `judge` turns an answer that is no success into the CRM's own error.

    Answers of 5xx, time-outs and lost connections are CrmAway; a wait that the CRM names is kept to,
    a few times, within the caller's own deadline.
    """

    def __init__(self, http: httpx.AsyncClient, title: str, judge: Callable[[Answer], None]) -> None:
        self._http = http
        self._title = title
        self._judge = judge

    async def send(self, request: httpx.Request) -> Answer:
        """Send, and send again if it asked for a moment. Raises CrmError."""
        for tries_left in reversed(range(_PATIENCE)):
            try:
                return await self._once(request)
            except CrmAway as away:
                if away.after is None or away.after > _LONGEST_WAIT or not tries_left:
                    raise
                await asyncio.sleep(away.after)
        raise AssertionError("the last try returns or raises")

    async def _once(self, request: httpx.Request) -> Answer:
        body = bytearray()
        try:
            response = await self._http.send(request, stream=True)
            try:
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > _MOST_BYTES:
                        raise CrmNonsense(f"{self._title} answered with more than {_MOST_BYTES} bytes")
            finally:
                await response.aclose()
        except httpx.TimeoutException:
            raise CrmAway(f"{self._title} did not answer in time") from None
        except httpx.HTTPError as error:
            raise CrmAway(f"{self._title} cannot be reached ({type(error).__name__})") from None
        answer = Answer(self._title, response.status_code, response.headers, bytes(body))
        if answer.status >= 500:
            raise CrmAway(f"{self._title} answered {answer.status}")
        if answer.status >= 300:
            self._judge(answer)
            raise CrmNonsense(f"{self._title} answered {answer.status}")
        return answer


def wait_of(answer: Answer) -> float | None:
    """What Retry-After asks for, seconds; None when it says nothing readable."""
    try:
        return max(float(answer.headers.get("retry-after", "")), 0.0)
    except ValueError:
        return None
