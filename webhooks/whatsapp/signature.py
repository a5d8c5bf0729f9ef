"""Is a call really Twilio's? HMAC-SHA1 over the address Twilio called and every parameter it sent.

Source: Twilio's page "Webhooks security" and its published test vectors. Blank, unknown and
repeated parameters are part of what is signed.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from fastapi import Request
from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

MOST_FIELDS = 300
"""Twilio sends about 30 parameters; ten media add 20."""


def form(body: bytes) -> list[tuple[str, str]]:
    """The parameters of a form in order, blank ones too. Raises ValueError for more than MOST_FIELDS."""
    return parse_qsl(
        body.decode("utf-8", "replace"),
        keep_blank_values=True,
        encoding="utf-8",
        errors="replace",
        max_num_fields=MOST_FIELDS,
    )


def called_url(request: Request, public_url: str | None) -> str:
    """The address Twilio called: ours as the world sees it, with path and query as they came over the wire.

    A decoded path (%C3%BC, %2F) or the inner address behind a proxy would fail the check. Before
    `public_url` is set, the host the caller named stands in for it.
    """
    base = public_url or f"{request.scope['scheme']}://{request.headers.get('host', '')}"
    path = (request.scope.get("raw_path") or request.scope["path"].encode()).decode("latin-1")
    query = request.scope["query_string"].decode("latin-1")
    return f"{base}{path}?{query}" if query else f"{base}{path}"


def is_signed(*, auth_token: str, url: str, body: bytes, signature: str | None) -> bool:
    """Whether `signature` (the X-Twilio-Signature header) fits; False without one.

    A body that is no form counts as JSON, which Twilio covers by a bodySHA256 in the query.
    """
    if not signature:
        return False
    validator = RequestValidator(auth_token)
    try:
        if "bodySHA256=" in urlsplit(url).query:
            return bool(validator.validate(url, body.decode("utf-8", "replace"), signature))
        return bool(validator.validate(url, ImmutableMultiDict(form(body)), signature))
    except ValueError:  # too many parameters, or a host header that is no host
        return False
