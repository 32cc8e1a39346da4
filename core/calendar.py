"""The day, in the organisation's time zone: today, the last day an instant covers, months, weeks.

An instant is aware. The end of a period is exclusive as an instant and inclusive as a day: data that end at local
midnight end with the day before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

__all__ = [
    "MONTH_NAMES",
    "Calendar",
    "first_of_month",
    "first_of_week",
    "month_after",
    "months_back",
    "months_between",
    "months_earlier",
    "period_before",
    "whole_months",
]

MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Calendar:
    """Days of one IANA time zone."""

    time_zone: str = "UTC"

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.time_zone)

    def local(self, instant: datetime) -> datetime:
        """The same instant as clocks there show it."""
        return instant.astimezone(self.zone)

    def day(self, instant: datetime) -> date:
        """The day on which an instant falls."""
        return self.local(instant).date()

    def last_day(self, end: datetime) -> date:
        """The last day covered by what ends, exclusively, at `end`."""
        return self.day(end - _TICK)

    def running_day(self, end: datetime) -> date | None:
        """The last day covered by what ends at `end`, where it is not over by then."""
        last = self.last_day(end)
        return last if self.end(last) > end else None

    def last_whole_day(self, end: datetime) -> date:
        """The last day covered whole by what ends, exclusively, at `end`."""
        running = self.running_day(end)
        return self.last_day(end) if running is None else running - timedelta(days=1)

    def start(self, day: date) -> datetime:
        """The first instant of a day."""
        return datetime.combine(day, time(), self.zone)

    def end(self, day: date) -> datetime:
        """The first instant after a day."""
        return self.start(day + timedelta(days=1))


def first_of_week(day: date, week_start: int = 0) -> date:
    """The first day of the week of `day`, weeks beginning with that weekday (0: Monday)."""
    return day - timedelta(days=(day.weekday() - week_start) % 7)


def first_of_month(day: date) -> date:
    """The first day of the month of `day`."""
    return day.replace(day=1)


def month_after(first: date, months: int = 1) -> date:
    """The first day of the month that many months after (negative: before) the one of `first`."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def months_between(first: date, last: date) -> int:
    """Months from the one of `first` to the one of `last`."""
    return (last.year - first.year) * 12 + last.month - first.month


def months_back(day: date, months: int) -> date:
    """The same day that many months before (negative: after); the last of a month that has no such day."""
    first = month_after(first_of_month(day), -months)
    return min(first + timedelta(days=day.day - 1), month_after(first) - timedelta(days=1))


def whole_months(start: date, end: date) -> int:
    """How many calendar months the days from `start` to `end` (both included) are; 0 where a month is cut."""
    after = end + timedelta(days=1)
    return months_between(start, after) if start.day == after.day == 1 else 0


def months_earlier(start: date, end: date, months: int) -> tuple[date, date]:
    """The days from `start` to `end` that many months before; whole months stay whole: all 29 days of a February."""
    if whole_months(start, end):
        after = month_after(end + timedelta(days=1), -months)
        return month_after(start, -months), after - timedelta(days=1)
    return months_back(start, months), months_back(end, months)


def period_before(start: date, end: date) -> tuple[date, date]:
    """The days just before those from `start` to `end`: as many, or as many calendar months where they are whole."""
    if months := whole_months(start, end):
        return months_earlier(start, end, months)
    days = end - start + timedelta(days=1)
    return start - days, end - days
