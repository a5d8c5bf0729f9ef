"""What is left of a private message that the library cannot parse: who wrote it, and its words if it has any.

Enough to answer the words, or to say plainly that the rest cannot be read. Nothing is guessed: the ids
have to be integers, the chat private, the author a person and something has to be in it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.messages import Inbound, Kind, Sender
from webhooks.text import clean

# What people send; a message without any of it is a service message ("pinned a photo").
_SENT = frozenset(
    {"text", "caption", "photo", "voice", "video", "video_note", "audio", "document", "animation", "sticker"}
    | {"location", "venue", "contact", "poll", "dice", "story", "paid_media", "checklist", "game"}
)
_Id = Annotated[int, Field(ge=-(2**63) + 1, le=2**63 - 1)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True)


class _Chat(_Strict):
    id: _Id
    type: Literal["private"]


class _Author(_Strict):
    is_bot: Literal[False]
    language_code: object = None


class _Message(_Strict):
    model_config = ConfigDict(strict=True, extra="allow")

    message_id: _Id
    chat: _Chat
    author: Annotated[_Author, Field(alias="from")]


class _Update(_Strict):
    update_id: _Id
    message: _Message


def salvage(channel: str, update: object, received_at: datetime) -> Inbound | None:
    """The message in an update, as far as it can be read without doubt; None where it cannot."""
    try:
        found = _Update.model_validate(update)
    except ValidationError:
        return None
    message, language = found.message, found.message.author.language_code
    sent = message.model_extra or {}
    if _SENT.isdisjoint(sent):
        return None
    words = next((sent[name] for name in ("text", "caption") if isinstance(sent.get(name), str)), "")
    return Inbound(
        Sender(channel, str(message.chat.id), language="en" if str(language)[:2] == "en" else "de"),
        f"{found.update_id}:{message.chat.id}:{message.message_id}",
        Kind.UNSUPPORTED,
        received_at,
        text=clean(words),
        message_id=str(message.message_id),
        problem="a message that cannot be parsed",
    )
