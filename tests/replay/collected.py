"""The collected calls, and what each of them is, read by a person and not by our parsers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

GROUP = "unsupported"


@dataclass(frozen=True, order=True)
class Shown:
    """A message as the console must show it: who wrote (address on the channel), what kind, which words."""

    channel: str
    address: str
    kind: str
    text: str = ""


# Several of Twilio's published fixtures carry the same MessageSid, which makes them repeats of one call.
WHATSAPP = {
    "wa_bsuid_only_01.form": Shown("whatsapp", "US.1234", "text", "Msg"),
    "wa_button_01.form": Shown("whatsapp", "+14133881111", "tap", "Confirm"),
    "wa_button_03.form": Shown("whatsapp", "+5524987654321", "tap", "VOICE_CALL_REQUEST"),
    "wa_contact_vcard_01.form": Shown("whatsapp", "+15555550101", "contact"),
    "wa_location_02.form": Shown("whatsapp", "+15555550101", "location"),
    "wa_media_audio_01.form": Shown("whatsapp", "+27456897512", "voice", "Dobroye utro"),
    "wa_media_image_01.form": Shown("whatsapp", "+27456897512", "image", "Dobroye utro"),
    "wa_media_image_02.form": Shown("whatsapp", "+886123456789", "image", "xd"),
    "wa_media_image_03.form": Shown("whatsapp", "+31612345678", "image"),
    "wa_media_image_04.form": Shown("whatsapp", "+15555550101", "image"),
    "wa_reply_01.form": Shown("whatsapp", "+15555550101", "text", "Nice"),
    "wa_text_01.form": Shown("whatsapp", "+14133881111", "text", "Msg"),
    "wa_text_03.form": Shown("whatsapp", "+31612345678", "text", "test"),
    "wa_text_04.form": Shown("whatsapp", "+972500000001", "text", "אישור הגעה"),
    "wa_text_05.form": Shown("whatsapp", "+919900000000", "text", "hey"),
    "wa_with_externaluserid_01.form": Shown("whatsapp", "+14133881111", "text", "Msg"),
    "wa_with_externaluserid_02.form": Shown("whatsapp", "+14133881111", "text", "Msg"),
}

# In private chats, or said in a group; the rest nobody wrote to us, or it has shapes of old Bot APIs.
TELEGRAM = {
    "business_connection_01.json": Shown("telegram", "81", GROUP),
    "callback_query_01.json": Shown("telegram", "427770117", "tap", "data"),
    "callback_query_02.json": Shown("telegram", "-225456171", GROUP),
    "callback_query_04.json": Shown("telegram", "-325456176", GROUP),
    "edited_message_03.json": Shown("telegram", "6399348", "text", "hi"),
    "message_forwarded_01.json": Shown("telegram", "-10014170000", GROUP, "hi"),
    "message_forwarded_02.json": Shown("telegram", "-1001160242915", GROUP, "text"),
    "message_location_group_01.json": Shown("telegram", "-1001417735217", GROUP),
    "message_photo_03.json": Shown("telegram", "250918540", "image"),
    "message_reply_01.json": Shown("telegram", "639348", "text", "This is a reply"),
    "message_text_02.json": Shown("telegram", "218485655", "text", "hello there"),
    "message_text_03.json": Shown("telegram", "123", "text", "Hi there"),
    "message_text_group_01.json": Shown("telegram", "-10014170000", GROUP, "hi"),
    "message_text_group_04.json": Shown("telegram", "-325456176", GROUP, "hi"),
    "message_voice_02.json": Shown("telegram", "123", "voice"),
}

REPEATS = frozenset(
    {
        "wa_button_01.form",
        "wa_media_image_01.form",
        "wa_text_01.form",
        "wa_with_externaluserid_01.form",
        "wa_with_externaluserid_02.form",
        "message_text_group_01.json",
    }
)
"""Files which name the same message as one that comes before them in the order of names."""


@dataclass(frozen=True)
class Collected:
    """One call: the channel, the file's name, and the body as it came."""

    channel: str
    name: str
    body: bytes

    @property
    def is_status(self) -> bool:
        return self.name.startswith("status_")

    @property
    def shown(self) -> Shown | None:
        """What the console must show of it; None for what nobody wrote to us."""
        return (WHATSAPP if self.channel == "whatsapp" else TELEGRAM).get(self.name)


def read_collected(shared: Path) -> list[Collected]:
    """All of them, in the order of their names."""
    folders = (("whatsapp", "twilio", "*.form"), ("telegram", "telegram", "*.json"))
    return [
        Collected(channel, file.name, file.read_bytes())
        for channel, folder, pattern in folders
        for file in sorted((shared / "payloads" / folder).glob(pattern))
    ]
