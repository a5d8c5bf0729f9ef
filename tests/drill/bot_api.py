"""A small Telegram Bot API: it takes what a bot sends, notes when, and answers as Telegram does.

A plain ASGI application without a framework, so that it costs next to nothing beside what it measures.
Shapes are those of the Bot API's page (`User`, `Message`, `WebhookInfo`, and its errors).
"""

from __future__ import annotations

import asyncio
import html
import json
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

TOKEN = "123456:drill"
_ME = {"id": 123456, "is_bot": True, "first_name": "Nordwind", "username": "nordwind_bot"}

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Received:
    """A text the bot sent. `at` is `time.monotonic()` when the call had come in; `caller` is the first
    step of the path, so that each process can have an address of its own.
    """

    at: float
    caller: str
    chat: int
    text: str


class BotApi:
    """The application. `delay` is the time in seconds Telegram takes for a send."""

    def __init__(self, delay: float = 0.0) -> None:
        self.received: list[Received] = []
        self._delay = delay
        self._watchers: dict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def call_from(self, caller: str) -> None:
        """Wait until this caller sends; its call is still unanswered then."""
        self._watchers[caller].clear()
        await self._watchers[caller].wait()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call: `POST /<caller>/bot<token>/<method>`, arguments as a form."""
        body = b""
        while True:
            event = await receive()
            body += event.get("body", b"")
            if not event.get("more_body"):
                break
        at = time.monotonic()
        caller, bot, method = scope["path"].strip("/").split("/")
        form = {name: values[-1] for name, values in parse_qs(body.decode()).items()}
        status, answer = await self._answer(at, caller, bot, method, form)
        content = json.dumps(answer).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _answer(
        self, at: float, caller: str, bot: str, method: str, form: dict[str, str]
    ) -> tuple[int, dict[str, Any]]:
        if bot != f"bot{TOKEN}":
            return 401, {"ok": False, "error_code": 401, "description": "Unauthorized"}
        match method:
            case "sendMessage":
                return 200, {"ok": True, "result": await self._take(at, caller, form)}
            case "getMe":
                return 200, {"ok": True, "result": _ME}
            case "setWebhook" | "deleteWebhook" | "sendChatAction":
                return 200, {"ok": True, "result": True}
            case _:
                return 404, {"ok": False, "error_code": 404, "description": "Not Found"}

    async def _take(self, at: float, caller: str, form: dict[str, str]) -> dict[str, Any]:
        text = html.unescape(form["text"]) if form.get("parse_mode") == "HTML" else form["text"]
        chat = int(form["chat_id"])
        self.received.append(Received(at, caller, chat, text))
        message_id = 1_000_000 + len(self.received)
        self._watchers[caller].set()
        if self._delay:
            await asyncio.sleep(self._delay)
        return {
            "message_id": message_id,
            "from": _ME,
            "chat": {"id": chat, "first_name": "Erika", "type": "private"},
            "date": int(time.time()),
            "text": text,
        }
