"""Phones as people type them, as E.164.

phonenumbers has two traps here (measured with 9.0, region DE): letters become vanity digits, so that
"030 12345-0 App. 23" turns into a valid wrong number; and a German number in international form
without its plus, "491711234567", is taken for a number inside Germany. So extensions are cut off
first, letters are refused, and a leading 49 is tried as the country code before anything else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import phonenumbers

REGION = "DE"

_EXTENSION = re.compile(
    r"[\s,;/]*(?:app(?:arat)?|durchwahl|dw|nst|nebenstelle|ext(?:ension)?|x|#)[\s.:]*([0-9]{1,6})\s*$",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"^\s*(?:whatsapp|tel|sms):", re.IGNORECASE)
_SWITCHBOARD = re.compile(r"[0-9]\s*[-–]\s*0\s*$")
_SHORTEST, _LONGEST = 6, 17  # digits
_WITH_AREA = 9  # digits from which a German number without its zero may have its area code
_REWRITTEN = (
    (re.compile(r"\+55([1-9][0-9])9?([0-9]{8})"), r"+55\g<1>9\2", r"+55\1\2"),
    (re.compile(r"\+521?([0-9]{10})"), r"+521\1", r"+52\1"),
    (re.compile(r"\+549?([0-9]{10})"), r"+549\1", r"+54\1"),
)
_DESCRIBED: Any = phonenumbers.PhoneMetadata.metadata_for_region(REGION)
_PLAIN = re.compile(  # what most numbers in a German book are; with it, reading them takes a twentieth
    rf"(?:\+49|0049|0)((?:{_DESCRIBED.mobile.national_number_pattern})"
    rf"|(?:{_DESCRIBED.fixed_line.national_number_pattern}))"
)
_SEPARATORS = str.maketrans("", "", " \u00a0\t()/.–-")
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
    plain = _PLAIN.fullmatch(bare.translate(_SEPARATORS))
    if plain:
        return Phone(f"+49{plain[1]}", found[1] if found else None, bool(_SWITCHBOARD.search(bare)))
    digits = re.sub(r"[^0-9]", "", bare)
    candidates = [f"+{digits}"] if digits.startswith("49") and "+" not in bare else []
    for candidate in (*candidates, bare):
        try:
            number = phonenumbers.parse(_without_mexican_one(candidate), REGION)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number) or (
            len(digits) > _SHORTEST
            and re.match(r"\(?(?:\+|0)", candidate.strip())
            and phonenumbers.is_possible_number(number)
        ):
            return _phone(number, found, bare)
    raise BadPhone("no such number; expected for example 0171 3920001 or +49 30 23125-0")


def readings(text: str) -> tuple[Phone, ...]:
    """Everything a phone may mean that somebody typed or a channel delivered; empty when it is none.

    Without plus and leading zero it may be a whole international number, as WhatsApp writes them, or
    a German one whose zero was lost. Numbers that the metadata does not know but deems possible count.
    A channel may put its name before it: "whatsapp:+491713920001".
    """
    text = _SCHEME.sub("", text)
    found = _EXTENSION.search(text)
    bare = (text[: found.start()] if found else text).strip()
    digits = re.sub(r"[^0-9]", "", bare)
    if not _ALLOWED.fullmatch(bare) or not _SHORTEST <= len(digits) <= _LONGEST:
        return ()
    if re.match(r"\(?\+|\(?0", bare):
        written = [bare]
    else:
        written = [f"+{digits}", *([bare] if len(digits) >= _WITH_AREA else [])]
    numbers = []
    for candidate in dict.fromkeys(_without_mexican_one(w) for w in written):
        try:
            number = phonenumbers.parse(candidate, REGION)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            numbers.append(_phone(number, found, bare))
    return tuple(dict.fromkeys(numbers))


def variants(e164: str) -> tuple[str, ...]:
    """The ways one mobile number is written where the country changed its mind, the given one first.

    Brazil put a 9 before mobile numbers, Mexico took away the 1 after its code, and Argentina has a 9
    in international form only; WhatsApp's ids may follow the older rule.
    """
    for pattern, long, short in _REWRITTEN:
        found = pattern.fullmatch(e164)
        if found:
            forms = (found.expand(long), found.expand(short))
            return tuple(dict.fromkeys((e164, *forms)))
    return (e164,)


def _without_mexican_one(written: str) -> str:
    """Phonenumbers no longer takes Mexican numbers with their former 1."""
    digits = re.sub(r"[^0-9+]", "", written)
    return f"+52{digits[4:]}" if re.fullmatch(r"\+521[0-9]{10}", digits) else written


def _phone(number: phonenumbers.PhoneNumber, extension: re.Match[str] | None, bare: str) -> Phone:
    return Phone(
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        extension.group(1) if extension else None,
        bool(_SWITCHBOARD.search(bare)),
    )


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
