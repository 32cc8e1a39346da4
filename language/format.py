"""Figures and dates in words: "£1,234.50", "12.5%", "9 December 2011", "in November 2011"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from core.calendar import MONTH_NAMES
from core.conventions import conventions
from core.money import SYMBOLS

__all__ = [
    "UNCHANGED",
    "amount",
    "bullets",
    "capital",
    "count",
    "day",
    "money",
    "month",
    "moved",
    "ordinal",
    "percent",
    "period",
    "points",
    "short_day",
    "spaced",
    "span",
]

UNCHANGED = 0.0005
"""A change smaller than this is none: with one decimal it would read 0.0%."""
_ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def money(value: float | None, currency: str, *, cents: bool = False) -> str:
    """ "£1,234.50" or "1,234.50 SEK"; without `cents` rounded to the unit when it is 1,000 or more."""
    if value is None:
        return "unknown"
    places = 2 if cents or abs(value) < 1000 else 0
    number = f"{abs(value):,.{places}f}"
    sign = "-" if value < 0 else ""
    symbol = SYMBOLS.get(currency)
    return f"{sign}{symbol}{number}" if symbol else f"{sign}{number} {currency}".rstrip()


def ordinal(place: int) -> str:
    """ "second", "third", "12th"."""
    if place < len(_ORDINALS):
        return _ORDINALS[place]
    end = "th" if 10 < place % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{end}"


def percent(share: float | None) -> str:
    """A share as a percentage with one decimal."""
    return "unknown" if share is None else f"{100 * share:.1f}%"


def points(share: float | None) -> str:
    """A difference of shares in percentage points, with its sign."""
    return "unknown" if share is None else f"{100 * share:+.1f} percentage points"


def moved(change: float | None, unit: str = "") -> str:
    """How far a figure moved: "+8.4%", of a share "-1.2 percentage points", "unchanged"; empty where nobody knows."""
    if change is None:
        return ""
    if abs(change) < UNCHANGED:
        return "unchanged"
    return points(change) if unit == "share" else f"{'+' if change > 0 else '−'}{percent(abs(change))}"


def count(value: float | None) -> str:
    """A count with separators; one decimal when it is not whole."""
    if value is None:
        return "unknown"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def amount(value: Any, unit: str, currency: str, *, cents: bool = False) -> str:
    """A figure in its unit."""
    if value is None:
        return "unknown"
    if unit == "money":
        return money(value, currency, cents=cents)
    if unit == "share":
        return percent(value)
    if unit == "days":
        return f"{value:,.0f}"
    if unit == "ratio" or not float(value).is_integer():
        return f"{value:,.2f}"
    return f"{value:,.0f}"


def day(when: date | datetime | str | None) -> str:
    """ "9 December 2011" for a day, an instant, or either in ISO form; or as the organisation writes dates."""
    if not when:
        return "unknown"
    on = _date(when)
    return _written(on, MONTH_NAMES[on.month - 1])


def short_day(on: date, *, with_year: bool = True) -> str:
    """ "9 Dec 2011", for tables and charts; or as the organisation writes dates."""
    month_name = MONTH_NAMES[on.month - 1][:3]
    if with_year:
        return _written(on, month_name)
    formats = conventions().formats
    if formats == "en-CA":
        return f"{on:%m-%d}"
    return f"{month_name} {on.day}" if formats == "en-US" else f"{on.day} {month_name}"


def _written(on: date, month_name: str) -> str:
    formats = conventions().formats
    if formats == "en-CA":
        return on.isoformat()
    return f"{month_name} {on.day}, {on.year}" if formats == "en-US" else f"{on.day} {month_name} {on.year}"


def month(when: date | datetime | str) -> str:
    """ "December 2011" for a day or a month in ISO form ("2011-12")."""
    text = str(when)
    on = _date(f"{text}-01" if len(text) == 7 else when)
    return f"{MONTH_NAMES[on.month - 1]} {on.year}"


def period(start: date | str, end: date | str) -> str:
    """ "in November 2011", "on 5 November 2011", "from 1 March to 9 December 2011"."""
    first, last = _date(start), _date(end)
    if first == last:
        return f"on {day(first)}"
    next_day = date.fromordinal(last.toordinal() + 1)
    if first.day == 1 and (first.year, first.month) == (last.year, last.month) and next_day.day == 1:
        return f"in {month(first)}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return f"in {first.year}"
    begin, year = day(first), f" {first.year}"
    if first.year == last.year and not begin.endswith(f",{year}"):  # "October 19," would be half a date
        begin = begin.removesuffix(year)
    return f"from {begin} to {day(last)}"


def span(start: date | str, end: date | str) -> str:
    """The same for a title: "November 2011", "2024", "December 2023 to October 2026", "29 Nov 2023 to 28 Nov 2026"."""
    first, last = _date(start), _date(end)
    if first == last:
        return day(first)
    after = date.fromordinal(last.toordinal() + 1)
    if first.day == after.day == 1:
        if (first.month, after.month) == (1, 1):
            return str(first.year) if first.year == last.year else f"{first.year} to {last.year}"
        one_month = (first.year, first.month) == (last.year, last.month)
        return month(first) if one_month else f"{month(first)} to {month(last)}"
    return f"{_short(first)} to {_short(last)}"


def bullets(lines: Sequence[str]) -> str:
    """Lines as a Markdown list."""
    return "\n".join(f"- {line}" for line in lines)


def spaced(name: str) -> str:
    """ "average_order_value" as "average order value"."""
    return name.replace("_", " ")


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def _short(on: date) -> str:
    return f"{on.day} {MONTH_NAMES[on.month - 1][:3]} {on.year}"


def _date(when: date | datetime | str) -> date:
    if isinstance(when, datetime):
        return when.date()
    return when if isinstance(when, date) else date.fromisoformat(when[:10])
