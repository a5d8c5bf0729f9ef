"""How often somebody may call."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.errors import Throttled

_MOST_KEYS = 10_000


class RateLimit:
    """At most `most` calls within `span` for each key, counted in this process."""

    def __init__(self, most: int, span: timedelta, now: Callable[[], datetime]) -> None:
        self._most = most
        self._span = span
        self._now = now
        self._calls: dict[str, deque[datetime]] = {}

    def check(self, key: str) -> None:
        """Count a call. Raises Throttled when there were too many."""
        now = self._now()
        if len(self._calls) > _MOST_KEYS:
            self._calls = {k: calls for k, calls in self._calls.items() if calls[-1] > now - self._span}
        calls = self._calls.setdefault(key, deque())
        while calls and calls[0] <= now - self._span:
            calls.popleft()
        if len(calls) >= self._most:
            wait = calls[0] + self._span - now
            raise Throttled(
                "throttled",
                "Too many messages at once. Please wait a moment.",
                retry_after=max(1, round(wait.total_seconds())),
            )
        calls.append(now)
