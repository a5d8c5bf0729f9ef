"""One-time codes and tokens: made, shown, hashed and compared.

A code has six digits, counts for ten minutes and five tries, and only in the conversation that asked for
it. A million codes are quickly tried against a fast hash, so it is a slow and salted one.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import timedelta

CODE_LASTS = timedelta(minutes=10)
MOST_TRIES = 5
INVITATION_LASTS = timedelta(days=7)

_SALT_BYTES = 16
_CODE = re.compile(r"(?<!\d)(\d{3})[ \t.-]?(\d{3})(?!\d)")
_DIGITS = re.compile(r"\s*\d[\d \t.-]{2,9}\s*")


def new_code() -> str:
    """Six digits."""
    return f"{secrets.randbelow(10**6):06}"


def hash_code(code: str, salt: bytes | None = None) -> bytes:
    """Salt and scrypt of a code; takes some 30 ms, so call it in a thread."""
    salt = salt or secrets.token_bytes(_SALT_BYTES)
    return salt + hashlib.scrypt(code.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)


def same_code(code: str, hashed: bytes) -> bool:
    """Whether a code is the hashed one, in constant time; call it in a thread."""
    return hmac.compare_digest(hash_code(code, hashed[:_SALT_BYTES]), hashed)


def find_code(text: str) -> str | None:
    """The code in what somebody wrote: "123456", "123 456", "Der Code ist 123-456"."""
    found = _CODE.search(text)
    return found[1] + found[2] if found else None


def looks_like_code(text: str) -> bool:
    """Whether somebody typed digits and nothing else, of whatever number."""
    return _DIGITS.fullmatch(text) is not None


def mask(address: str) -> str:
    """An e-mail address shown to whoever should know it: "j•••@hoffmann.example"."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}•••@{domain}"


def new_token() -> str:
    """A secret of 192 bits, fit for Telegram's /start (at most 64 of A-Za-z0-9_-)."""
    return secrets.token_urlsafe(24)


def hash_token(token: str) -> bytes:
    """SHA-256 of a token: long enough that a fast hash is safe."""
    return hashlib.sha256(token.encode()).digest()
