"""What people call a day becomes a day when it is acted on."""

from __future__ import annotations

from datetime import date

import pytest

from nlu.dates import find_dates, resolve

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("heute", date(2026, 11, 23)),
        ("morgen", date(2026, 11, 24)),
        ("übermorgen", date(2026, 11, 25)),
        ("gestern", date(2026, 11, 22)),
        ("Montag", date(2026, 11, 23)),
        ("am Freitag", date(2026, 11, 27)),
        ("Sunday", date(2026, 11, 29)),
        ("KW 48", date(2026, 11, 23)),
        ("KW 2", date(2027, 1, 11)),
        ("KW 2/2028", date(2028, 1, 10)),
        ("2026-12-01", date(2026, 12, 1)),
        ("am 3.12.", date(2026, 12, 3)),
        ("3. Februar", date(2027, 2, 3)),
        ("29.2.", date(2028, 2, 29)),
        ("24. Dezember 2027", date(2027, 12, 24)),
    ],
)
def test_said_on_a_monday(said: str, day: date) -> None:
    ((value, _, _),) = find_dates(said)
    assert resolve(value, MONDAY) == day


@pytest.mark.parametrize(
    "said", ["guten Morgen", "morgens", "31.2.", "KW 54", "Sonntagsarbeit", "1.5 mm", "vorgestern"]
)
def test_no_day(said: str) -> None:
    assert list(find_dates(said)) == []


def test_anything_else_is_no_value() -> None:
    with pytest.raises(ValueError, match="irgendwann"):
        resolve("irgendwann", MONDAY)
