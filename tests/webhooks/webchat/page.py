"""A page of the web chat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from tests.office import Office


@dataclass
class Page:
    """Somebody's page: their browser and their token."""

    client: httpx.AsyncClient
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(path, headers=self.headers)

    async def chat(self) -> Any:
        return (await self.get("/chat/messages")).json()

    async def say(self, text: str = "", *, key: str | None = None, **more: Any) -> httpx.Response:
        body = {"key": key or str(uuid4()), "text": text, **more}
        return await self.client.post("/chat/messages", json=body, headers=self.headers)

    async def upload(
        self, text: str, *files: tuple[str, bytes, str], key: str | None = None
    ) -> httpx.Response:
        form: list[Any] = [("key", (None, key or str(uuid4()))), ("text", (None, text))]
        form += [("files", file) for file in files]
        return await self.client.post("/chat/messages", files=form, headers=self.headers)


async def open_page(office: Office, **wish: Any) -> Page:
    client = office.browser()
    answer = await client.post("/chat/session", json=wish)
    assert answer.status_code == 200, answer.text
    return Page(client, answer.json()["token"])


async def person(office: Office, name: str) -> dict[str, Any]:
    people = (await office.browser().get("/chat/people")).json()["people"]
    return next(one for one in people if one["name"] == name)
