"""Opening hours, working time, and the words of a promise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.opening import OpeningHours
from handoff.deadlines import due_at, words

BERLIN = ZoneInfo("Europe/Berlin")
HOURS = OpeningHours.parse("Mo-Fr 07:00-17:00", BERLIN)


def berlin(day: int, clock: str, month: int = 11) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("urgency", "now", "due"),
    [
        (2, berlin(23, "03:00"), berlin(23, "03:05")),
        (2, berlin(22, "23:58"), berlin(23, "00:03")),
        (1, berlin(23, "10:00"), berlin(23, "10:30")),
        (1, berlin(23, "16:45"), berlin(24, "07:15")),
        (1, berlin(27, "16:45"), berlin(30, "07:15")),  # over a weekend
        (0, berlin(23, "10:00"), berlin(23, "12:00")),
        (0, berlin(23, "15:00"), berlin(23, "17:00")),
        (0, berlin(23, "15:01"), berlin(24, "07:01")),
        (0, berlin(23, "06:00"), berlin(23, "09:00")),
        (0, berlin(23, "17:00"), berlin(24, "09:00")),
        (0, berlin(28, "12:00"), berlin(30, "09:00")),
    ],
)
def test_due(urgency: int, now: datetime, due: datetime) -> None:
    assert due_at(urgency, now.astimezone(UTC), HOURS) == due


@pytest.mark.parametrize(
    ("urgency", "now", "german", "english"),
    [
        (2, berlin(22, "23:00"), "in den nächsten 5 Minuten", "within the next 5 minutes"),
        (0, berlin(23, "12:28"), "heute bis 14:30 Uhr", "today by 14:30"),
        (1, berlin(23, "10:01"), "heute bis 10:35 Uhr", "today by 10:35"),
        (0, berlin(23, "16:30"), "morgen bis 8:30 Uhr", "tomorrow by 8:30"),
        (0, berlin(23, "05:00"), "heute ab 7:00 Uhr", "today from 7:00"),
        (0, berlin(23, "20:00"), "morgen ab 7:00 Uhr", "tomorrow from 7:00"),
        (0, berlin(27, "16:30"), "am Montag bis 8:30 Uhr", "on Monday by 8:30"),
        (0, berlin(28, "12:00"), "am Montag ab 7:00 Uhr", "on Monday from 7:00"),
    ],
)
def test_words(urgency: int, now: datetime, german: str, english: str) -> None:
    said = words(due_at(urgency, now, HOURS), urgency, now.astimezone(UTC), HOURS)
    assert said == {"de": german, "en": english}


def test_working_time_does_not_care_about_summer_time() -> None:
    all_week = OpeningHours.parse("Mo-So 00:00-23:59", BERLIN)
    saturday = berlin(24, "23:00", month=10)  # the clocks go back at three o'clock on Sunday
    assert all_week.after(saturday, timedelta(hours=12)) == berlin(25, "11:01", month=10)


@pytest.mark.parametrize("text", ["Fr-Mo 09:00-12:00", "Sa 08:00-10:00", "Mo-Fr 07:00-17:00"])
@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    minutes=st.integers(1, 3000),
)
def test_a_due_time_is_always_open_and_far_enough(text: str, now: datetime, minutes: int) -> None:
    hours = OpeningHours.parse(text, BERLIN)
    due = hours.after(now, timedelta(minutes=minutes))
    local = due.astimezone(BERLIN)
    assert local.weekday() in hours.days and hours.opens <= local.time() <= hours.closes
    assert due >= hours.next_open(now) >= now
    assert hours.after(now, timedelta(minutes=minutes + 1)) > due


@pytest.mark.parametrize(
    "text", ["", "Mo-Fr", "Xx-Fr 07:00-17:00", "Mo-Fr 17:00-07:00", "Mo-Fr 7-17", "Mo-Fr 25:00-26:00"]
)
def test_bad_hours_say_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match="Mo-Fr 07:00-17:00"):
        OpeningHours.parse(text, BERLIN)


def test_english_days_are_understood() -> None:
    assert OpeningHours.parse("Tu-Th 08:00-12:00", BERLIN).days == {1, 2, 3}


@pytest.mark.parametrize(
    ("text", "german", "english"),
    [
        ("Mo-Fr 07:00-17:00", "Montag bis Freitag, 7:00 bis 17:00 Uhr", "Monday to Friday, 7:00 to 17:00"),
        ("Fr-Mo 09:00-12:30", "Freitag bis Montag, 9:00 bis 12:30 Uhr", "Friday to Monday, 9:00 to 12:30"),
        ("Sa 08:00-10:00", "Samstag, 8:00 bis 10:00 Uhr", "Saturday, 8:00 to 10:00"),
        ("Mo-So 00:00-23:59", "täglich, 0:00 bis 23:59 Uhr", "every day, 0:00 to 23:59"),
    ],
)
def test_hours_as_people_say_them(text: str, german: str, english: str) -> None:
    hours = OpeningHours.parse(text, BERLIN)
    assert (hours.spoken("de"), hours.spoken("en")) == (german, english)
