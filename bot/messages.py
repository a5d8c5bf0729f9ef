"""The values that travel between a channel and the conversation.

Everything a provider sends becomes an `Inbound`; everything we say becomes an `Outbound`, which a
channel renders into one or more `Part`s (one part = one call to the provider).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

Language = Literal["de", "en"]


class Kind(StrEnum):
    """What an inbound message is made of. UNSUPPORTED is stored and shown, and said so politely.

    SIGNAL is no message: something happened elsewhere that this conversation waits for.
    """

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACT = "contact"
    TAP = "tap"
    EDIT = "edit"
    SIGNAL = "signal"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a message came from, as the channel names them.

    `address` is what we reply to: an E.164 phone ("+4917139200101") on WhatsApp, the chat id on
    Telegram, a session key on the web. `scoped_id` is WhatsApp's business-scoped user id, which may
    come along with the phone or instead of it; when it is all we have, `address` equals it.
    """

    channel: str
    address: str
    scoped_id: str | None = None
    name: str | None = None
    language: Language | None = None

    @property
    def thread(self) -> str:
        """The key under which this sender's messages are kept in order: one drain at a time."""
        return f"{self.channel}:{self.scoped_id or self.address}"

    @property
    def phone(self) -> str | None:
        """The E.164 phone the channel vouches for, if it delivered one."""
        return self.address if self.channel == "whatsapp" and self.address.startswith("+") else None


@dataclass(frozen=True, slots=True)
class MediaSource:
    """A file that came with a message and still has to be fetched from the provider.

    `reference` is a URL (WhatsApp) or a file id (Telegram); `local` is set instead when the bytes
    are stored already (web chat upload), relative to the media directory. `size` in bytes, if the
    provider told.
    """

    kind: Kind
    mime: str | None = None
    filename: str | None = None
    size: int | None = None
    reference: str | None = None
    local: str | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """A point on the map, WGS 84 degrees, with the label the sender's app gave it."""

    latitude: float
    longitude: float
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A shared contact card. `own` is True when the channel vouches that it is the sender's own."""

    name: str
    phone: str | None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing a sender did: wrote, sent a file, tapped a choice, edited an earlier message.

    `provider_id` is unique per channel and makes a repeated delivery harmless. `message_id` is the
    provider's id of the message itself (an edit names the message it changes). `album` groups files
    sent together. `problem` says in plain words why a part could not be taken ("a poll").
    `tap` is the value of the tapped choice; `tap_id` is what the channel needs to acknowledge it.
    `signal` names what happened, see `bot.signals`.
    """

    sender: Sender
    provider_id: str
    kind: Kind
    sent_at: datetime
    text: str = ""
    message_id: str | None = None
    media: tuple[MediaSource, ...] = ()
    location: Location | None = None
    contact: Contact | None = None
    tap: str | None = None
    tap_id: str | None = None
    reply_to: str | None = None
    album: str | None = None
    start_token: str | None = None
    problem: str | None = None
    signal: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A button. `value` comes back when it is tapped; at most 20 characters of `label` are sure to show."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A stored file to send: its media row, path, type, name and size in bytes."""

    media_id: int
    path: Path
    mime: str
    filename: str
    size: int


@dataclass(frozen=True, slots=True)
class Template:
    """An approved WhatsApp template: Twilio's ContentSid and its variables."""

    sid: str
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outbound:
    """What we want to say, before a channel cuts it to its limits.

    `rate` is a small button beside the choices; channels without buttons leave it out.
    """

    text: str = ""
    choices: tuple[Choice, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    template: Template | None = None
    ask_contact: bool = False
    rate: Choice | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One call to the provider: JSON that only the channel that rendered it reads.

    A file is named by `media_id`; the outbox resolves it to an `Attachment` before sending.
    """

    body: Mapping[str, Any]
    media_id: int | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a part goes: the endpoint's address as the channel knows it."""

    address: str
    scoped_id: str | None = None


class Delivery(StrEnum):
    """The life of one part. Order matters: a state never runs backwards (`rank`)."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    DROPPED = "dropped"

    @property
    def rank(self) -> int:
        """Position in the only direction a delivery may move."""
        return list(Delivery).index(self)
