"""A whole Bauruf without workers, and people sitting at its desk: real HTTP routes, real PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import uvicorn
from fastapi import FastAPI

from bot.messages import Outbound, Sender
from bot.outbox import enqueue
from bot.settings import Settings
from bot.storage import conversations, events, messages
from bot.storage.conversations import Whom
from bot.storage.messages import NewMessage
from nlu.understanding import Understanding
from tests.conftest import Clock
from webhooks.app import create_app
from webhooks.system import System

PASSWORD = "a-good-password"


class Ear:
    """An engine that understands three words."""

    name = "fake"

    async def understand(self, text: str) -> Understanding:
        words = text.lower()
        intent = "greet" if "hallo" in words else "human_request" if "mensch" in words else "thanks"
        ranking = ((intent, 0.99),)
        return Understanding(intent, 0.99, True, ranking, (), 0, False, "de", "fake", "1")


@dataclass
class Seat:
    """Somebody who is signed in: their browser, and the token their page repeats."""

    client: httpx.AsyncClient
    agent: dict[str, Any]
    csrf: str

    @property
    def id(self) -> int:
        return int(self.agent["id"])

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self.client.get(path, **more)

    async def post(self, path: str, json: Any = None, **more: Any) -> httpx.Response:
        return await self.client.post(path, json=json, headers={"X-CSRF-Token": self.csrf}, **more)

    async def send(self, method: str, path: str, json: Any = None) -> httpx.Response:
        return await self.client.request(method, path, json=json, headers={"X-CSRF-Token": self.csrf})

    async def reply(
        self, conversation_id: int, text: str, *, key: str | None = None, files: Any = None
    ) -> httpx.Response:
        some = files.items() if isinstance(files, dict) else files or []
        # All fields as parts, because a page always sends a multipart form.
        form = [("key", (None, key or str(uuid4()))), ("text", (None, text)), *some]
        return await self.client.post(
            f"/api/conversations/{conversation_id}/reply", files=form, headers={"X-CSRF-Token": self.csrf}
        )


@dataclass
class Office:
    """The system under test and what tests need around it."""

    app: FastAPI
    system: System
    clock: Clock
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    def browser(self, address: str = "192.0.2.1") -> httpx.AsyncClient:
        """A browser nobody has signed in with."""
        transport = httpx.ASGITransport(app=self.app, client=(address, 5000))
        client = httpx.AsyncClient(transport=transport, base_url="http://desk.example")
        self.clients.append(client)
        return client

    async def seat(self, name: str = "Anna Keller", role: Any = "agent") -> Seat:
        """Hire somebody and sign them in."""
        email = f"{uuid4().hex[:8]}@nordwind.example"
        await self.system.agents.create(name=name, email=email, role=role, password=PASSWORD, actor="system")
        return await self.sign_in(email)

    async def sign_in(self, email: str) -> Seat:
        client = self.browser()
        answer = await client.post("/api/session", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        session = answer.json()
        return Seat(client, session["agent"], session["csrf"])

    async def conversation(
        self,
        *,
        channel: str = "telegram",
        address: str | None = None,
        turn: Any = "WAITING",
        name: str | None = "Thomas Müller",
        whom: Whom | None = None,
        text: str = "Der Lüfter läuft nicht",
        urgency: int = 0,
        due_at: datetime | None = None,
    ) -> int:
        """Somebody has written, and the turn is held by `turn`."""
        now = self.clock()
        sender = Sender(channel, address or str(uuid4().int % 10**9), name=name)
        async with self.system.database.begin() as conn:
            endpoint_id = await conversations.keep_endpoint(conn, sender)
            opened = await conversations.begin(conn, endpoint_id, whom=whom or Whom(), language="de", now=now)
            await self._say(
                conn, opened.id, endpoint_id, NewMessage("installer", text=text, provider_id="m1")
            )
            values = {
                "urgency": urgency,
                "due_at": due_at or now + timedelta(hours=2),
                "waiting_since": now,
                "reasons": [{"code": "human_request", "text": {"de": "Mensch", "en": "Person"}}],
            }
            if turn != "BOT":
                await conversations.change_turn(
                    conn, opened.id, to=turn, only_from=["BOT"], agent_id=None, now=now, values=values
                )
        return opened.id

    async def say(self, conversation_id: int, message: NewMessage) -> int:
        """Add a message to a conversation; the bot's go into the outbox."""
        async with self.system.database.begin() as conn:
            endpoint_id = await self.endpoint(conversation_id)
            message_id = await self._say(conn, conversation_id, endpoint_id, message)
            if message.author == "bot":
                channel = self.system.channels.by_name["telegram"]
                await enqueue(
                    conn,
                    channel,
                    endpoint_id=endpoint_id,
                    message_id=message_id,
                    outbound=Outbound(message.text),
                    epoch=None,
                )
        return message_id

    async def _say(self, conn: Any, conversation_id: int, endpoint_id: int, message: NewMessage) -> int:
        (message_id,) = await messages.add_messages(
            conn, [message], conversation_id=conversation_id, endpoint_id=endpoint_id, now=self.clock()
        )
        await events.append(
            conn,
            kind="message.created",
            actor=message.author,
            conversation_id=conversation_id,
            message_id=message_id,
        )
        return message_id

    async def endpoint(self, conversation_id: int) -> int:
        async with self.system.database.read() as conn:
            (placed,) = await self.system.cards.by_ids(conn, [conversation_id])
        return placed.endpoint_id


@asynccontextmanager
async def open_office(
    database_url: str,
    folder: Path,
    clock: Any,
    *,
    work: bool = False,
    demo: bool = True,
    before: Callable[[System], Awaitable[None]] | None = None,
    **settings: Any,
) -> AsyncIterator[Office]:
    """Open an office on a database, prepared by `before`; closed at the end."""
    app = create_app(
        Settings(_env_file=None, data_dir=folder, database_url=database_url, **settings),
        work=work,
        demo=demo,
        clock=clock,
        understander=Ear(),
    )
    system: System = app.state.system
    if before is not None:
        await before(system)
    async with system.running(work=work):
        office = Office(app, system, clock)
        try:
            yield office
        finally:
            for client in office.clients:
                await client.aclose()


@dataclass
class Told:
    """One server-sent event."""

    event: str
    data: Any
    id: str | None


class Listening:
    """An open stream of server-sent events."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()
        self.last_id: str | None = None

    async def next(self) -> Told | None:
        """The next event; None when the server has ended the stream."""
        fields: dict[str, str] = {}
        async for line in self._lines:
            if not line:
                if "data" in fields:
                    self.last_id = fields.get("id", self.last_id)
                    return Told(fields["event"], json.loads(fields["data"]), fields.get("id"))
                fields = {}
            elif not line.startswith(":"):
                name, _, value = line.partition(": ")
                fields[name] = value
        return None

    async def until(self, event: str, **data: Any) -> Told:
        """Read on until this event comes with these values."""
        while (told := await self.next()) is not None:
            if told.event == event and all(told.data.get(key) == value for key, value in data.items()):
                return told
        raise AssertionError(f"the stream ended without {event} {data}")


@asynccontextmanager
async def served(office: Office) -> AsyncIterator[str]:
    """The office behind a real server; yields its address. Streams need one: ASGI in memory buffers them."""
    server = uvicorn.Server(uvicorn.Config(office.app, lifespan="off", log_level="warning"))
    # Listening before it starts: who connects early waits in the socket's queue.
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        office.system.live.stop()
        server.should_exit = True
        await serving


@asynccontextmanager
async def listening(client: httpx.AsyncClient, url: str, **options: Any) -> AsyncIterator[Listening]:
    """Open a stream of server-sent events."""
    async with client.stream("GET", url, timeout=20, **options) as response:
        assert response.status_code == 200, await response.aread()
        yield Listening(response)
