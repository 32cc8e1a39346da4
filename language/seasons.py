# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Named times of a year in words: "since Easter", "last summer", "before Christmas 2010", "on Black Friday".

Seasons are the meteorological ones of the northern hemisphere (summer: June to August); feasts have a day that "since"
counts from, and days of trade around it that "at" and "over" mean.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from language.words import Draft

__all__ = ["SEASON_NAMES", "SEASON_WORDS", "easter", "take_season"]

Span = tuple[date | None, date | None]
_Days = tuple[date, date, date]  # the day itself, the first and the last day of what is meant by "at"


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (anonymous algorithm; Meeus, Astronomical Algorithms, 1991, ch. 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _easter(year: int) -> _Days:
    sunday = easter(year)
    return sunday, sunday - timedelta(days=2), sunday + timedelta(days=1)


def _black_friday(year: int) -> _Days:
    """The day after the fourth Thursday of November, and the weekend up to Monday."""
    first = date(year, 11, 1)
    friday = first + timedelta(days=(3 - first.weekday()) % 7 + 22)
    return friday, friday, friday + timedelta(days=3)


def _season(month: int) -> Callable[[int], _Days]:
    def days(year: int) -> _Days:
        later, last = (year + 1, 2) if month == 12 else (year, month + 2)
        first = date(year, month, 1)
        return first, first, date(later, last, calendar.monthrange(later, last)[1])

    return days


_NAMED: Final[dict[str, Callable[[int], _Days]]] = {
    "easter": _easter,
    "christmas": lambda year: (date(year, 12, 25), date(year, 12, 1), date(year, 12, 26)),
    "black friday": _black_friday,
    "new year": lambda year: (date(year, 1, 1), date(year, 1, 1), date(year, 1, 1)),
    "valentine": lambda year: (date(year, 2, 14), date(year, 2, 1), date(year, 2, 14)),
    "halloween": lambda year: (date(year, 10, 31), date(year, 10, 25), date(year, 10, 31)),
    "spring": _season(3),
    "summer": _season(6),
    "autumn": _season(9),
    "winter": _season(12),
}
_OTHER: Final = {"xmas": "christmas", "valentines": "valentine", "fall": "autumn", "new years": "new year"}
SEASON_NAMES = "|".join(sorted([*_NAMED, *_OTHER], key=len, reverse=True))
# A name alone is a word before it is a time: "Christmas cards", "a summer dress".
_PATTERN = (
    r"\b(?:(?:in |during |on )?(?:the (?=\d|last))?(?:last )?(?:(?P<count>\d+|a|the(?! \w+s\b)) (?P<unit>day|week|month)s? (?=before|after|leading|ahead))?(?P<how>since|after|leading up to|ahead of|before|until|till|at|over|during|in|around|on|for) )?(?:the )?"
    rf"(?P<which>last |past |previous |this )?(?P<name>{SEASON_NAMES})\b(?! (?:eve|day)\b)(?: (?:time|season|sales?|period|holidays|weekend))?"
    r"(?: (?:of )?(?P<year>(?:19|20)\d\d)\b)?(?! (?:cards?|decorations?|products?|items?|collection|range))"
)
SEASON_WORDS: Final = frozenset(re.findall(r"[a-z]{3,}", f"{SEASON_NAMES} season"))


def take_season(draft: Draft, as_of: date) -> Span | None:
    """The days a named time of the year means, taken out of `draft`: the latest such time as of that day."""
    for match in re.finditer(_PATTERN, draft.text):
        if match["how"] or match["which"] or match["year"] or match["name"] == "black friday":
            named = set(re.findall(r"\b(?:19|20)\d\d\b", draft.text))  # "in summer versus winter 2024"
            draft.take(re.escape(match[0]), "<period>")
            year = match["year"] or (named.pop() if len(named) == 1 and not match["which"] else None)
            return _span(match, as_of, int(year) if year else None)
    return None


def _span(match: re.Match[str], as_of: date, year: int | None) -> Span:
    days = _NAMED[_OTHER.get(match["name"], match["name"])]
    over = (match["which"] or "").strip() in ("last", "past", "previous")
    years = [year] if year else [as_of.year, as_of.year - 1, as_of.year - 2]
    point, first, last = next((d for d in map(days, years) if (d[2] if over else d[1]) <= as_of), days(years[-1]))
    day = timedelta(days=1)
    if match["unit"]:
        count = int(match["count"]) if match["count"].isdigit() else 1
        length = day * (count * {"day": 1, "week": 7, "month": 30}[match["unit"]])
        return (last + day, last + length) if match["how"] == "after" else (point - length, point - day)
    wide = re.search(r" (?:time|season|sales?|period|holidays|weekend)\b", match[0]) is not None
    if not wide and (match["how"] == "on" or (match["name"] == "black friday" and match["how"] in (None, "for"))):
        return point, point
    match match["how"]:
        case "since":
            return point, None
        case "after":
            return last + day, None
        case "before" | "leading up to" | "ahead of":
            return None, first - day
        case "until" | "till":
            return None, last
    return first, last
