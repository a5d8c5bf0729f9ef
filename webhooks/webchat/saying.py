"""What a page says, as a message on its way to the bot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.demo.personas import personas
from bot.errors import BadInput
from bot.messages import Contact, Inbound, Kind, Location, MediaSource
from bot.storage.media import NewFile
from webhooks.telegram.content import start_token
from webhooks.webchat.shapes import Said
from webhooks.webchat.visitors import Guest


def provider_id(guest: Guest, key: UUID) -> str:
    """The id of a message among all of its channel; nobody can take another's."""
    return f"{guest.endpoint_id}:{key}"


async def read_said(conn: AsyncConnection, guest: Guest, said: Said, now: datetime) -> Inbound:
    """Words, a tap, a location or a contact. Raises BadInput when there is none of them."""
    kind, text = Kind.TEXT, said.text.strip()
    location = contact = None
    token = start_token(text) if guest.sender.channel == "telegram" else None
    if said.tap is not None:
        kind, text = Kind.TAP, said.label
    elif said.location is not None:
        kind, location = Kind.LOCATION, Location(said.location.latitude, said.location.longitude)
    elif said.contact is not None:
        own = said.contact.own and await _vouched(conn, guest, said.contact.phone)
        kind, contact = Kind.CONTACT, Contact(said.contact.name, said.contact.phone, own)
    elif not text:
        raise BadInput("empty", "There is nothing to send: expected words or a file.")
    return Inbound(
        sender=guest.sender,
        provider_id=provider_id(guest, said.key),
        kind=kind,
        sent_at=now,
        text=text,
        message_id=str(said.key),
        location=location,
        contact=contact,
        tap=said.tap,
        start_token=token,
    )


def with_files(guest: Guest, key: UUID, text: str, files: Sequence[NewFile], now: datetime) -> Inbound:
    """Stored files, and words about them."""
    return Inbound(
        sender=guest.sender,
        provider_id=provider_id(guest, key),
        kind=files[0].kind,
        sent_at=now,
        text=text.strip(),
        message_id=str(key),
        media=tuple(
            MediaSource(file.kind, file.mime, file.filename, file.size, local=file.path) for file in files
        ),
    )


async def _vouched(conn: AsyncConnection, guest: Guest, phone: str | None) -> bool:
    """Whether this is the sender's own phone: only the demo's Telegram knows, as the real one does."""
    if guest.sender.channel != "telegram":
        return False
    return any(
        persona.telegram == guest.sender.address and persona.phone == phone
        for persona in await personas(conn)
    )
