"""When the desk is staffed, and how working time is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_NAMES: Mapping[str, tuple[str, ...]] = {
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

    def spoken(self, language: str) -> str:
        """As people say it: "Montag bis Freitag, 7:00 bis 17:00 Uhr"; German or English."""
        to, clock, always = ("bis", " Uhr", "täglich") if language == "de" else ("to", "", "every day")
        names = _NAMES["de" if language == "de" else "en"]
        first = next((day for day in sorted(self.days) if (day - 1) % 7 not in self.days), None)
        times = f"{self.opens.hour}:{self.opens:%M} {to} {self.closes.hour}:{self.closes:%M}{clock}"
        if first is None:
            return f"{always}, {times}"
        last = (first + len(self.days) - 1) % 7
        days = names[first] if last == first else f"{names[first]} {to} {names[last]}"
        return f"{days}, {times}"

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

    def open_at(self, moment: datetime) -> bool:
        """Whether somebody is at the desk."""
        return self.next_open(moment) == moment

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


def _day(short: str) -> int:
    german, english = ([name[:2] for name in _NAMES[language]] for language in ("de", "en"))
    return german.index(short) if short in german else english.index(short)
