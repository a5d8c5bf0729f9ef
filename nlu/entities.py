"""Numbers, codes and dates in a text, normalised, with their place. The same for every engine.

The formats are those of the manufacturer's own documents: orders have ten digits and start with 45,
customers K and five digits, articles read like NW-RV-250 or NW-AX-400-EC (family, size, variant).
Families of devices may be named in words (nlu/families.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import phonenumbers

from nlu.dates import find_dates
from nlu.families import NO_FAMILIES, Families
from nlu.spoken import HUNDREDS, SMALL, spoken
from nlu.understanding import Entity
from nlu.wording import windows

REGION = "DE"
"""Where a phone number without a country code is dialled from."""

FAMILIES = ("RV", "AX", "RD", "DV", "KV", "BV", "WRG", "BSK", "VR", "SD")
"""Article families an installer may name without the leading NW ("habt ihr den RV-250"). Of FU only
sizes with a leading zero are meant: "FU 400 V" is a voltage.
"""

_SHORT = rf"(?:{'|'.join(FAMILIES)})(?=[ -]?(?:\d{{3}}|{HUNDREDS}))|FU(?=[ -]?0\d\d)"
_VARIANTS = "EC|AC|EX"
_ORDER = re.compile(r"(?<![\d+])45(?:[ .-]?\d){8}(?!\d)")
_INVOICE = re.compile(r"(?<![\d+])(?<!\d[ ./-])90(?:[ .-]?\d){6}(?![ .-]?\d)")
_ARTICLE = re.compile(
    rf"(?<![A-Za-z0-9])"
    rf"(?:NW[ -]?(?P<family>[A-Z]{{2,3}})[ -]?|(?P<short>{_SHORT})[ -]?)"
    rf"(?P<size>\d{{2,4}}|{HUNDREDS})"
    rf"(?:-(?P<variant>[A-Z0-9]{{1,3}})|[ ]?(?P<glued>{_VARIANTS}))?(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_CUSTOMER = re.compile(
    r"(?<![A-Za-z0-9])"
    r"(?:K[ -]?|(?:Kunden(?:nummer|nr)|Kd\.?-?Nr|customer (?:number|no))\.?:? *K?[ -]?)(\d{5})(?!\d)",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?<![\w-])(?:E[ -]?(?P<e>\d{1,2})|F[ ]?(?P<f>\d{2}))(?![\dA-Za-z]|[.,]\d)", re.IGNORECASE
)
_CODE_WORD = re.compile(
    r"\b(?:fehler(?:code|nummer|meldung)?|störung(?:scode)?|stoerung|error(?: code)?|err|fault(?: code)?)"
    r"(?: nr\.?| no\.?)?[ :#-]{0,2}(?P<e>\d{1,2})(?![\dA-Za-z]|[.,]\d|\s*(?:mal|x|times|uhr|tage|days)\b)",
    re.IGNORECASE,
)
_NAMED = r"(?:fehler|störung|stoerung|code|error|fault)"
_CODE_SPOKEN = re.compile(
    rf"\b(?:(?P<letter>[ef])[ -]?|{_NAMED} )(?:null|zero|oh) (?P<number>{SMALL})\b"
    rf"|\b{_NAMED} (?P<named>[ef]) (?P<plain>{SMALL})\b",
    re.IGNORECASE,
)
_TIMES = {
    **dict.fromkeys(("ein", "einmal", "once"), 1),
    **dict.fromkeys(("zwei", "zweimal", "two", "twice"), 2),
    **dict.fromkeys(("drei", "dreimal", "three"), 3),
    **dict.fromkeys(("vier", "viermal", "four"), 4),
    **dict.fromkeys(("fünf", "fünfmal", "fuenf", "fuenfmal", "five"), 5),
    **dict.fromkeys(("sechs", "sechsmal", "six"), 6),
    **dict.fromkeys(("sieben", "siebenmal", "seven"), 7),
    **dict.fromkeys(("acht", "achtmal", "eight"), 8),
}
_TIMES_WORD = "|".join(sorted(_TIMES, key=len, reverse=True))
_BLINK_VERB = r"(?:blink\w*|flash\w*|leuchtet)"
_BLINK = re.compile(
    rf"\b(?:{_BLINK_VERB}(?: (?:immer|jetzt|rot|grün|gelb|red|green|led|die|code))*:? "
    rf"(?P<after>[1-9]|{_TIMES_WORD})(?: ?(?:x|mal|times)\b|\b)"
    rf"|(?P<before>[1-9]|{_TIMES_WORD})(?: ?(?:x|mal|times))? (?:(?:rot|red|kurz|short) )?"
    rf"(?:blink|flash)\w*)",
    re.IGNORECASE,
)
_NUMBER = rf"[1-9]\d{{0,3}}|(?!eins?\b|one\b)(?:{SMALL})"
_UNIT = r"(?:stück|stueck|stk\b|st\b\.|pcs\b|pieces?\b|units?\b)"
_GOODS = (
    r"(?:\w*(?:ventilatoren|lüfter|luefter|motoren|kondensatoren|platinen|filter(?:sätze|saetze)?|geräte|geraete)"
    r"|(?:\w+ )?(?:fans|motors|filters|capacitors|boards|units))"
)
_QUANTITY = re.compile(
    rf"(?<![\w.,])(?P<n>{_NUMBER})(?: ?{_UNIT}"
    r"|(?: ?[x×] (?!\d)| ?[x×](?![\w])(?! ?\d))(?! *(?:\w*ge\w+(?:t|en)|called|tried|written)\b)"
    rf"|(?= (?:NW[ -]?[A-Z]|(?:{_SHORT})[ -]?\d|{_GOODS}\b)))",
    re.IGNORECASE,
)
"""So many pieces: "3 Stück", "3x", "drei RV-250"."""


def find_entities(text: str, families: Families = NO_FAMILIES) -> tuple[Entity, ...]:
    """All entities of a text in order of place; they never overlap. Very long texts: head and tail only.

    A family is one only where no article number says it better.
    """
    found: list[Entity] = []
    for offset, part in windows(text):
        taken: list[Entity] = []
        for finder in _FINDERS:
            for entity in finder(part):
                if all(entity.end <= other.start or other.end <= entity.start for other in taken):
                    taken.append(entity)
        found += [Entity(e.name, e.value, e.start + offset, e.end + offset) for e in taken]
    if all(entity.name != "article_number" for entity in found):
        found += _families(text, families, found)
    return tuple(sorted(found, key=lambda entity: entity.start))


def _families(text: str, families: Families, found: list[Entity]) -> Iterator[Entity]:
    head = windows(text)[0][1]
    entity = families.find(head)
    if entity is not None and all(entity.end <= e.start or e.end <= entity.start for e in found):
        yield entity


def _orders(text: str) -> Iterator[Entity]:
    for match in _ORDER.finditer(text):
        yield _entity("order_number", _ascii(match[0]), match)


def _invoices(text: str) -> Iterator[Entity]:
    for match in _INVOICE.finditer(text):
        yield _entity("invoice_number", _ascii(match[0]), match)


def _articles(text: str) -> Iterator[Entity]:
    for match in _ARTICLE.finditer(text):
        size = match["size"] if match["size"].isdecimal() else spoken(match["size"])
        if size is None:
            continue
        parts = (match["family"] or match["short"], str(size), match["variant"] or match["glued"])
        yield _entity("article_number", "-".join(["NW", *filter(None, parts)]).upper(), match)


def _customers(text: str) -> Iterator[Entity]:
    for match in _CUSTOMER.finditer(text):
        yield _entity("customer_number", f"K{_ascii(match[1])}", match)


def _codes(text: str) -> Iterator[Entity]:
    for pattern in (_CODE, _CODE_WORD):
        for match in pattern.finditer(text):
            fields = match.groupdict()
            letter = "F" if fields.get("f") else "E"
            number = int(fields.get("f") or fields["e"])
            if number:
                yield _entity("error_code", f"{letter}{number:02d}", match)
    for match in _CODE_SPOKEN.finditer(text):
        letter = (match["letter"] or match["named"] or "E").upper()
        yield _entity("error_code", f"{letter}{spoken(match['number'] or match['plain']):02d}", match)
    for match in _BLINK.finditer(text):
        times = (match["after"] or match["before"]).lower()
        yield _entity("error_code", f"BLINK{_TIMES.get(times) or int(times)}", match)


def _dates(text: str) -> Iterator[Entity]:
    for value, start, end in find_dates(text):
        yield Entity("date", value, start, end)


def _phones(text: str) -> Iterator[Entity]:
    if sum(char.isdigit() for char in text) < 6:
        return
    for match in phonenumbers.PhoneNumberMatcher(text, REGION):
        value = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        start = match.end - len(match.raw_string.lstrip())
        yield Entity("phone", value, start, match.end)


def _quantities(text: str) -> Iterator[Entity]:
    for match in _QUANTITY.finditer(text):
        yield _entity("quantity", str(spoken(match["n"])), match)


def _entity(name: str, value: str, match: re.Match[str]) -> Entity:
    end = match.start() + len(match[0].rstrip())
    return Entity(name, value, match.start(), end)


def _ascii(text: str) -> str:
    return "".join(str(int(char)) for char in text if char.isdecimal())


# The more telling number takes its place first: an order number is no phone, a date no quantity.
_FINDERS: tuple[Callable[[str], Iterator[Entity]], ...] = (
    _orders,
    _invoices,
    _articles,
    _customers,
    _dates,
    _phones,
    _codes,
    _quantities,
)
