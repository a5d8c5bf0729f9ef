"""The stage of the stories: the whole system, its demo world, installers with phones, agents at desks.

Nothing is faked but the clock: the phone talks HTTP, the engine is trained on the real corpus, wake-ups
go through PostgreSQL. Instead of a worker that runs beside the test, each step lets one work until
there is nothing left to do, so that no test waits for time to pass.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from fastapi import FastAPI
from procrastinate.jobs import DeleteJobCondition
from sqlalchemy import select

from bot.storage.tables import Conversation
from tests.conftest import Clock
from webhooks.demo import prepare_demo
from webhooks.system import System


@dataclass
class Stage:
    """The system and its audience."""

    app: FastAPI
    system: System
    clock: Clock
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    async def work(self) -> None:
        """Let a worker do everything there is to do now, and what comes of that."""
        queue = self.system.jobs.app
        while True:
            await queue.run_worker_async(
                concurrency=4,
                wait=False,
                delete_jobs=DeleteJobCondition.ALWAYS,
                install_signal_handlers=False,
            )
            # A timer comes back until its time has come; what it waits for is no work.
            left = await queue.job_manager.list_jobs_async(status="todo")
            if all(job.scheduled_at is not None for job in left):
                return

    def browser(self) -> httpx.AsyncClient:
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app), base_url="http://desk.example", timeout=10
        )
        self.clients.append(client)
        return client

    async def installer(self, name: str | None = None, channel: str = "whatsapp") -> Installer:
        """Hand a phone to somebody of the demo world, or to a stranger."""
        client = self.browser()
        begin: dict[str, Any] = {"channel": channel}
        if name is not None:
            people = (await client.get("/chat/people")).json()["people"]
            begin["person"] = next(person["id"] for person in people if person["name"] == name)
        begun = (await client.post("/chat/session", json=begin)).raise_for_status().json()
        client.headers["Authorization"] = f"Bearer {begun['token']}"
        return Installer(self, client)

    async def agent(self, email: str = "anna.keller@nordwind.example") -> Agent:
        """Sit somebody of the demo down at the console."""
        client = self.browser()
        logins = (await client.get("/api/demo")).json()["logins"]
        password = next(login["password"] for login in logins if login["email"] == email)
        answer = await client.post("/api/session", json={"email": email, "password": password})
        client.headers["X-CSRF-Token"] = answer.raise_for_status().json()["csrf"]
        return Agent(self, client)


@dataclass
class Installer:
    """Somebody on a roof. `heard` is what came back to the last thing they did."""

    stage: Stage
    client: httpx.AsyncClient
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def says(self, *texts: str) -> str:
        """Write one message after the other, before anybody looks; returns all that is said back."""
        return await self._does(*({"text": text} for text in texts))

    async def writes(self, text: str) -> None:
        """Write while nobody looks."""
        answer = await self.client.post("/chat/messages", json={"key": str(uuid4()), "text": text})
        assert answer.status_code == 202, answer.text

    async def taps(self, label: str) -> str:
        """Tap a button of the last message that has it."""
        shown = await self.chat()
        choices = [choice for message in reversed(shown) for choice in message["choices"]]
        choice = next(choice for choice in choices if choice["label"] == label)
        return await self._does({"tap": choice["value"], "label": label})

    async def says_tap(self, value: str, label: str) -> str:
        """Tap a button of whatever age, shown or made up."""
        return await self._does({"tap": value, "label": label})

    async def taps_or_says(self, label: str) -> str:
        """Choose as the channel allows: by a button, or by its words."""
        return await (self.taps(label) if label in self.buttons else self.says(label))

    async def shares_contact(self, name: str, phone: str, *, own: bool) -> str:
        """Share a contact card."""
        return await self._does({"contact": {"name": name, "phone": phone, "own": own}})

    async def sends_file(self, filename: str, content: bytes, mime: str, text: str = "") -> str:
        """Send a file, with a caption or without."""
        before = len(await self.chat())
        answer = await self.client.post(
            "/chat/messages",
            data={"key": str(uuid4()), "text": text},
            files={"files": (filename, content, mime)},
        )
        assert answer.status_code == 202, answer.text
        return await self._listens(before)

    async def _does(self, *steps: dict[str, Any]) -> str:
        before = len(await self.chat())
        for step in steps:
            answer = await self.client.post("/chat/messages", json={"key": str(uuid4()), **step})
            assert answer.status_code == 202, answer.text
        return await self._listens(before)

    async def _listens(self, before: int) -> str:
        await self.stage.work()
        self.heard = [m for m in (await self.chat())[before:] if m["author"] != "installer"]
        return "\n".join(message["text"] for message in self.heard)

    async def chat(self) -> list[dict[str, Any]]:
        """Everything on the phone's screen."""
        messages: list[dict[str, Any]] = (await self.client.get("/chat/messages")).json()["messages"]
        return messages

    async def holder(self) -> str:
        """Who speaks: bot, waiting or agent."""
        return str((await self.client.get("/chat/messages")).json()["holder"])

    @property
    def buttons(self) -> list[str]:
        """The buttons of the last answer."""
        return [choice["label"] for message in self.heard for choice in message["choices"]]

    @property
    def files(self) -> list[str]:
        """The files of the last answer."""
        return [file["filename"] for message in self.heard for file in message["media"]]


@dataclass
class Agent:
    """Somebody at the desk."""

    stage: Stage
    client: httpx.AsyncClient

    async def queue(self) -> list[dict[str, Any]]:
        """All cards."""
        cards: list[dict[str, Any]] = (await self.client.get("/api/queue")).raise_for_status().json()["cards"]
        return cards

    async def card(self) -> dict[str, Any]:
        """The only conversation that is not closed."""
        (card,) = [card for card in await self.queue() if card["turn"] != "CLOSED"]
        return card

    async def card_of(self, turn: str) -> dict[str, Any]:
        """The only conversation whose turn it is."""
        (card,) = [card for card in await self.queue() if card["turn"] == turn]
        return card

    async def does(self, conversation_id: int, action: str) -> httpx.Response:
        """take, return or resolve."""
        answer = await self.client.post(f"/api/conversations/{conversation_id}/{action}")
        await self.stage.work()
        return answer

    async def replies(self, conversation_id: int, text: str) -> httpx.Response:
        """Answer the installer."""
        answer = await self.client.post(
            f"/api/conversations/{conversation_id}/reply",
            files={"key": (None, str(uuid4())), "text": (None, text)},
        )
        await self.stage.work()
        return answer

    async def reads(self, conversation_id: int) -> dict[str, Any]:
        """Open a conversation."""
        view: dict[str, Any] = (await self.client.get(f"/api/conversations/{conversation_id}")).json()
        return view


@asynccontextmanager
async def open_stage(app: FastAPI, clock: Clock) -> AsyncIterator[Stage]:
    """Raise the curtain: the demo world is in, nobody works by themselves."""
    system: System = app.state.system
    await prepare_demo(system)
    stage = Stage(app, system, clock)
    async with system.running(work=False):
        try:
            yield stage
            assert not await _failed(system), "the bot had an error and handed over: it is in the log above"
        finally:
            for client in stage.clients:
                await client.aclose()


async def _failed(system: System) -> list[int]:
    """The conversations that went to a person because of an error of ours: no story is about that."""
    because = Conversation.reasons.contains([{"code": "bot_failed"}])
    async with system.database.read() as conn:
        return list(await conn.scalars(select(Conversation.id).where(because)))
