"""Installers without a window: they write through the phone's own HTTP interface."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx


class Caller:
    """One installer. `client` is a connection to the server of their own."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def be(self, name: str, channel: str = "whatsapp") -> None:
        """Be one of the demo's people on a channel, or under any other name a stranger."""
        people = (await self._client.get("/chat/people")).raise_for_status().json()["people"]
        known = {person["name"]: person["id"] for person in people}
        wish: dict[str, Any] = {"channel": channel}
        wish |= {"person": known[name]} if name in known else {"name": name}
        begun = (await self._client.post("/chat/session", json=wish)).raise_for_status().json()
        self._client.headers["Authorization"] = f"Bearer {begun['token']}"

    async def says(self, text: str) -> None:
        """Send a message; returns when the server has it."""
        await self._sends(json={"key": str(uuid4()), "text": text})

    async def shares(self, **what: Any) -> None:
        """Share a location or a contact."""
        await self._sends(json={"key": str(uuid4()), **what})

    async def shows(self, filename: str, content: bytes, mime: str, text: str = "") -> None:
        """Send a file."""
        await self._sends(
            data={"key": str(uuid4()), "text": text}, files={"files": (filename, content, mime)}
        )

    async def _sends(self, **body: Any) -> None:
        answer = await self._client.post("/chat/messages", **body)
        assert answer.status_code == 202, answer.text
