"""What a Telegram update says, as an `Inbound`.

Private chats are taken. Groups, channels and business connections are told once, politely, to
write directly (`GROUP`). What nobody said to us, or cannot be parsed, goes to quarantine with its
reason. Source: the Bot API's page; a third of collected updates cannot be parsed by the library.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime

from telegram import CallbackQuery, Chat, ChatMemberUpdated, InlineKeyboardButton, Message, Update, User
from telegram.constants import ChatType

from bot.hearing import GROUP
from bot.messages import Inbound, Kind, Language, Sender
from bot.storage.inbox import Arrival
from webhooks.telegram.content import content
from webhooks.text import clean

CHANNEL = "telegram"

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "business_connection")
"""What we ask Telegram for."""

_LARGEST = 2**63 - 1
_LONGEST_NAME = 200
_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
_INSIDE = ("member", "administrator", "creator", "restricted")
_ANONYMOUS_ADMIN = 1087968824  # @GroupAnonymousBot: a person who writes in the name of the group

# What the library raises on updates it does not expect, and json on what is none.
_MALFORMED = (
    TypeError,
    KeyError,
    AttributeError,
    ValueError,
    IndexError,
    OverflowError,
    OSError,
    RecursionError,
)


class _NotForUs(Exception):
    """Why an update goes to quarantine."""


def parse(raw: bytes, received_at: datetime) -> Arrival:
    """Read one update (its JSON). Never raises: what cannot be read carries its reason.

    `received_at` stands in where Telegram sends no time (taps).
    """
    try:
        data = json.loads(raw)
        if not isinstance(data, dict) or "update_id" not in data:
            return _quarantined(raw, "This is not a Telegram update.")
        _id(data["update_id"])
        update = Update.de_json(data, None)
        inbound = _read(update, received_at)
    except _NotForUs as error:
        return _quarantined(raw, str(error))
    except _MALFORMED as error:
        return _quarantined(raw, f"The update cannot be parsed ({type(error).__name__}).")
    return Arrival(CHANNEL, inbound.provider_id, raw, inbound)


def _quarantined(raw: bytes, reason: str) -> Arrival:
    return Arrival(CHANNEL, f"sha256:{hashlib.sha256(raw).hexdigest()}", raw, None, reason)


def _read(update: Update, received_at: datetime) -> Inbound:
    if update.message is not None:
        return _message(update, update.message)
    if update.edited_message is not None:
        return _edit(update, update.edited_message)
    if update.callback_query is not None:
        return _tap(update, update.callback_query, received_at)
    if update.my_chat_member is not None:
        return _membership(update, update.my_chat_member)
    if (business := update.business_connection) is not None:
        if not business.is_enabled:
            raise _NotForUs("A business account has disconnected the bot.")
        sender = Sender(CHANNEL, str(_id(business.user_chat_id)), None, *_person(business.user))
        return _refused(sender, f"{update.update_id}:{_key(business.id)}", business.date)
    known = [name for name in Update.ALL_TYPES if getattr(update, name) is not None]
    raise _NotForUs(f"An update of the kind {known[0]}." if known else "An update of a kind we do not know.")


def _message(update: Update, message: Message) -> Inbound:
    provider_id = f"{update.update_id}:{_id(message.chat.id)}:{_id(message.message_id)}"
    taken = content(message)
    if taken is None:
        raise _NotForUs("This is a service message.")
    if message.chat.type in _GROUPS:
        written = replace(_refused(_group(message), provider_id, message.date), text=taken.text)
        return replace(written, message_id=str(message.message_id))
    return Inbound(
        sender=_private_sender(message.chat, message.from_user),
        provider_id=provider_id,
        message_id=str(message.message_id),
        kind=taken.kind,
        sent_at=message.date,
        text=taken.text,
        media=taken.media,
        location=taken.location,
        contact=taken.contact,
        reply_to=str(message.reply_to_message.message_id) if message.reply_to_message else None,
        album=_key(message.media_group_id) if message.media_group_id else None,
        start_token=taken.start_token,
        problem=taken.problem,
    )


def _edit(update: Update, message: Message) -> Inbound:
    if message.chat.type in _GROUPS:
        raise _NotForUs("This is an edit in a group.")
    taken = content(message)
    if taken is None:
        raise _NotForUs("This is a service message.")
    return Inbound(
        sender=_private_sender(message.chat, message.from_user),
        provider_id=f"{update.update_id}:{_id(message.chat.id)}:{_id(message.message_id)}",
        message_id=str(message.message_id),
        kind=Kind.EDIT,
        sent_at=message.edit_date or message.date,
        text=taken.text,
        location=taken.location,
    )


def _tap(update: Update, query: CallbackQuery, received_at: datetime) -> Inbound:
    message = query.message
    if message is None or query.data is None:
        raise _NotForUs("A tap on something that was not ours.")
    tap_id = _key(query.id)
    provider_id = f"{update.update_id}:{tap_id}"
    if message.chat.type in _GROUPS:
        sender = Sender(CHANNEL, str(_id(message.chat.id)), name=_name(message.chat.title))
        return replace(_refused(sender, provider_id, received_at), tap_id=tap_id)
    markup = message.reply_markup if isinstance(message, Message) else None
    buttons = [button for row in markup.inline_keyboard for button in row] if markup else []
    return Inbound(
        sender=_private_sender(message.chat, query.from_user),
        provider_id=provider_id,
        kind=Kind.TAP,
        sent_at=received_at,
        text=clean(_label(buttons, query.data)),
        tap=clean(query.data),
        tap_id=tap_id,
        reply_to=str(message.message_id),
    )


def _label(buttons: list[InlineKeyboardButton], data: str) -> str:
    return next((button.text for button in buttons if button.callback_data == data), data)


def _membership(update: Update, change: ChatMemberUpdated) -> Inbound:
    """Being added to a group or channel is the moment to say that we answer in private chats only."""
    inside = change.new_chat_member.status in _INSIDE
    if change.chat.type == ChatType.PRIVATE:
        raise _NotForUs("The bot was unblocked." if inside else "The bot was blocked.")
    if not inside or change.old_chat_member.status in _INSIDE:
        raise _NotForUs("The bot's role in a group or channel has changed.")
    sender = Sender(
        CHANNEL, str(_id(change.chat.id)), None, _name(change.chat.title), _language(change.from_user)
    )
    return _refused(sender, f"{update.update_id}:{_id(change.chat.id)}:added", change.date)


def _refused(sender: Sender, provider_id: str, sent_at: datetime) -> Inbound:
    return Inbound(sender, provider_id, Kind.UNSUPPORTED, sent_at, problem=GROUP)


def _group(message: Message) -> Sender:
    author = message.from_user
    if message.is_automatic_forward or (author and author.is_bot and author.id != _ANONYMOUS_ADMIN):
        raise _NotForUs("It was written by a program in a group.")
    language = _language(author) if author else None
    return Sender(CHANNEL, str(message.chat.id), None, _name(message.chat.title), language)


def _private_sender(chat: Chat, author: User | None) -> Sender:
    if chat.type != ChatType.PRIVATE:
        raise _NotForUs("It was written in a channel.")
    if author is None:
        raise _NotForUs("This message has no author.")
    if author.is_bot:
        raise _NotForUs("It was written by a program.")
    return Sender(CHANNEL, str(_id(chat.id)), None, *_person(author))


def _person(user: User) -> tuple[str | None, Language | None]:
    return _name(user.full_name), _language(user)


def _name(name: str | None) -> str | None:
    return clean(name).strip()[:_LONGEST_NAME] or None if name else None


def _language(user: User) -> Language | None:
    match (user.language_code or "")[:2].lower():
        case "de":
            return "de"
        case "en":
            return "en"
        case _:
            return None


def _id(value: object) -> int:
    """The library takes any JSON value for an id; we store and answer to integers."""
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _LARGEST:
        raise TypeError("an id that is none")
    return value


def _key(value: object) -> str:
    """An id that Telegram writes as text; all are short."""
    if not isinstance(value, str) or not 0 < len(value) <= 128:
        raise TypeError("an id that is none")
    return clean(value)
