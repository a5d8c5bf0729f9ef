"""What Twilio's status callback says about a message we sent.

Callbacks come in any order, repeated, and even before our own call has returned (source: Twilio's
page "Track outbound message status", and its fake). The outbox never lets a state run backwards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.channel import SendError
from bot.messages import Delivery
from webhooks.text import clean
from webhooks.whatsapp.errors import send_error
from webhooks.whatsapp.signature import form

_SID = re.compile(r"[A-Za-z0-9]{1,64}")
_STATES = {
    "accepted": Delivery.SENDING,
    "scheduled": Delivery.SENDING,
    "queued": Delivery.SENDING,
    "sending": Delivery.SENDING,
    "sent": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "read": Delivery.READ,
    "undelivered": Delivery.FAILED,
    "failed": Delivery.FAILED,
    "canceled": Delivery.FAILED,
}


class NotAStatus(Exception):
    """The callback cannot be read; says why, without user text."""


@dataclass(frozen=True, slots=True)
class StatusReport:
    """One callback: our message's id, how far it came, and why not farther."""

    provider_id: str
    state: Delivery
    error: SendError | None = None


def parse_status(raw: bytes) -> StatusReport:
    """Read one callback (the raw form). Raises NotAStatus."""
    try:
        fields = {name: clean(value) for name, value in form(raw)}
    except ValueError:
        raise NotAStatus("There are more parameters than Twilio ever sends.") from None
    sid = fields.get("MessageSid") or fields.get("SmsSid") or ""
    if not _SID.fullmatch(sid):
        raise NotAStatus("This status report has no MessageSid.")
    state = _STATES.get((fields.get("MessageStatus") or fields.get("SmsStatus") or "").lower())
    if state is None:
        raise NotAStatus("This status report has no status we know.")
    code = fields.get("ErrorCode", "")
    failed = state is Delivery.FAILED
    return StatusReport(
        sid, state, send_error(code if code.isdigit() and code != "0" else None) if failed else None
    )
