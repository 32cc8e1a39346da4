"""Days ahead in words: "next month", "the next 8 weeks", "Q1", "until the end of the year"; none that are over."""

from __future__ import annotations

import re
from datetime import date, timedelta

from core.calendar import first_of_month, first_of_week, month_after
from language.scene import Scene
from language.slots import Slots

__all__ = ["days_ahead"]

_NEXT = r"\b(?:next|coming|following|upcoming)(?: (?P<count>\d{1,3}))? (?P<unit>day|week|month|quarter|year)s?\b"
_REST = r"\b(?:rest|remainder|end) of (?:the |this )?(?P<unit>week|month|quarter|year)\b"
_THIS = r"\b(?:this|current|running) (?P<unit>week|month|quarter|year)\b"


def days_ahead(slots: Slots, scene: Scene) -> tuple[date, date] | None:
    """First and last day; None where none are said. A month or quarter named without a year is the one to come."""
    today = scene.today
    if slots.has(r"\btomorrow\b"):
        return today + timedelta(days=1), today + timedelta(days=1)
    if found := re.search(_NEXT, slots.plain):
        return _next(today, found["unit"], int(found["count"]) if found["count"] else None)
    if found := re.search(_REST, slots.plain) or re.search(_THIS, slots.plain):
        return _within(today, found["unit"])
    dated = slots.has(r"\b(?:19|20)\d\d\b")
    for period in slots.periods:
        if period.start and period.end:
            return _to_come(period.start, period.end, today, dated=dated)
        if period.end:  # "by the end of March": from tomorrow on
            return today + timedelta(days=1), _to_come(period.end, period.end, today, dated=dated)[1]
    return None


def _next(today: date, unit: str, count: int | None) -> tuple[date, date]:
    """The next whole calendar unit; so many units, the first of which begins tomorrow or with the next month."""
    if unit == "day" or (unit == "week" and count):
        days = (count or 1) * (7 if unit == "week" else 1)
        return today + timedelta(days=1), today + timedelta(days=days)
    if unit == "week":
        monday = first_of_week(today) + timedelta(days=7)
        return monday, monday + timedelta(days=6)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    _, last = _within(today, unit)
    begin = last + timedelta(days=1)
    return begin, month_after(begin, months * (count or 1)) - timedelta(days=1)


def _within(today: date, unit: str) -> tuple[date, date]:
    """The calendar week, month, quarter or year that holds `today`."""
    if unit == "week":
        begin = first_of_week(today)
        return begin, begin + timedelta(days=6)
    month = first_of_month(today)
    if unit == "quarter":
        month = month_after(month, -((today.month - 1) % 3))
    if unit == "year":
        month = date(today.year, 1, 1)
    return month, month_after(month, {"month": 1, "quarter": 3, "year": 12}[unit]) - timedelta(days=1)


def _to_come(start: date, end: date, today: date, *, dated: bool) -> tuple[date, date]:
    """The same days of the first year in which they are not over, unless a year was said."""
    while end <= today and not dated:
        start, end = (_year_on(day) for day in (start, end))
    return start, end


def _year_on(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    last = day.month == 2 and month_after(first_of_month(day)) - timedelta(days=1) == day
    if leap or last:
        return month_after(date(day.year + 1, 2, 1)) - timedelta(days=1)
    return day.replace(year=day.year + 1)
