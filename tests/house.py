"""A whole Bauruf that works by itself: real HTTP, real PostgreSQL, the real engine."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx

from bot.settings import Settings
from nlu.understanding import Understander
from tests.drill.serving import serving
from tests.office import Seat
from webhooks.app import create_app
from webhooks.demo import logins, prepare_demo
from webhooks.system import System

Seen = TypeVar("Seen")

_LOOK_AGAIN = 0.05  # seconds
_PATIENCE = 30.0  # seconds; only a test that fails waits that long


async def eventually(
    look: Callable[[], Awaitable[Seen]], fits: Callable[[Seen], bool] = bool, *, patience: float = _PATIENCE
) -> Seen:
    """Look again and again until what is seen fits; returns it. Fails saying what was seen last."""
    seen = await look()
    try:
        async with asyncio.timeout(patience):
            while not fits(seen):
                await asyncio.sleep(_LOOK_AGAIN)
                seen = await look()
    except TimeoutError:
        raise AssertionError(f"this never came true; seen last: {seen!r}") from None
    return seen


@dataclass
class House:
    """Where it is served, what it is made of, and who sits in it."""

    url: str
    system: System
    _clients: list[httpx.AsyncClient] = field(default_factory=list)

    def client(self) -> httpx.AsyncClient:
        """Somebody at the door."""
        client = httpx.AsyncClient(base_url=self.url, timeout=20)
        self._clients.append(client)
        return client

    async def seat(self, name: str) -> Seat:
        """Sign somebody of the demo's team in: Anna Keller is an admin, David Sommer an agent."""
        person = next(person for person in logins() if person.name == name)
        if not self.system.demo:
            await self.system.agents.create(
                name=person.name,
                email=person.email,
                role=person.role,
                password=person.password,
                actor="system",
            )
        client = self.client()
        answer = await client.post("/api/session", json={"email": person.email, "password": person.password})
        session = answer.raise_for_status().json()
        return Seat(client, session["agent"], session["csrf"])

    async def idle(self) -> None:
        """Wait until no message waits for its turn and nothing waits to be sent."""
        client = self.client()

        async def waiting() -> dict[str, Any]:
            backlog: dict[str, Any] = (await client.get("/readyz")).raise_for_status().json()
            return backlog

        await eventually(waiting, lambda backlog: backlog["inbox"] == backlog["outbox"] == 0)

    async def close(self) -> None:
        """Close the connections."""
        for client in self._clients:
            await client.aclose()


@asynccontextmanager
async def open_house(
    settings: Settings, understander: Understander | None, listening: socket.socket, *, demo: bool = False
) -> AsyncIterator[House]:
    """Serve on `listening` and work until the block is left; with `demo`, among the demo's customers.

    Without an `understander` the promoted model answers, as in a real installation.
    """
    app = create_app(settings, work=True, demo=demo, understander=understander)
    system: System = app.state.system
    if demo:
        await prepare_demo(system)
    async with system.running(work=True), serving(app, listening) as url:
        house = House(url, system)
        try:
            yield house
        finally:
            await house.close()
