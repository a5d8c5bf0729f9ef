"""What we promise and until when: opening hours, working time, and the words for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

URGENT = timedelta(minutes=5)  # whatever the hour: somebody is on call
SOON = timedelta(minutes=30)  # working time
NORMAL = timedelta(hours=2)  # working time

_DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
_DAYS_EN = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_LONG = {
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When the desk is staffed: weekdays (0 Monday) and the times between, in the desk's zone.

    Working time is counted on the clock on the wall: a day with a change of summer time has the
    same hours as any other. Public holidays are working days until an agent says otherwise.
    """

    days: frozenset[int]
    opens: time
    closes: time
    zone: ZoneInfo

    @classmethod
    def parse(cls, text: str, zone: ZoneInfo) -> OpeningHours:
        """Read "Mo-Fr 07:00-17:00" (German or English day names of two letters).

        Raises ValueError saying what was expected.
        """
        expected = f'expected opening hours such as "Mo-Fr 07:00-17:00", got "{text}"'
        days, _, hours = text.partition(" ")
        first, _, last = days.partition("-")
        start, _, end = hours.partition("-")
        try:
            begin, finish = _day(first), _day(last or first)
            opens, closes = time.fromisoformat(start), time.fromisoformat(end)
        except ValueError:
            raise ValueError(expected) from None
        if opens >= closes:
            raise ValueError(f"{expected}; the desk must open before it closes")
        span = (finish - begin) % 7 + 1
        return cls(frozenset((begin + step) % 7 for step in range(span)), opens, closes, zone)

    def after(self, start: datetime, working: timedelta) -> datetime:
        """The moment when `working` hours have passed since `start`, counting open hours only."""
        moment = self.next_open(start).astimezone(self.zone).replace(tzinfo=None)
        left = working
        while True:
            closing = datetime.combine(moment.date(), self.closes)
            if moment + left <= closing:
                return (moment + left).replace(tzinfo=self.zone).astimezone(start.tzinfo)
            left -= closing - moment
            moment = self._first_opening(moment.date() + timedelta(days=1))

    def next_open(self, moment: datetime) -> datetime:
        """`moment` itself when the desk is open then, else when it opens next."""
        local = moment.astimezone(self.zone).replace(tzinfo=None)
        if local.weekday() in self.days and local.time() < self.closes:
            if local.time() >= self.opens:
                return moment
            opening = datetime.combine(local.date(), self.opens)
        else:
            opening = self._first_opening(local.date() + timedelta(days=1))
        return opening.replace(tzinfo=self.zone).astimezone(moment.tzinfo)

    def _first_opening(self, day: date) -> datetime:
        while day.weekday() not in self.days:
            day += timedelta(days=1)
        return datetime.combine(day, self.opens)


def _day(name: str) -> int:
    return _DAYS.index(name) if name in _DAYS else _DAYS_EN.index(name)


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
