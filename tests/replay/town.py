"""Installers who write from chats of their own to one house, so that tests can share it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlencode

from tests.house import House
from tests.office import Seat
from tests.replay.callers import bring
from tests.replay.collected import Collected
from tests.replay.desk import console
from tests.replay.providers import Providers
from tests.webhooks.telegram.updates import JANA, PRIVATE, message, update

_chats = count(7001)
_updates = count(1)


@dataclass(frozen=True)
class Town:
    """The house, its database, the providers around it, and an agent who is signed in."""

    house: House
    database_url: str
    providers: Providers
    david: Seat

    async def bring(self, *calls: Collected) -> list[tuple[str, str]]:
        """Bring calls as the providers do; returns address and text of all that is said to them."""
        before = len(self.providers.sent)
        door = self.house.client()
        for call in calls:
            assert await bring(door, call) == 200, call.name
        await self.house.idle()
        return self.providers.sent[before:]

    async def views(self, address: str) -> list[Any]:
        """The conversations of an address as David sees them."""
        seen = await console(self.david)
        return [view for view in seen.values() if view["card"]["who"]["address"] == address]


@dataclass
class Jana:
    """Somebody on Telegram, in a chat nobody else has."""

    town: Town
    chat: int = field(default_factory=lambda: next(_chats))

    def writes(self, text: str | None = None, **fields: Any) -> dict[str, Any]:
        """A message of hers."""
        own = {"chat": {**PRIVATE, "id": self.chat}, "from": {**JANA, "id": self.chat}}
        return message(**{**own, "text": text, **fields})

    def call(self, content: dict[str, Any], kind: str = "message") -> Collected:
        """The update Telegram makes of it."""
        number = next(_updates)
        return Collected("telegram", f"update {number}", update(kind, content, number))

    async def does(self, *contents: dict[str, Any], kind: str = "message") -> list[str]:
        """Let Telegram bring all of it; returns what she is told."""
        told = await self.town.bring(*(self.call(content, kind) for content in contents))
        return [text for _, text in told]

    async def case(self) -> Any:
        """Her only conversation, as David sees it."""
        (view,) = await self.town.views(str(self.chat))
        return view


def whatsapp(sender: str, text: str) -> Collected:
    """A call of Twilio's."""
    sid = f"SM{next(_updates):032d}"
    body = urlencode({"MessageSid": sid, "From": f"whatsapp:{sender}", "Body": text})
    return Collected("whatsapp", sender, body.encode())
