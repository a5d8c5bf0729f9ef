"""What a message says of who wrote it: the phones, customer numbers, addresses and names in it.

Digits count only where somebody says what they are: a text that is nothing but a number, or one that
names it ("Kd-Nr. 10234", "mobil 0171 …"). An order, an invoice or a ticket is not a customer number,
however much it looks like one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.accounts.directory import Given
from bot.accounts.phones import Phone, readings
from bot.accounts.phrases import Phrase, phrases

_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.UNICODE)
_PHONE = re.compile(
    r"(?<![\w#@-])(?:\+|00|0|\(\+?[0-9]{2,5}\))[0-9\s()/.\-–]{4,24}[0-9]"
    r"(?:[\s,;/-]*(?:app(?:arat)?|durchwahl|dw|nst|nebenstelle|ext(?:ension)?)[\s.:]*[0-9]{1,6})?(?![\w@])",
    re.IGNORECASE,
)
_OWN_PHONE = re.compile(
    r"(?:\btel(?:efon)?(?:nummer|nr)?|\bfon|\bphone|\bhandy(?:nummer|nr)?|\bmobil(?:e|nummer)?|\bwhatsapp"
    r"|\b(?:meine|unsere|my|our)\s+(?:\w+\s+)?(?:nummer|number|nr)|\berreichbar|\bdurchwahl|\brückruf)"
    r"[\w\s.:,()-]{0,30}$",
    re.IGNORECASE,
)
_NUMBER_WORD = (
    r"(?:kunden?[\s.-]*(?:nummer|nr|no|konto|id)|kd[\s.-]*(?:nummer|nr|no)?|k[\s.-]?nr|kundennr|debitor(?:en)?"
    r"[\s.-]*(?:nummer|nr)?|customer[\s.-]*(?:number|no|nr|id)?|account[\s.-]*(?:number|no|id))"
)
_MARKED = re.compile(
    rf"\b{_NUMBER_WORD}[\s.:;,#=-]*(?:(?:ist|lautet|war|is|die|the|hier|nummer|nr)[\s.:]*){{0,3}}"
    r"([a-z]{0,4}[\s./-]{0,2}[0-9oil](?:[\s./-]{0,2}[0-9oil]){2,13})(?![a-z0-9])",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?<![\w#@/.-])([A-Z]{0,4}[-./]?[0-9][0-9OIl./-]{2,12})(?![\w@#-])")
_SOLE = re.compile(
    r"(?:(?:nr|nummer|number|no|meine|unsere|die|ist|lautet|war|hier|bin|sind|wir|ich)[\s.:#]+)*"
    r"([a-z]{0,4}[\s./-]{0,2}[0-9oil](?:[\s./-]{0,2}[0-9oil]){2,13})[\s.!]*",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"(?:auftrag|bestell|order|rechnung|invoice|liefer|angebot|offer|artikel|article|ticket|vorgang|case|serien"
    r"|serial|typ\b|modell|geräte|beleg|iban|plz|vertrag|projekt|fehler|error|charge|material|teile|sn\b|pos\b"
    r"|sendung|tracking|paket|reklamation|baujahr|€|eur\b)[\w\s.:,#-]{0,22}$|[#№]\s*$",
    re.IGNORECASE,
)
_DIGIT_WORDS = {
    "null": "0", "eins": "1", "ein": "1", "zwei": "2", "zwo": "2", "drei": "3", "vier": "4", "fünf": "5",
    "fuenf": "5", "sechs": "6", "sieben": "7", "acht": "8", "neun": "9", "zero": "0", "one": "1", "two": "2",
    "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_SPOKEN = re.compile(rf"\b(?:(?:{'|'.join(_DIGIT_WORDS)})\b[\s,.-]*){{4,}}", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_LONGEST = 1_000  # characters read; who writes more is not introducing themselves


@dataclass(frozen=True, slots=True)
class TypedPhone:
    """A phone: what it may mean, and whether it is said to be the writer's own."""

    readings: tuple[Phone, ...]
    own: bool


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """What may be a customer number. `key` is folded: no separators, O, I and L as 0, 1 and 1.

    `written`: in capitals, without separators. `said` to be one; `alone`: all that was typed, so that it
    may be a phone as well.
    """

    key: str
    written: str
    said: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Clues:
    """All that was found, each in the order it came."""

    phones: tuple[TypedPhone, ...]
    numbers: tuple[TypedNumber, ...]
    emails: tuple[str, ...]
    names: tuple[Phrase, ...]
    profile: str | None


def read(given: Given) -> Clues:
    """Read what was given. Never raises: what makes no sense is no clue."""
    text = _clean(given.text)
    emails = [found.lower().rstrip(".") for found in _EMAIL.findall(_clean(given.email))]
    emails += [found.lower().rstrip(".") for found in _EMAIL.findall(text)]
    text = _EMAIL.sub(" , ", text)
    phones = [TypedPhone(readings(given.phone.strip()), own=True)] if given.phone else []
    numbers: list[TypedNumber] = []
    text = _spoken(text)
    text = _take_numbers(text, numbers)
    text = _take_phones(text, phones, sole=not emails)
    text = _take_bare(text, numbers)
    return Clues(
        tuple(phone for phone in phones if phone.readings),
        tuple({number.key: number for number in reversed(numbers)}.values())[::-1],
        tuple(dict.fromkeys(emails)),
        phrases(text),
        _clean(given.profile_name).strip() or None,
    )


def fold_number(text: str) -> str:
    """A customer number without separators, with O, I and L read as 0, 1 and 1."""
    return bare_number(text).translate(str.maketrans("OIL", "011"))


def bare_number(text: str) -> str:
    """A customer number in capitals, without separators."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def _number(text: str, *, said: bool = False, alone: bool = False) -> TypedNumber:
    return TypedNumber(fold_number(text), bare_number(text), said, alone)


def _clean(text: str | None) -> str:
    if not text:
        return ""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text[:_LONGEST]))


def _spoken(text: str) -> str:
    """Digits that were dictated, as digits."""

    def digits(found: re.Match[str]) -> str:
        return "".join(_DIGIT_WORDS[word] for word in re.findall(r"[^\W\d_]+", found[0].lower())) + " "

    return _SPOKEN.sub(digits, text)


def _take_numbers(text: str, numbers: list[TypedNumber]) -> str:
    sole = _SOLE.fullmatch(text.strip())
    if sole and not re.match(r"\s*(?:\+|00|0\d{2,5}[\s/-])", text):
        numbers.append(_number(sole[1], alone=True))
        return text  # it may be a phone as well

    def take(found: re.Match[str]) -> str:
        numbers.append(_number(found[1], said=True))
        return " , "

    return _MARKED.sub(take, text)


def _take_phones(text: str, phones: list[TypedPhone], *, sole: bool) -> str:
    if sole and not re.search(
        r"[^\W\d_]{3,}",
        re.sub(r"(?i)^\s*(whatsapp|tel|sms):|app(arat)?|durchwahl|nebenstelle|ext(ension)?", "", text),
    ):
        whole = readings(text.strip())
        if whole:
            phones.append(TypedPhone(whole, own=True))
            return ""

    def take(found: re.Match[str]) -> str:
        before = text[: found.start()]
        if not _OTHER.search(before[-40:]):
            read_as = readings(found[0].strip())
            if read_as:
                phones.append(TypedPhone(read_as, own=bool(_OWN_PHONE.search(before[-50:]))))
        return " , "

    return _PHONE.sub(take, text)


def _take_bare(text: str, numbers: list[TypedNumber]) -> str:
    def take(found: re.Match[str]) -> str:
        if not _OTHER.search(text[max(0, found.start() - 40) : found.start()]):
            numbers.append(_number(found[1]))
        return " , "

    return _BARE.sub(take, text)
