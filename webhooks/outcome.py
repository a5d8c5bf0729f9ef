"""What an HTTP exchange with a provider says about the call we made."""

from __future__ import annotations

from datetime import timedelta

import httpx

_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


def was_never_sent(error: httpx.HTTPError) -> bool:
    """True if the call cannot have reached the provider; else nobody knows what became of it."""
    return isinstance(error, _NEVER_SENT)


def retry_after(response: httpx.Response) -> timedelta | None:
    """How long a Retry-After header in seconds asks to wait; None without one (or with a date)."""
    value = response.headers.get("retry-after", "")
    return timedelta(seconds=int(value)) if value.isascii() and value.isdigit() and len(value) < 8 else None
