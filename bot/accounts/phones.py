"""Phones as people type them, as E.164.

phonenumbers has two traps here (measured with 9.0, region DE): letters become vanity digits, so that
"030 12345-0 App. 23" turns into a valid wrong number; and a German number in international form
without its plus, "491711234567", is taken for a number inside Germany. So extensions are cut off
first, letters are refused, and a leading 49 is tried as the country code before anything else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers

REGION = "DE"

_EXTENSION = re.compile(
    r"[\s,;/]*(?:app(?:arat)?|durchwahl|dw|nst|nebenstelle|ext(?:ension)?|x|#)[\s.:]*([0-9]{1,6})\s*$",
    re.IGNORECASE,
)
_SWITCHBOARD = re.compile(r"[0-9]\s*[-–]\s*0\s*$")
_ALLOWED = re.compile(r"[0-9\s+()/.–-]+")


class BadPhone(ValueError):
    """A phone that cannot be understood; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone. `e164` is "+493023125200".

    `extension` is what was given after "App." or "ext.". `block` marks a number written with a
    trailing "-0": the switchboard of a block of extensions.
    """

    e164: str
    extension: str | None = None
    block: bool = False

    @property
    def address(self) -> str:
        """How an endpoint writes it: with the extension as in RFC 3966, which never calls us by itself."""
        return f"{self.e164};ext={self.extension}" if self.extension else self.e164

    @property
    def written(self) -> str:
        """E.164, with the dash that marks a block: "+49302312520-0"."""
        return f"{self.e164[:-1]}-0" if self.block else self.e164


def read_phone(text: str) -> Phone:
    """Read a phone. Raises BadPhone."""
    found = _EXTENSION.search(text)
    bare = text[: found.start()] if found else text
    if not _ALLOWED.fullmatch(bare):
        odd = next((c for c in bare if not _ALLOWED.fullmatch(c)), "")
        raise BadPhone(f'expected digits, found "{odd}"' if odd else "expected a number")
    digits = re.sub(r"[^0-9]", "", bare)
    candidates = [f"+{digits}"] if digits.startswith("49") and "+" not in bare else []
    for candidate in (*candidates, bare):
        try:
            number = phonenumbers.parse(candidate, REGION)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return Phone(
                phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
                found.group(1) if found else None,
                bool(_SWITCHBOARD.search(bare)),
            )
    raise BadPhone("no such number; expected for example 0171 3920001 or +49 30 23125-0")


def spell(address: str) -> str:
    """A stored phone as people read it: "+49 30 23125112", "+49 171 3920001", "+49 30 23125200-14".

    What is no phone comes back as it is.
    """
    number, _, extension = address.partition(";ext=")
    bare, block = (number[:-2] + "0", True) if number.endswith("-0") else (number, False)
    try:
        parsed = phonenumbers.parse(bare)
    except phonenumbers.NumberParseException:
        return address
    spelled = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    if block:
        spelled = f"{spelled[:-1]}-0"
    return f"{spelled}-{extension}" if extension else spelled
