"""Phones as the searches of CRMs take them, and checking again what they found."""

from __future__ import annotations

import phonenumbers

from bot.accounts.phones import BadPhone, read_phone


def national(phone: str) -> str:
    """The digits of an E.164 phone without its country code: "+491713920001" is "1713920001"."""
    return str(phonenumbers.parse(phone).national_number)


def same_phone(written: str | None, phone: str) -> bool:
    """Whether what somebody typed into a CRM is this E.164 phone; a search finds more than that."""
    try:
        return written is not None and read_phone(written).e164 == phone
    except BadPhone:
        return False
