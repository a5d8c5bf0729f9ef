"""Keeping passwords: argon2id with the library's current parameters, renewed when those rise."""

from __future__ import annotations

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.errors import BadInput

MIN_LENGTH = 10
MAX_LENGTH = 200
_AT_ONCE = 2  # argon2id takes 64 MiB and a core for about 50 ms a try


class Passwords:
    """Hashes and checks passwords off the event loop, two at a time."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._busy = asyncio.Semaphore(_AT_ONCE)
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """The hash to store. Raises BadInput when the password is too short or too long."""
        if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
            raise BadInput(
                "bad_password",
                f"A password needs {MIN_LENGTH} to {MAX_LENGTH} characters; this one has {len(password)}.",
                min_length=MIN_LENGTH,
                max_length=MAX_LENGTH,
            )
        return await self._hash(password)

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password fits. Without a stored hash it takes as long, and never fits."""
        if stored is None:
            if self._nobody is None:
                self._nobody = await self._hash(secrets.token_urlsafe())
            await self._check(self._nobody, password)
            return False
        return await self._check(stored, password)

    async def renewed(self, stored: str, password: str) -> str | None:
        """A stronger hash of the same password, if the stored one was made with weaker parameters."""
        return await self._hash(password) if self._hasher.check_needs_rehash(stored) else None

    async def _hash(self, password: str) -> str:
        async with self._busy:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def _check(self, stored: str, password: str) -> bool:
        async with self._busy:
            try:
                return await asyncio.to_thread(self._hasher.verify, stored, password)
            except (VerificationError, InvalidHashError):
                return False
