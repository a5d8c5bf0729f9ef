"""Days as people name them: a date, a weekday, "morgen", a calendar week.

A text is understood without a calendar, so that the same text always means the same. What depends on
today keeps its own form as a value, and `resolve` turns it into a day when somebody acts on it:
`2026-03-12`, `--03-12` (no year said), `today`, `tomorrow`, `overmorrow`, `yesterday`, `monday` to
`sunday`, `W48` and `2026-W48` (calendar week).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

_ISO = re.compile(r"(?<![\d-])(?P<y>20\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?![\d-])")
_GERMAN = re.compile(
    r"(?<![\d.,])(?P<d>\d{1,2})\. ?(?P<m>\d{1,2})\.(?: ?(?P<y>20\d\d|\d\d)(?![\d.]*\d))?(?!\d)"
)
_MONTHS = (
    "jan(?:uar|uary)?|feb(?:ruar|ruary)?|mär(?:z)?|maerz|mar(?:ch)?|apr(?:il)?|mai|may|jun[ie]?|jul[iy]?|"
    "aug(?:ust)?|sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|de[zc](?:ember)?"
)
_NAMED = re.compile(
    rf"(?<!\d)(?P<d>\d{{1,2}})(?P<dot>\.|st|nd|rd|th)? ?(?P<m>{_MONTHS})\b\.?(?: (?P<y>20\d\d)(?!\d))?",
    re.IGNORECASE,
)
_MONTH_NAMES = (
    *("jan", "feb", "mär/mae/mar", "apr", "mai/may", "jun"),
    *("jul", "aug", "sep", "okt/oct", "nov", "dez/dec"),
)
_MONTH_NUMBER = {
    name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split("/")
}
_WEEK = re.compile(
    r"\b(?:KW|Kalenderwoche|week) ?\.?(?P<w>[1-9]|[0-4]\d|5[0-3])(?:[/ -]+(?P<y>20\d\d))?(?!\d)",
    re.IGNORECASE,
)
_WEEKDAYS = (
    ("monday", "montag|monday"),
    ("tuesday", "dienstag|tuesday"),
    ("wednesday", "mittwoch|wednesday"),
    ("thursday", "donnerstag|thursday"),
    ("friday", "freitag|friday"),
    ("saturday", "samstag|sonnabend|saturday"),
    ("sunday", "sonntag|sunday"),
)
_RELATIVE = (
    ("overmorrow", r"übermorgen|uebermorgen|day after tomorrow"),
    # "morgen" alone: "guten Morgen", "Montag morgen" and "heute morgen" are times of day.
    ("tomorrow", r"(?<!guten )(?<!heute )(?<!tag )(?<!woch )(?<!gestern )morgen(?!s)|tomorrow"),
    ("yesterday", r"(?<!vor)gestern|yesterday"),
    ("today", r"heute|today"),
)
_WORDS = tuple(
    (value, re.compile(rf"\b(?:{names})\b", re.IGNORECASE)) for value, names in (*_RELATIVE, *_WEEKDAYS)
)
_DAYS_AWAY = {"yesterday": -1, "today": 0, "tomorrow": 1, "overmorrow": 2}


def find_dates(text: str) -> Iterator[tuple[str, int, int]]:
    """Value, start and end of each day named in a text; some may overlap, the more exact one first."""
    for pattern in (_ISO, _GERMAN, _NAMED):
        for match in pattern.finditer(text):
            if not _may_be(match) and (value := _calendar_day(match)) is not None:
                yield value, match.start(), match.end()
    for match in _WEEK.finditer(text):
        week = f"W{int(match['w']):02d}"
        yield f"{match['y']}-{week}" if match["y"] else week, match.start(), match.end()
    for value, pattern in _WORDS:
        for match in pattern.finditer(text):
            yield value, match.start(), match.end()


def resolve(value: str, today: date) -> date:
    """The day a value means when it is said today; of a week its Monday.

    A weekday and a date without a year are the next ones, today included, and a week without a year is
    this one or a coming one. Raises ValueError for anything that is no value of `find_dates`.
    """
    if value in _DAYS_AWAY:
        return today + timedelta(days=_DAYS_AWAY[value])
    for number, (name, _) in enumerate(_WEEKDAYS):
        if value == name:
            return today + timedelta(days=(number - today.weekday()) % 7)
    if match := re.fullmatch(r"(?:(\d{4})-)?W(\d\d)", value):
        week = int(match[2])
        if match[1]:
            return date.fromisocalendar(int(match[1]), week, 1)
        this_year, this_week, _ = today.isocalendar()
        return date.fromisocalendar(this_year + (week < this_week), week, 1)
    if value.startswith("--"):
        month, day = (int(part) for part in value[2:].split("-"))
        # The 29th of February exists in one of eight years at the latest.
        for year in range(today.year, today.year + 9):
            try:
                found = date(year, month, day)
            except ValueError:
                continue
            if found >= today:
                return found
    return date.fromisoformat(value)


def _may_be(match: re.Match[str]) -> bool:
    """Whether the month is only a word that looks like one: "2 may fit"."""
    said = match.groupdict()
    return said["y"] is None and said.get("dot", ".") is None and said["m"].lower() in ("may", "mar", "mai")


def _calendar_day(match: re.Match[str]) -> str | None:
    """ISO form of a date, without its year when none was said; None for what is no date (31.02.)."""
    month = _MONTH_NUMBER.get(match["m"][:3].lower()) or int(match["m"])
    said = match["y"]
    year = 2000 if said is None else int(said) + (2000 if len(said) == 2 else 0)
    try:
        day = date(year, month, int(match["d"]))
    except ValueError:
        return None
    return day.isoformat() if said is not None else f"--{month:02d}-{day.day:02d}"
