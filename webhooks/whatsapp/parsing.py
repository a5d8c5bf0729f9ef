"""What Twilio's incoming-message webhook says, as an `Inbound`.

Fields: Twilio's page "Request parameters of the incoming message webhook", and collected calls.
Things met in the wild that the page does not tell: NumMedia may be 0 although MediaUrl0 is there,
MessageType may be missing, and From may carry a business-scoped user id instead of a phone.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping
from datetime import datetime

from bot.messages import Inbound, Kind, Location, MediaSource, Sender
from bot.storage.inbox import Arrival
from webhooks.text import clean
from webhooks.whatsapp.signature import form

CHANNEL = "whatsapp"
MOST_MEDIA = 10
"""Twilio's own limit of files in one message."""

_PREFIX = "whatsapp:"
_PHONE = re.compile(r"\+[1-9]\d{4,19}")
_SCOPED = re.compile(r"[A-Za-z0-9._-]{1,128}")
_SID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TYPE = re.compile(r"[a-z_]{1,30}")
_LONGEST_NAME = 200
_TAPS = (("ButtonPayload", "ButtonText"), ("ListId", "ListTitle"))
_MEDIA_KINDS = {
    "image": Kind.IMAGE,
    "audio": Kind.AUDIO,
    "video": Kind.VIDEO,
}


class _Unreadable(Exception):
    """Why a call goes to quarantine."""


def parse(raw: bytes, received_at: datetime) -> Arrival:
    """Read one call (the raw form). Never raises: what cannot be read carries its reason.

    Twilio sends no time of its own, so the message is as old as its arrival.
    """
    try:
        inbound = _read(_fields(raw), received_at)
    except _Unreadable as error:
        return quarantined(raw, str(error))
    return Arrival(CHANNEL, inbound.provider_id, raw, inbound)


def quarantined(raw: bytes, reason: str) -> Arrival:
    """A call kept for later, known by its bytes."""
    return Arrival(CHANNEL, f"sha256:{hashlib.sha256(raw).hexdigest()}", raw, None, reason)


def _fields(raw: bytes) -> dict[str, str]:
    try:
        return {name: clean(value) for name, value in form(raw)}
    except ValueError:
        raise _Unreadable("There are more parameters than Twilio ever sends.") from None


def _read(fields: Mapping[str, str], received_at: datetime) -> Inbound:
    sid = fields.get("MessageSid") or fields.get("SmsMessageSid") or ""
    if not _SID.fullmatch(sid):
        raise _Unreadable("MessageSid is missing or is none.")
    if fields.get("MessageStatus", "received") != "received":
        raise _Unreadable("This is a status report, sent to the address for messages.")
    kind, problem = _kind(fields)
    tap, words = _tap(fields)
    return Inbound(
        sender=_sender(fields),
        provider_id=sid,
        message_id=sid,
        kind=kind,
        sent_at=received_at,
        text=words if words is not None else fields.get("Body", ""),
        media=_media(fields),
        location=_location(fields),
        tap=tap,
        reply_to=fields.get("OriginalRepliedMessageSid") or None,
        problem=problem,
    )


def _sender(fields: Mapping[str, str]) -> Sender:
    origin = fields.get("From", "")
    if not origin.startswith(_PREFIX):
        raise _Unreadable("From is missing or is no WhatsApp address.")
    written = origin.removeprefix(_PREFIX)
    scoped_id = fields.get("ExternalUserId", "").removeprefix(_PREFIX)
    phone = written if _PHONE.fullmatch(written) else f"+{fields.get('WaId', '').removeprefix('+')}"
    if not _PHONE.fullmatch(written):
        scoped_id = scoped_id or written
    if scoped_id and not _SCOPED.fullmatch(scoped_id):
        raise _Unreadable("From or ExternalUserId is neither a phone nor a user id.")
    address = phone if _PHONE.fullmatch(phone) else scoped_id
    if not address:
        raise _Unreadable("From is neither a phone nor a user id.")
    name = fields.get("ProfileName", "").strip()[:_LONGEST_NAME]
    return Sender(CHANNEL, address, scoped_id=scoped_id or None, name=name or None)


def _tap(fields: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Value and label of a tapped button or list row."""
    for value, label in _TAPS:
        if fields.get(value) or fields.get(label):
            return fields.get(value) or fields[label], fields.get(label) or fields[value]
    return None, None


def _kind(fields: Mapping[str, str]) -> tuple[Kind, str | None]:
    declared = fields.get("MessageType", "").lower()
    if _tap(fields)[0] is not None:
        return Kind.TAP, None
    if media := _media(fields):
        return media[0].kind, None
    if fields.get("Latitude") or fields.get("Longitude"):
        return (Kind.LOCATION, None) if _location(fields) else (Kind.UNSUPPORTED, "a location that is none")
    if declared in ("", "text", "button", "interactive") and fields.get("Body", "").strip():
        return Kind.TEXT, None
    if declared in ("", "text"):
        return Kind.UNSUPPORTED, "a message without content"
    named = declared if _TYPE.fullmatch(declared) else "unknown"
    return Kind.UNSUPPORTED, f"a WhatsApp message of the kind “{named}”"


def _media(fields: Mapping[str, str]) -> tuple[MediaSource, ...]:
    found = []
    for number in range(MOST_MEDIA):
        if url := fields.get(f"MediaUrl{number}"):
            mime = fields.get(f"MediaContentType{number}", "").partition(";")[0].strip().lower() or None
            kind = _media_kind(mime, fields.get("MessageType", "").lower())
            found.append(MediaSource(kind, mime=mime, reference=url))
    return tuple(found)


def _media_kind(mime: str | None, declared: str) -> Kind:
    if declared == "sticker":
        return Kind.STICKER
    if mime in ("text/vcard", "text/x-vcard", "text/directory"):
        return Kind.CONTACT
    if mime == "audio/ogg":  # what WhatsApp records; other audio is a file somebody chose
        return Kind.VOICE
    family = (mime or declared).partition("/")[0]
    return _MEDIA_KINDS.get(family, Kind.DOCUMENT)


def _location(fields: Mapping[str, str]) -> Location | None:
    try:
        latitude, longitude = float(fields["Latitude"]), float(fields["Longitude"])
    except (KeyError, ValueError):
        return None
    if not (math.isfinite(latitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    label = ", ".join(part for name in ("Label", "Address") if (part := fields.get(name, "").strip()))
    return Location(latitude, longitude, label or None)
