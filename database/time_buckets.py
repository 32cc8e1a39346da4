"""The calendar bucket that a day is in, in Python and in SQL alike: weeks begin where the organisation begins them."""

from __future__ import annotations

from datetime import date

from core.calendar import first_of_week

__all__ = ["MONTHS", "first_day", "truncated"]

MONTHS = {"month": 1, "quarter": 3, "year": 12}


def first_day(grain: str, day: date, week_start: int = 0) -> date:
    """The first day of the bucket that `day` is in."""
    if grain in MONTHS:
        return day.replace(month=day.month - (day.month - 1) % MONTHS[grain], day=1)
    return first_of_week(day, week_start) if grain == "week" else day


def truncated(grain: str, instant: str, week_start: int = 0) -> str:
    """SQL of the first instant of the bucket that a local instant (SQL too) is in."""
    if grain == "week" and week_start:
        shift = f"interval '{week_start} days'"
        return f"(date_trunc('week', ({instant}) - {shift}) + {shift})"
    return f"date_trunc('{grain}', {instant})"
