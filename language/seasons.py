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

__all__ = ["SEASON_NAMES", "SEASON_WORDS", "easter", "season_day", "season_year", "take_season"]

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


def _cyber_monday(year: int) -> _Days:
    monday = _black_friday(year)[2]
    return monday, monday, monday


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
    "bfcm": _black_friday,
    "cybermonday": _cyber_monday,
    "thanksgiving": lambda year: (_black_friday(year)[0] - timedelta(days=1),) * 3,
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
_NO_COUNT = (
    r"(?= ?(?:[,.?!:;)]|$)| (?:and|or|but|versus|against|compared|than|to|in|on|by|for|with|not|did|was|were)\b)"
)
# A name alone is a word before it is a time: "Christmas cards", "a summer dress".
_PATTERN = (
    r"\b(?:(?:in |during |on )?(?:the (?=\d|last))?(?:last )?(?:(?P<count>\d+|a|the(?! \w+s\b)) (?P<unit>day|week|month)s? (?=before|after|leading|ahead))?(?P<how>since|after|leading up to|ahead of|before|until|till|at|over|during|in|around|on|for) )?(?:the )?"
    rf"(?P<which>last |past |previous |this )?(?P<name>{SEASON_NAMES})\b(?! (?:eve|day)\b)(?: (?P<wide>time|season|sales?|period|holidays|weekend|week))?"
    rf"(?:,? (?:of |in )?(?P<year>(?:19|20)\d\d\b|'\d\d\b|\d\d{_NO_COUNT})|,? (?:of |in )?(?:the )?(?P<rel>last|this|previous|prior) year\b)?(?! (?:cards?|decorations?|products?|items?|collection|range))"
)
# What is no other word: a time wherever it stands
_NO_OTHER: Final = ("black friday", "cybermonday", "bfcm", "thanksgiving")
_OF_ONE_DAY: Final = ("black friday", "cybermonday", "thanksgiving", "halloween")
# "Black Friday against last year": against that of last year, which was another day
_THAN_LAST_YEAR: Final = (
    r"\b(versus|than|against|compared (?:to|with)|to)(?: (?:in|of|on|over))?(?: the)? last year\b(?!')"
)
# "Cyber Monday orders last year"
_OF_YEAR: Final = (
    r"(?<!than )(?<!versus )(?<!against )(?<!to )(?<!with )(?<!same )(?<!of )\b(?:in )?(last|this) year\b(?!')"
)
_YEAR_FIRST: Final = rf"\b(last|this) year'?s? ({SEASON_NAMES})\b"
# "The week of Black Friday of last year", said as people say "Black Friday week"; of a season it is none
_WEEK_OF: Final = rf"\b(?:the )?(?:whole |full |entire )?week (?:of|with|around|that (?:had|has)) (?:the )?(?P<name>{SEASON_NAMES})\b(?! (?:week|eve|day|weekend|season|sales?|period))(?P<year>,? (?:of |in )?(?:(?:19|20)\d\d\b|(?:the )?(?:last|this|previous|prior) year\b))?"
SEASON_WORDS: Final = frozenset(re.findall(r"[a-z]{3,}", f"{SEASON_NAMES} season"))


def take_season(draft: Draft, as_of: date) -> Span | None:
    """The days a named time of the year means, taken out of `draft`: the latest such time as of that day."""
    draft.text = re.sub(_YEAR_FIRST, r"\2 of \1 year", draft.text)
    draft.text = re.sub(_WEEK_OF, _its_week, draft.text)
    for match in re.finditer(_PATTERN, draft.text):
        if match["how"] or match["which"] or match["year"] or match["rel"] or match["name"] in _NO_OTHER:
            said = f"{match['name']} {match['wide'] or ''}".strip()
            draft.text = re.sub(_THAN_LAST_YEAR, rf"\1 {said} last year", draft.text)
            named = set(re.findall(r"\b(?:19|20)\d\d\b", draft.text))  # "in summer versus winter 2024"
            draft.take(re.escape(match[0]), "<period>")
            bare = not (match["rel"] or match["year"] or match["which"]) and said not in draft.text
            if bare and (apart := draft.take(_OF_YEAR, " ")):
                return _span(match, as_of, as_of.year - (apart[1] != "this"))
            return _span(match, as_of, _year(match, named, as_of))
    return None


def _its_week(match: re.Match[str]) -> str:
    return f"{match['name']} week{match['year'] or ''}" if match["name"] in _OF_ONE_DAY else match[0]


def season_year(name: str, as_of: date) -> int:
    """The year of the latest such time that has begun by that day: winter 2024 is that of December 2024."""
    days = _NAMED[_OTHER.get(name, name)]
    return as_of.year if days(as_of.year)[1] <= as_of else as_of.year - 1


def season_day(name: str, as_of: date) -> date:
    """The latest such day as of that one: Easter Sunday, 25 December."""
    days = _NAMED[_OTHER.get(name, name)]
    return next(day for year in (as_of.year, as_of.year - 1) if (day := days(year)[0]) <= as_of)


def _year(match: re.Match[str], named: set[str], as_of: date) -> int | None:
    if match["rel"]:
        return as_of.year - (match["rel"] != "this")
    said = match["year"] or (named.pop() if len(named) == 1 and not match["which"] else None)
    return int(said.removeprefix("'")) % 100 + 2000 if said and len(said) < 4 else int(said) if said else None


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
    if match["wide"] == "week" and match["how"] in (None, "in", "during", "for", "over", "at"):
        monday = point - timedelta(days=point.weekday())
        return monday, monday + timedelta(days=6)
    alone = match["name"] == "black friday" and match["how"] in (None, "for")
    if not match["wide"] and (match["how"] == "on" or alone):
        return point, point
    match match["how"]:
        case "since":
            return point, None
        case "after":
            return last + day, None
        case "before":
            return None, point - day
        case "leading up to" | "ahead of":
            return None, point - day
        case "until" | "till":
            return None, last
    return first, last
