"""What a Telegram message is made of."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import (
    Animation,
    Audio,
    Document,
    Message,
    PhotoSize,
    Sticker,
    Video,
    VideoNote,
    Voice,
)
from telegram import Contact as TelegramContact
from telegram import Location as TelegramLocation

from bot.messages import Contact, Kind, Location, MediaSource
from webhooks.text import clean

# What people can send and we cannot read, in words for the agent.
UNREADABLE = {
    "poll": "a poll",
    "dice": "a dice",
    "game": "a game",
    "invoice": "an invoice",
    "story": "a story",
    "live_photo": "a live photo",
    "paid_media": "paid media",
    "checklist": "a checklist",
    "giveaway": "a giveaway",
    "giveaway_winners": "a giveaway",
    "gift": "a gift",
    "unique_gift": "a gift",
    "passport_data": "Telegram Passport data",
    "successful_payment": "a payment",
    "refunded_payment": "a payment",
    "users_shared": "a shared user",
    "chat_shared": "a shared chat",
    "web_app_data": "data of a web app",
}

# What Telegram itself writes into a chat. Some are no fields of the library (older Bot API).
_SERVICE = frozenset(
    [
        "boost_added",
        "channel_chat_created",
        "chat_background_set",
        "chat_owner_changed",
        "chat_owner_left",
        "checklist_tasks_added",
        "checklist_tasks_done",
        "connected_website",
        "delete_chat_photo",
        "direct_message_price_changed",
        "forum_topic_closed",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_reopened",
        "general_forum_topic_hidden",
        "general_forum_topic_unhidden",
        "gift_upgrade_sent",
        "giveaway_completed",
        "giveaway_created",
        "group_chat_created",
        "left_chat_member",
        "left_chat_participant",
        "managed_bot_created",
        "message_auto_delete_timer_changed",
        "migrate_from_chat_id",
        "migrate_to_chat_id",
        "new_chat_member",
        "new_chat_members",
        "new_chat_participant",
        "new_chat_photo",
        "new_chat_title",
        "paid_message_price_changed",
        "pinned_message",
        "poll_option_added",
        "poll_option_deleted",
        "proximity_alert_triggered",
        "suggested_post_approval_failed",
        "suggested_post_approved",
        "suggested_post_declined",
        "suggested_post_paid",
        "suggested_post_refunded",
        "supergroup_chat_created",
        "video_chat_ended",
        "video_chat_participants_invited",
        "video_chat_scheduled",
        "video_chat_started",
        "write_access_allowed",
    ]
)

_START = re.compile(r"/start(?:@\w+)?(?:\s+([A-Za-z0-9_-]{1,64}))?\s*")
_LARGEST_SIZE = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Content:
    """The parts of an `Inbound` that a message's content decides."""

    kind: Kind
    text: str = ""
    media: tuple[MediaSource, ...] = ()
    location: Location | None = None
    contact: Contact | None = None
    start_token: str | None = None
    problem: str | None = None


def content(message: Message) -> Content | None:
    """Read a message's content; None if it is a service message, which nobody wrote.

    Raises TypeError, ValueError or AttributeError for fields of a type the Bot API does not have.
    """
    caption = clean(message.caption or "")
    if message.text is not None:
        return _text(message.text)
    if (file := _file(message)) is not None:
        return Content(file.kind, caption or _emoji(message.sticker), media=(file,))
    if message.contact is not None:
        return Content(Kind.CONTACT, contact=_contact(message, message.contact))
    if message.venue is not None:
        label = ", ".join(clean(part) for part in (message.venue.title, message.venue.address) if part)
        return _place(message.venue.location, label)
    if message.location is not None:
        return _place(message.location, None)
    for name, words in UNREADABLE.items():
        if getattr(message, name, None):
            return Content(Kind.UNSUPPORTED, caption, problem=words)
    if any(getattr(message, name, None) or name in message.api_kwargs for name in _SERVICE):
        return None
    return Content(Kind.UNSUPPORTED, caption, problem="a kind of message that is not known")


def _text(text: str) -> Content:
    return Content(Kind.TEXT, clean(text), start_token=start_token(text))


def start_token(text: str) -> str | None:
    """What a link to the bot brought along: "/start TOKEN"."""
    start = _START.fullmatch(text)
    return start.group(1) if start else None


def _file(message: Message) -> MediaSource | None:
    # An animation comes with a document, for clients that know no animations: it goes first.
    if message.photo:
        return _photo(message.photo)
    if message.voice:
        return _source(Kind.VOICE, message.voice, message.voice.mime_type)
    if message.audio:
        return _source(Kind.AUDIO, message.audio, message.audio.mime_type, message.audio.file_name)
    for film in (message.animation, message.video):
        if film:
            return _source(Kind.VIDEO, film, film.mime_type, film.file_name)
    if message.video_note:
        return _source(Kind.VIDEO, message.video_note, "video/mp4")
    if message.document:
        return _source(
            Kind.DOCUMENT, message.document, message.document.mime_type, message.document.file_name
        )
    if (sticker := message.sticker) is not None:
        mime = "image/webp"
        if sticker.is_animated or sticker.is_video:
            mime = "application/x-tgsticker" if sticker.is_animated else "video/webm"
        return _source(Kind.STICKER, sticker, mime)
    return None


def _photo(sizes: Sequence[PhotoSize]) -> MediaSource:
    return _source(Kind.IMAGE, max(sizes, key=lambda size: size.width * size.height), "image/jpeg")


def _source(
    kind: Kind,
    file: Animation | Audio | Document | PhotoSize | Sticker | Video | VideoNote | Voice,
    mime: str | None,
    filename: str | None = None,
) -> MediaSource:
    if not isinstance(file.file_id, str):
        raise TypeError("a file id that is none")
    size = file.file_size
    return MediaSource(
        kind,
        mime=clean(mime) if mime else None,
        filename=clean(filename) if filename else None,
        size=size if isinstance(size, int) and 0 <= size <= _LARGEST_SIZE else None,
        reference=clean(file.file_id),
    )


def _emoji(sticker: Sticker | None) -> str:
    return clean(sticker.emoji) if sticker and sticker.emoji else ""


def _contact(message: Message, card: TelegramContact) -> Contact:
    """Telegram vouches for a number only when the card is the sender's own."""
    own = message.from_user is not None and card.user_id is not None and card.user_id == message.from_user.id
    name = " ".join(clean(part) for part in (card.first_name, card.last_name) if part)
    return Contact(name, clean(card.phone_number), own=own)


def _place(point: TelegramLocation, label: str | None) -> Content:
    latitude, longitude = float(point.latitude), float(point.longitude)
    if not (math.isfinite(latitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
        return Content(Kind.UNSUPPORTED, problem="a location that is none")
    return Content(Kind.LOCATION, location=Location(latitude, longitude, label or None))
