"""Twilio's error codes: what each means for us, in a sentence for the agent.

Codes: Twilio's error dictionary and its table of WhatsApp error codes. Those marked † there was no
provider's own page for; they are read from public bug reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from bot.channel import Refused, RetryLater, SendError


class _Means(Enum):
    RETRY = auto()
    REFUSED = auto()
    BLOCKED = auto()
    OPERATOR = auto()


@dataclass(frozen=True, slots=True)
class _Meaning:
    means: _Means
    plain: str


_CODES = {
    # Nothing reaches this person any more.
    "21610": _Meaning(_Means.BLOCKED, "This person has asked not to get messages (STOP)."),  # †
    "63014": _Meaning(_Means.BLOCKED, "This person has blocked our WhatsApp number."),
    "63024": _Meaning(_Means.BLOCKED, "WhatsApp cannot deliver to this recipient."),  # †
    # The recipient's or the message's own fault.
    "21211": _Meaning(_Means.REFUSED, "This is not a valid phone number."),
    "63003": _Meaning(_Means.REFUSED, "This phone number is not on WhatsApp."),  # †
    "63032": _Meaning(
        _Means.REFUSED, "WhatsApp withholds this message from this person; do not repeat it."
    ),  # †
    "63016": _Meaning(
        _Means.REFUSED, "The last message of this person is over 24 hours old: only a template may be sent."
    ),
    "12300": _Meaning(_Means.REFUSED, "WhatsApp does not take files of this type."),
    "21617": _Meaning(_Means.REFUSED, "The text is too long for one WhatsApp message."),
    "21620": _Meaning(_Means.REFUSED, "Twilio could not fetch the file from our server."),
    "63005": _Meaning(_Means.REFUSED, "WhatsApp does not accept the content of this message."),  # †
    "63013": _Meaning(_Means.REFUSED, "WhatsApp rejects the content because of its policy."),  # †
    "63019": _Meaning(_Means.REFUSED, "WhatsApp could not download the file."),
    "63021": _Meaning(_Means.REFUSED, "WhatsApp found the content of this message invalid."),
    "21655": _Meaning(_Means.REFUSED, "The template does not exist."),
    "21656": _Meaning(_Means.REFUSED, "The template's variables are not valid."),
    "63027": _Meaning(_Means.REFUSED, "The template does not exist in this language."),
    "63028": _Meaning(_Means.REFUSED, "The template was filled with too few or too many variables."),
    # Only the operator can mend it.
    "20003": _Meaning(
        _Means.OPERATOR,
        "Twilio refuses the credentials. Check BAURUF_TWILIO_ACCOUNT_SID and BAURUF_TWILIO_AUTH_TOKEN.",
    ),
    "20404": _Meaning(
        _Means.OPERATOR,
        "Twilio does not know this account. Check BAURUF_TWILIO_ACCOUNT_SID and the API address.",
    ),
    "63001": _Meaning(
        _Means.OPERATOR, "WhatsApp refuses Twilio's access. Check the sender in Twilio's console."
    ),
    "63007": _Meaning(
        _Means.OPERATOR, "Twilio has no WhatsApp sender with this number. Check BAURUF_WHATSAPP_FROM."
    ),
    "63015": _Meaning(  # †
        _Means.OPERATOR, "This is Twilio's sandbox, and the recipient has not joined it."
    ),
    "63020": _Meaning(
        _Means.OPERATOR, "WhatsApp has not accepted Twilio's invitation for this business account."
    ),
    # Later it may work.
    "20429": _Meaning(_Means.RETRY, "Twilio is limiting us; the message waits."),
    "63018": _Meaning(_Means.RETRY, "WhatsApp is limiting us; the message waits."),
    "63012": _Meaning(_Means.RETRY, "WhatsApp has a fault; the message waits."),
}


def send_error(code: str | None, *, status: int | None = None, after: timedelta | None = None) -> SendError:
    """The error for Twilio's `code`, else for the HTTP `status`. `after` is Twilio's Retry-After."""
    known = _CODES.get(code or "")
    if status == 429 or (known is None and status is not None and status >= 500):
        plain = "Twilio is limiting us; the message waits." if status == 429 else "Twilio has a fault."
        return RetryLater(known.plain if known else plain, code=code, after=after)
    if known is None:
        if status == 401:
            return Refused(_CODES["20003"].plain, code=code, operator=True)
        named = f"error {code}" if code else f"HTTP {status}" if status else "no reason given"
        return Refused(f"WhatsApp did not take the message ({named}).", code=code)
    match known.means:
        case _Means.RETRY:
            return RetryLater(known.plain, code=code, after=after)
        case _Means.BLOCKED:
            return Refused(known.plain, code=code, blocked=True)
        case _Means.OPERATOR:
            return Refused(known.plain, code=code, operator=True)
        case _Means.REFUSED:
            return Refused(known.plain, code=code)
