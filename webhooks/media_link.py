"""Links under which a provider fetches a file we send: signed, expiring, saying all that is needed.

Twilio takes no upload; it asks for the file with GET and HEAD and compares the Content-Type with
what it finds (its page "Accepted content types for media"), and takes the name from
Content-Disposition. The link itself carries path, type and name under a signature, so serving it
needs no database, and nobody can make or change one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

from bot.errors import Forbidden, NotFound
from bot.messages import Attachment

LIFETIME = timedelta(hours=12)
"""Longer than the ten hours a message may wait in Twilio's own queue (its ValidityPeriod)."""


@dataclass(frozen=True, slots=True)
class LinkedFile:
    """What a valid link stands for."""

    path: Path
    mime: str
    filename: str


class MediaLinks:
    """Makes and checks links to files below `media_dir`.

    The signing key is derived from `secret` (the provider's token), so it needs no setting of its
    own and changes with the token.
    """

    def __init__(
        self, *, secret: str, public_url: str, media_dir: Path, clock: Callable[[], datetime]
    ) -> None:
        self._key = hmac.digest(secret.encode(), b"bauruf media link", hashlib.sha256)
        self._public_url = public_url
        self._media_dir = media_dir.resolve()
        self._clock = clock

    def url(self, attachment: Attachment) -> str:
        """The link to one stored file. Raises ValueError if the file lies outside the media directory."""
        path = attachment.path.resolve().relative_to(self._media_dir).as_posix()
        expires = int((self._clock() + LIFETIME).timestamp())
        content = json.dumps([expires, path, attachment.mime, attachment.filename]).encode()
        return f"{self._public_url}/media/{_encode(content)}.{_encode(self._sign(content))}"

    def open(self, token: str) -> LinkedFile:
        """What a link's token stands for. Raises Forbidden for a forged or expired one."""
        head, _, tail = token.partition(".")
        try:
            content, signature = _decode(head), _decode(tail)
        except (binascii.Error, ValueError):
            raise Forbidden("bad_link", "This link is not valid.") from None
        if not hmac.compare_digest(signature, self._sign(content)):
            raise Forbidden("bad_link", "This link is not valid.")
        expires, path, mime, filename = json.loads(content)
        if self._clock().timestamp() > expires:
            raise Forbidden("link_expired", "This link has expired.")
        return LinkedFile(self._media_dir / path, mime, filename)

    def _sign(self, content: bytes) -> bytes:
        return hmac.digest(self._key, content, hashlib.sha256)


def routes(links: MediaLinks) -> APIRouter:
    """`GET /media/{token}` and HEAD. The file is shown, never run: a browser that opens it gets a sandbox."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/media/{token}", methods=["GET", "HEAD"])
    def media(token: str) -> FileResponse:
        file = links.open(token)
        if not file.path.is_file():
            raise NotFound("file_gone", "The file is no longer stored.")
        return FileResponse(
            file.path,
            media_type=file.mime,
            filename=file.filename,
            content_disposition_type="inline",
            headers={
                "Cache-Control": "private, no-store",
                "Content-Security-Policy": "default-src 'none'; sandbox",
                "X-Content-Type-Options": "nosniff",
            },
        )

    return router


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
