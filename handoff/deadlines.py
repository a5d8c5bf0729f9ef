"""What we promise and until when, and the words for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from bot.opening import OpeningHours

URGENT = timedelta(minutes=5)  # whatever the hour: somebody is on call
SOON = timedelta(minutes=30)  # working time
NORMAL = timedelta(hours=2)  # working time

_LONG = {
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def due_at(urgency: int, now: datetime, hours: OpeningHours) -> datetime:
    """Until when somebody will have answered. `urgency` 0 none, 1 soon, 2 urgent."""
    if urgency >= 2:
        return now + URGENT
    return hours.after(now, SOON if urgency == 1 else NORMAL)


def words(due: datetime, urgency: int, now: datetime, hours: OpeningHours) -> Mapping[str, str]:
    """The promise as an installer reads it, in German and English: "heute bis 14:30 Uhr".

    While the desk is closed we name when it opens, not a minute in the next day.
    """
    if urgency >= 2:
        minutes = int(URGENT.total_seconds() // 60)
        return {"de": f"in den nächsten {minutes} Minuten", "en": f"within the next {minutes} minutes"}
    opening = hours.next_open(now)
    closed = opening > now
    moment = (opening if closed else _rounded(due)).astimezone(hours.zone)
    today = now.astimezone(hours.zone).date()
    clock_de = f"{moment.hour}:{moment.minute:02d} Uhr"
    clock_en = f"{moment.hour}:{moment.minute:02d}"
    day_de, day_en = _day_words(moment.date(), today)
    if closed:
        return {"de": f"{day_de} ab {clock_de}", "en": f"{day_en} from {clock_en}"}
    return {"de": f"{day_de} bis {clock_de}", "en": f"{day_en} by {clock_en}"}


def _rounded(moment: datetime) -> datetime:
    """Up to the next five minutes: nobody promises 14:33."""
    past = timedelta(minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond)
    return moment if not past else moment - past + timedelta(minutes=5)


def _day_words(day: date, today: date) -> tuple[str, str]:
    ahead = (day - today).days
    if ahead == 0:
        return "heute", "today"
    if ahead == 1:
        return "morgen", "tomorrow"
    return f"am {_LONG['de'][day.weekday()]}", f"on {_LONG['en'][day.weekday()]}"
