"""Who is on the page: a visitor of the web site, or in a demo one of its people.

A visitor's token is a secret of 256 bits of which we keep only the SHA-256, as the address of their
endpoint. A demo's token names the address itself: there everybody may be anybody anyway.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channel import Channel
from bot.demo.personas import Persona
from bot.errors import NotSignedIn
from bot.messages import Language, Sender
from bot.storage import conversations, webchat
from bot.storage.webchat import Visitor
from webhooks.webchat.channel import WebChatChannel
from webhooks.webchat.parsing import CHANNEL

_VISITOR, _DEMO = "web", "demo"
_DEMO_ADDRESS = "demo-"


@dataclass(frozen=True, slots=True)
class Guest:
    """A visitor in one request: their endpoint, and who their messages come from."""

    endpoint_id: int
    sender: Sender


async def welcome(conn: AsyncConnection, name: str | None, language: Language) -> str:
    """Begin a web chat with somebody new; returns their token."""
    token = f"{_VISITOR}.{language}.{secrets.token_urlsafe(32)}"
    await conversations.keep_endpoint(conn, Sender(CHANNEL, _address(token), name=name, language=language))
    return token


async def be(conn: AsyncConnection, persona: Persona, channel: str) -> str:
    """Be one of the demo's people on a channel; the same person is always the same endpoint there."""
    addresses = {"whatsapp": persona.phone, "telegram": persona.telegram}
    address = addresses.get(channel, f"{_DEMO_ADDRESS}{persona.id}")
    language: Language = "en" if persona.language == "en" else "de"
    await conversations.keep_endpoint(conn, Sender(channel, address, name=persona.name, language=language))
    return f"{_DEMO}.{language}.{channel}.{address}"


async def be_stranger(conn: AsyncConnection, channel: str, name: str | None, language: Language) -> str:
    """Be somebody nobody knows, on a demo's WhatsApp or Telegram. WhatsApp hides their number."""
    number = secrets.randbelow(10**12) + 8 * 10**12
    address = f"DE.{number}" if channel == "whatsapp" else str(number)
    scoped_id = address if channel == "whatsapp" else None
    await conversations.keep_endpoint(conn, Sender(channel, address, scoped_id, name, language))
    return f"{_DEMO}.{language}.{channel}.{address}"


async def recognise(
    conn: AsyncConnection, token: str | None, channels: Mapping[str, Channel], *, demo: bool
) -> Guest:
    """Whose token this is. Raises NotSignedIn."""
    kind, _, rest = (token or "").partition(".")
    language, _, secret = rest.partition(".")
    found: Visitor | None = None
    if kind == _VISITOR and token is not None:
        found = await webchat.visitor(conn, CHANNEL, _address(token))
    elif kind == _DEMO and demo:
        channel, _, address = secret.partition(".")
        ours = isinstance(channels.get(channel), WebChatChannel)
        if ours and (channel != CHANNEL or address.startswith(_DEMO_ADDRESS)):
            found = await webchat.visitor(conn, channel, address)
    if found is None or language not in get_args(Language):
        raise NotSignedIn("no_session", "Please begin a new chat.")
    return Guest(
        found.endpoint_id,
        Sender(
            found.channel,
            found.address,
            found.scoped_id,
            found.name,
            "en" if language == "en" else "de",
        ),
    )


def _address(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
