"""How a message of ours looks on Telegram."""

from __future__ import annotations

import html
from collections.abc import Sequence

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)

from bot.messages import Choice, Outbound, Part
from webhooks.text import numbered, pages, units

TEXT_LIMIT = 4096
"""UTF-16 units of a message's text after its markup is read (Bot API, sendMessage)."""

_BUTTON_BYTES = 64  # Bot API: callback_data
_ROW_UNITS = 28  # what a row of buttons shows on a narrow phone
_ROW_BUTTONS = 3
_SHARE_CONTACT = "📱 Kontakt teilen / Share contact"


def render(outbound: Outbound) -> Sequence[Part]:
    """Texts of at most 4096 units, the buttons under the last one, then one part a file.

    A part is {"text", "choices": [[value, label], …], "ask_contact", "rate": [value, label]} or
    {"file": true}. The button to rate has a row of its own. Choices
    whose value does not fit into a button are numbered; where a contact is asked for they become
    keys beside it, because a message carries one keyboard only, and tapping one writes its words.
    """
    buttons = all(len(choice.value.encode()) <= _BUTTON_BYTES for choice in outbound.choices)
    text = outbound.text if buttons and outbound.text.strip() else numbered(outbound.text, outbound.choices)
    bodies: list[dict[str, object]] = [{"text": page} for page in pages(text, TEXT_LIMIT)]
    if bodies and buttons and outbound.choices:
        bodies[-1]["choices"] = [[choice.value, choice.label] for choice in outbound.choices]
    if bodies and outbound.ask_contact:
        bodies[-1]["ask_contact"] = True
    elif bodies and outbound.rate is not None:
        bodies[-1]["rate"] = [outbound.rate.value, outbound.rate.label]
    files = [Part({"file": True}, media_id=file.media_id) for file in outbound.attachments]
    return [*(Part(body) for body in bodies), *files]


def escaped(text: str) -> str:
    """Text as Telegram's HTML."""
    return html.escape(text, quote=False)


def keyboard(part: Part) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    """The buttons of a text part."""
    choices = [Choice(value, label) for value, label in part.body.get("choices", ())]
    if part.body.get("ask_contact"):
        keys = [[KeyboardButton(_SHARE_CONTACT, request_contact=True)]]
        keys += [[KeyboardButton(choice.label) for choice in row] for row in _rows(choices)]
        return ReplyKeyboardMarkup(keys, resize_keyboard=True, one_time_keyboard=True)
    rows = _rows(choices)
    if "rate" in part.body:
        rows.append([Choice(*part.body["rate"])])
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(choice.label, callback_data=choice.value) for choice in row] for row in rows]
    )


def _rows(choices: Sequence[Choice]) -> list[list[Choice]]:
    rows: list[list[Choice]] = []
    for choice in choices:
        row = rows[-1] if rows else []
        width = sum(units(other.label) for other in row) + units(choice.label)
        if row and len(row) < _ROW_BUTTONS and width <= _ROW_UNITS:
            row.append(choice)
        else:
            rows.append([choice])
    return rows
