"""Logging in and staying logged in.

A session is a random token in a cookie; the database knows only its SHA-256. It ends 12 hours after
its last use and 7 days after the login at the latest. Tries are counted per e-mail and per client
address before the password is looked at, so that many tries at once gain nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import Forbidden, NotSignedIn, Throttled
from bot.storage import agents as storage
from bot.storage import events
from bot.storage.agents import DeskAgent
from bot.storage.database import Database
from handoff.passwords import Passwords

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
_RENEW_AFTER = timedelta(minutes=30)  # how stale the stored end may get, so that reading rarely writes

_REMEMBER = timedelta(hours=24)
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(minutes=15)
_FREE_TRIES_EMAIL = 5
_FREE_TRIES_ADDRESS = 20  # a whole company may share one address


@dataclass(frozen=True, slots=True)
class Session:
    """A login in use: who, and the secret that changing requests must repeat."""

    agent: DeskAgent
    csrf: str
    token_hash: bytes

    def check_csrf(self, given: str | None) -> None:
        """Raises Forbidden unless `given` is this session's CSRF token."""
        if given is None or not hmac.compare_digest(given.encode(), self.csrf.encode()):
            raise Forbidden("csrf", "This page is out of date. Please reload it.")


@dataclass(frozen=True, slots=True)
class Login:
    """A new session and the token for the cookie, which is told only once."""

    session: Session
    token: str


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _wait(count: int, free: int) -> timedelta:
    """How long to wait after `count` failed tries: nothing, then a minute, doubling up to 15."""
    if count < free:
        return timedelta(0)
    doublings = min(count - free, 10)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)


class Sessions:
    """Opens, finds and ends sessions."""

    def __init__(self, database: Database, passwords: Passwords, now: Callable[[], datetime]) -> None:
        self._database = database
        self._passwords = passwords
        self._now = now

    async def log_in(self, email: str, password: str, address: str) -> Login:
        """Check the password and open a session.

        Raises Throttled after too many failed tries from `address` or for `email`, and NotSignedIn
        with the same words, after the same time, for an unknown e-mail and a wrong password.
        """
        keys = {
            f"address:{address}": _FREE_TRIES_ADDRESS,
            f"email:{email.strip().lower()}": _FREE_TRIES_EMAIL,
        }
        tried_at = await self._count_try(keys)
        async with self._database.read() as conn:
            found = await storage.find_login(conn, email.strip())
        stored = found[1] if found is not None and found[0].active else None
        fits = await self._passwords.verify(stored, password)
        if found is None or not fits:
            raise NotSignedIn("wrong_login", "E-mail and password do not match.")
        agent, stored_hash = found
        renewed = await self._passwords.renewed(stored_hash, password)
        token, csrf, now = secrets.token_urlsafe(32), secrets.token_urlsafe(32), self._now()
        async with self._database.begin() as conn:
            for key in keys:
                await storage.forgive(conn, key, at=tried_at if key.startswith("address:") else None)
            if renewed is not None:
                await storage.change(conn, agent.id, {"password_hash": renewed})
            await storage.add_session(
                conn,
                token_hash=_hash(token),
                agent_id=agent.id,
                csrf=csrf,
                now=now,
                expires_at=now + IDLE,
            )
            await events.append(conn, kind="agent.login", actor=f"agent:{agent.id}")
        return Login(Session(agent, csrf, _hash(token)), token)

    async def _count_try(self, keys: dict[str, int]) -> datetime:
        """Count this try as failed under every key; it is forgiven when the password fits."""
        now = self._now()
        async with self._database.begin() as conn:
            for key, free in sorted(keys.items()):
                await storage.lock_login(conn, key)
                failures = await storage.failures(conn, key, now - _REMEMBER)
                if failures.last is not None:
                    ready = failures.last + _wait(failures.count, free)
                    if ready > now:
                        raise Throttled(
                            "throttled",
                            "Too many failed tries. Please wait a little.",
                            retry_after=max(1, round((ready - now).total_seconds())),
                        )
            for key in keys:
                await storage.add_failure(conn, key, now, now - _REMEMBER)
        return now

    async def find(self, token: str | None) -> Session | None:
        """The session of a cookie, or None. One that is in use lives on."""
        if not token:
            return None
        token_hash, now = _hash(token), self._now()
        async with self._database.read() as conn:
            stored = await storage.find_session(conn, token_hash, now)
        if stored is None:
            return None
        until = min(now + IDLE, stored.created_at + LONGEST)
        if until - stored.expires_at > _RENEW_AFTER:
            async with self._database.begin() as conn:
                await storage.extend_session(conn, token_hash, until)
        return Session(stored.agent, stored.csrf, token_hash)

    async def peek(self, token: str) -> Session | None:
        """The session of a cookie, without counting it as used: an open stream is no sign of life."""
        token_hash = _hash(token)
        async with self._database.read() as conn:
            stored = await storage.find_session(conn, token_hash, self._now())
        return Session(stored.agent, stored.csrf, token_hash) if stored else None

    async def log_out(self, session: Session) -> None:
        """End this session."""
        async with self._database.begin() as conn:
            await storage.end_session(conn, session.token_hash)
            await events.append(conn, kind="agent.logout", actor=f"agent:{session.agent.id}")
