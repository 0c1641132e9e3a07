"""Danish working days: what a time limit of "10 working days" means on the calendar.

Here: the calendar as a value, and counting on it. Not here: which state has which limit (`domain/workflow`), or what
time it is. The days come from `facts/danish_nonworking_days.csv`; a date outside the years listed there is an error,
because a limit counted without holidays would be wrong and nobody would see it.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkdayCalendar:
    """Days on which nobody works, and the years for which they are known.

    closed: public holidays, and customary closing days where the office counts them. Weekends need not be listed.
    first, last: first and last date for which `closed` is complete.
    """

    closed: frozenset[date]
    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError("the calendar ends before it begins")

    def is_workday(self, day: date) -> bool:
        """Say whether the office works on that day; raises ValueError outside the calendar's years."""
        if not self.first <= day <= self.last:
            raise ValueError(
                f"{day} lies outside the holidays listed ({self.first} to {self.last}): "
                "add the year to facts/danish_nonworking_days.csv"
            )
        return day.weekday() < _SATURDAY and day not in self.closed

    def add(self, received: date, working_days: int) -> date:
        """Give the `working_days`-th (from 0) working day after `received`; the day of receipt does not count.

        With 0 it is `received` itself if that is a working day, else the next one.
        """
        if working_days < 0:
            raise ValueError("a time limit is not negative")
        day = received
        if working_days == 0:
            while not self.is_workday(day):
                day += _ONE_DAY
            return day
        left = working_days
        while left:
            day += _ONE_DAY
            left -= self.is_workday(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end` (0 where `end` is not later)."""
        days = (end - start).days
        return sum(self.is_workday(start + timedelta(days=n)) for n in range(1, days + 1))


@cache
def danish_calendar(*, customary: bool = True) -> WorkdayCalendar:
    """Read the calendar that comes with the package.

    customary: also count the days on which Danish offices are closed by custom (24 and 31 December, 5 June, 1 May).
    The later of two possible dates is the one that may be promised; reminders to applicants use it too.
    """
    source = resources.files("ngc_pipelines.domain") / "facts" / "danish_nonworking_days.csv"
    with source.open(encoding="utf-8") as lines:
        return _calendar(csv.DictReader(lines), customary=customary)


def _calendar(rows: Iterable[dict[str, str]], *, customary: bool) -> WorkdayCalendar:
    kinds = {"public", "optional_customary"} if customary else {"public"}
    every: list[date] = []
    closed: set[date] = set()
    for row in rows:
        day = date.fromisoformat(row["date"])
        every.append(day)
        if row["kind"] in kinds:
            closed.add(day)
    if not every:
        raise ValueError("the list of Danish holidays is empty")
    return WorkdayCalendar(frozenset(closed), date(min(every).year, 1, 1), date(max(every).year, 12, 31))
