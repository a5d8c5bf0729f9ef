"""The web chat as a channel. Nobody has to be called: the page reads our own messages."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from bot.channel import FetchedMedia, Limits, MediaRefused
from bot.messages import Attachment, MediaSource, Outbound, Part, Recipient
from webhooks.telegram.channel import LIMITS as TELEGRAM
from webhooks.whatsapp.channel import LIMITS as WHATSAPP

_WEBCHAT = Limits(text=10_000, image_bytes=None, file_bytes=None)


class WebChatChannel:
    """Sends by marking as sent: from then on the page shows the message, and reports it delivered.

    In a demo it stands in for WhatsApp or Telegram, with their limits.
    """

    reports = False

    def __init__(self, name: str, limits: Limits) -> None:
        self._name = name
        self._limits = limits

    @classmethod
    def webchat(cls) -> WebChatChannel:
        """The web chat itself."""
        return cls("webchat", _WEBCHAT)

    @classmethod
    def standing_in_for(cls, name: str) -> WebChatChannel:
        """The demo phone in place of "whatsapp" or "telegram"."""
        return cls(name, {"whatsapp": WHATSAPP, "telegram": TELEGRAM}[name])

    @property
    def name(self) -> str:
        """The channel it is or stands in for."""
        return self._name

    @property
    def limits(self) -> Limits:
        """What fits."""
        return self._limits

    def render(self, outbound: Outbound) -> Sequence[Part]:
        """One part for the words, with what the page needs beside them, and one for each file."""
        parts = []
        if outbound.text or outbound.template is not None:
            parts.append(Part({"ask_contact": outbound.ask_contact}))
        return [*parts, *(Part({"file": True}, media_id=file.media_id) for file in outbound.attachments)]

    async def send(self, to: Recipient, part: Part, attachment: Attachment | None) -> str | None:
        """Nothing to do; the id is for the report that the page has it."""
        return uuid4().hex

    async def fetch(self, source: MediaSource) -> FetchedMedia:
        """Never needed: what is uploaded is stored at once."""
        raise MediaRefused("The file was not uploaded completely.")

    async def typing(self, to: Recipient, last_message: str | None) -> None:
        """Nothing to do: the page hears it from the live stream."""

    async def acknowledge(self, tap_id: str, note: str | None) -> None:
        """Nothing to do: the page's buttons do not spin."""
