"""WhatsApp as a channel: what fits, how it is cut, and how it is handed to Twilio."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

import structlog

from bot.channel import FetchedMedia, Limits, MediaRefused, Refused, SendError
from bot.messages import Attachment, MediaSource, Outbound, Part, Recipient
from webhooks.download import Downloads
from webhooks.media_link import MediaLinks
from webhooks.text import numbered, pages
from webhooks.whatsapp.client import TwilioClient

log = structlog.get_logger(__name__)

LIMITS = Limits(text=1600, image_bytes=5_000_000, file_bytes=16_000_000, window=timedelta(hours=24))
"""Twilio's pages "Messages resource" and "Guidance on WhatsApp media messages"."""


class WhatsAppChannel:
    """Sends over Twilio, fetches from Twilio.

    Choices are written as a numbered list: WhatsApp's buttons need a Content template created at
    Twilio beforehand, one for every wording, which an answer edited at the desk cannot have. A file
    goes as a message of its own after the text, because Twilio shows no caption with documents.
    `links` is None as long as no public address is set; then only files cannot be sent.
    `status_url` is where Twilio reports deliveries, None for nowhere.
    """

    name = "whatsapp"
    limits = LIMITS
    reports = True

    def __init__(
        self,
        *,
        client: TwilioClient,
        downloads: Downloads,
        sender: str,
        links: MediaLinks | None,
        status_url: str | None,
    ) -> None:
        self._client = client
        self._downloads = downloads
        self._sender = sender
        self._links = links
        self._status_url = status_url

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()
        await self._downloads.close()

    @staticmethod
    def render(outbound: Outbound) -> Sequence[Part]:
        """Texts of at most 1600 characters, then one part a file; a template goes alone, without text."""
        if outbound.template is not None:
            template = outbound.template
            return [Part({"template": {"sid": template.sid, "variables": dict(template.variables)}})]
        text = numbered(outbound.text, outbound.choices)
        texts = [Part({"text": page}) for page in pages(text, LIMITS.text)]
        files = [Part({"file": True}, media_id=file.media_id) for file in outbound.attachments]
        return texts + files

    async def send(self, to: Recipient, part: Part, attachment: Attachment | None) -> str | None:
        """Hand one part to Twilio; returns the MessageSid. Raises SendError."""
        fields: dict[str, object] = {"to": f"whatsapp:{to.address}", "from_": f"whatsapp:{self._sender}"}
        if self._status_url is not None:
            fields["status_callback"] = self._status_url
        if "template" in part.body:
            template = part.body["template"]
            fields["content_sid"] = template["sid"]
            if template["variables"]:
                fields["content_variables"] = json.dumps(template["variables"], ensure_ascii=False)
        elif "file" in part.body:
            fields["media_url"] = [self._link(attachment)]
        else:
            fields["body"] = part.body["text"]
        return await self._client.create_message(**fields)

    def _link(self, attachment: Attachment | None) -> str:
        if attachment is None or not attachment.path.is_file():
            raise Refused("The file is no longer stored.")
        image = attachment.mime.startswith("image/")
        most = LIMITS.image_bytes if image else LIMITS.file_bytes
        if most is not None and attachment.size > most:
            what = "pictures" if image else "files"
            raise Refused(f"WhatsApp takes {what} of at most {most // 1_000_000} MB.")
        if self._links is None:
            raise Refused("WhatsApp fetches files from us: set BAURUF_PUBLIC_URL to send them.")
        return self._links.url(attachment)

    async def fetch(self, source: MediaSource) -> FetchedMedia:
        """Fetch a file somebody sent. Raises MediaRefused or RetryLater."""
        if source.reference is None:
            raise MediaRefused("WhatsApp named no address for the file.")
        return await self._downloads.fetch(source.reference)

    async def typing(self, to: Recipient, last_message: str | None) -> None:
        """Show "typing…" under the installer's last message; best effort."""
        if last_message is None:
            return
        try:
            await self._client.show_typing(last_message)
        except SendError as error:
            log.debug("typing not shown", channel=self.name, reason=error.plain)

    async def acknowledge(self, tap_id: str, note: str | None) -> None:
        """WhatsApp's buttons do not wait for anything."""
