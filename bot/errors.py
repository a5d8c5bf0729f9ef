"""Errors that carry their own HTTP status and a sentence a person can act on.

BaurufError
├── BadInput          422  what was wrong, where, and what was expected
├── TooLarge          413
├── NotSignedIn       401
├── Forbidden         403
├── NotFound          404
├── Conflict          409  somebody else was faster; says who
├── Throttled         429  carries retry_after, seconds
└── Unavailable       503
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class BaurufError(Exception):
    """Base of every error that reaches a person. `code` is stable for programs, the message is for people."""

    status = 500

    def __init__(self, code: str, message: str, **detail: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.detail: Mapping[str, Any] = detail


class BadInput(BaurufError):
    """The request, file or setting cannot be used as it is."""

    status = 422


class TooLarge(BaurufError):
    """Over a size limit; the message names the limit."""

    status = 413


class NotSignedIn(BaurufError):
    """No valid session."""

    status = 401


class Forbidden(BaurufError):
    """Signed in, but not allowed; or a wrong signature, secret or CSRF token."""

    status = 403


class NotFound(BaurufError):
    """There is no such thing, or not for this person."""

    status = 404


class Conflict(BaurufError):
    """The state has moved on meanwhile; the message says how."""

    status = 409


class Throttled(BaurufError):
    """Too many tries. `retry_after` in seconds."""

    status = 429

    def __init__(self, code: str, message: str, *, retry_after: int) -> None:
        super().__init__(code, message, retry_after=retry_after)
        self.retry_after = retry_after


class Unavailable(BaurufError):
    """Something we depend on is away."""

    status = 503
