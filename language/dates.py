# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""One point in time as people write it: a day, a month, a quarter, a half, a week, a year; first and last day of it."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from language.figures import MONTHS

__all__ = ["FEAST", "MONTH", "POINT", "YEAR", "Span", "Unclear", "month_span", "read_point", "year_in"]

MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
YEAR = r"(?:(?:19|20|21)\d\d|'\d\d)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_ORDINAL = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "last": 4}
_ORDINALS = "|".join(_ORDINAL)
_FEASTS = {
    r"(?:christmas|xmas) eve": (12, 24), r"(?:christmas|xmas) day": (12, 25), r"boxing day": (12, 26),
    r"new years? eve": (12, 31), r"new years? day": (1, 1), r"valentines? day": (2, 14),
}  # fmt: skip
FEAST = "(?:" + "|".join(_FEASTS) + ")"
# Longer forms before the shorter ones they begin with.
POINT = (
    r"(?:(?:19|20)\d\d-\d\d?-\d\d?|\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d\d)(?!\d)|(?:19|20)\d\d[-/]\d\d(?!\d)"
    rf"|{FEAST}(?:,? (?:of )?{YEAR})?"
    rf"|(?:the )?{_DAY}(?: of)? {MONTH}(?:,? (?:of )?{YEAR})?|{MONTH} (?:the )?{_DAY},? {YEAR}"
    rf"|{MONTH}[,-]?(?: of)? ?{YEAR}|{MONTH} (?:the )?{_DAY}(?!\d)"
    rf"|q\d ?[-/]?,?(?: of)? ?{YEAR}|q\d(?! ?[-/]?,?(?: of)? ?{YEAR})|{YEAR} ?[-/]? ?q\d|(?:the )?(?:{_ORDINALS}) quarter(?:(?: of| in)? {YEAR})?"
    rf"|(?:the )?(?:h[12]|(?:first|second|1st|2nd|last) half)(?:(?: of| in)?(?: the year)?,? ?{YEAR}| of the year)?"
    rf"|(?:(?:calendar|iso) )?(?:weeks?|wk|cw|kw)\.? ?(?:no\.? ?|number )?\d{{1,2}}(?!\d)(?:,?(?: of| in)? ?[-/]?{YEAR})?"
    rf"|(?:the )?year {YEAR}|{YEAR}(?![\d-]|\.\d)|{MONTH}(?![,-]?(?: of)? ?{YEAR}))"
)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `start` to `end`, both included; None is open."""

    start: date | None
    end: date | None


class Unclear(ValueError):
    """A date that does not exist, or that can be read in two ways; the message is what to say."""


def read_point(text: str, as_of: date, year: int | None = None) -> Span:
    """First and last day of a point, the latest one as of `as_of` unless a year is said (`year`: said elsewhere).

    Unclear: 31 February, Q5, week 60, 01/02/2024.
    """
    text = text.strip(" .,").removeprefix("the ")
    if match := re.fullmatch(r"(\d{4})-(\d\d?)-(\d\d?)", text):
        return _one(int(match[1]), int(match[2]), int(match[3]))
    if match := re.fullmatch(r"(\d{1,2})([./])(\d{1,2})[./](\d{4}|\d\d)", text):
        return _numeric(text, int(match[1]), int(match[3]), match[4], dotted=match[2] == ".")
    if match := re.fullmatch(r"(\d{4})[-/](\d\d)", text):
        return month_span(int(match[1]), _month_number(int(match[2])))
    said = year_in(text)
    rest = re.sub(rf"{YEAR}|[-/,]", " ", text) if said else text
    return _named(rest.strip(), as_of, said or year)


def year_in(text: str) -> int | None:
    """The year a text names: 2011, '11."""
    found = re.search(r"(?<!\d)((?:19|20|21)\d\d)(?!\d)|'(\d\d)\b", text)
    return (int(found[1]) if found[1] else 2000 + int(found[2])) if found else None


def month_span(year: int, month: int, months: int = 1) -> Span:
    """The whole of `months` months from one on; `month` may lie outside 1 to 12."""
    first_year, first = divmod(year * 12 + month - 1, 12)
    last_year, last = divmod(year * 12 + month + months - 2, 12)
    return Span(date(first_year, first + 1, 1), date(last_year, last + 1, calendar.monthrange(last_year, last + 1)[1]))


def _named(text: str, as_of: date, year: int | None) -> Span:
    for pattern, (month, day) in _FEASTS.items():
        if re.search(pattern, text):
            return _one(_latest(year, as_of, month, day), month, day)
    if match := re.search(r"q(\d)|(\w+) quarter", text):
        return _quarter(match, as_of, year)
    if match := re.search(r"h([12])|(\w+) half", text):
        half = int(match[1]) if match[1] else 1 if match[2] in ("first", "1st") else 2
        chosen = year or (as_of.year if half == 1 or as_of.month > 6 or "of the year" in text else as_of.year - 1)
        return month_span(chosen, 6 * half - 5, 6)
    if match := re.search(r"(?:weeks?|wk|cw|kw)\D*(\d{1,2})", text):
        return _week(int(match[1]), as_of, year)
    if match := re.search(MONTH, text):
        month = MONTHS[match[0].strip(". ")]
        number = re.search(r"\d{1,2}", text)
        chosen = _latest(year, as_of, month, int(number[0]) if number else 1)
        return _one(chosen, month, int(number[0])) if number else month_span(chosen, month)
    if year is None:
        raise Unclear(f"I do not know which day “{text}” is.")
    return Span(date(year, 1, 1), date(year, 12, 31))


def _quarter(match: re.Match[str], as_of: date, year: int | None) -> Span:
    number = int(match[1]) if match[1] else _ORDINAL.get(match[2], 0)
    if number not in (1, 2, 3, 4):
        raise Unclear("A year has four quarters, Q1 to Q4.")
    chosen = year or (as_of.year if 3 * number - 2 <= as_of.month else as_of.year - 1)
    return month_span(chosen, 3 * number - 2, 3)


def _week(number: int, as_of: date, year: int | None) -> Span:
    """ISO 8601: weeks begin on Monday, week 1 holds the first Thursday."""
    chosen = year or (as_of.year if number <= as_of.isocalendar().week else as_of.year - 1)
    try:
        monday = date.fromisocalendar(chosen, number, 1)
    except ValueError:
        raise Unclear(f"There is no week {number} in {chosen}.") from None
    return Span(monday, monday + timedelta(days=6))


def _numeric(text: str, first: int, second: int, year: str, *, dotted: bool) -> Span:
    """Day first with dots; with slashes only where it cannot be meant otherwise."""
    chosen = int(year) if len(year) == 4 else 2000 + int(year)
    if not dotted and first <= 12 and second <= 12 and first != second:
        raise Unclear(
            f"“{text}” can be {first} {calendar.month_name[second]} or {calendar.month_name[first]} {second}: "
            "write the month as a word."
        )
    return _one(chosen, first, second) if second > 12 else _one(chosen, second, first)


def _latest(year: int | None, as_of: date, month: int, day: int) -> int:
    return year or (as_of.year if (month, min(day, 28)) <= (as_of.month, as_of.day) or month < as_of.month
                    else as_of.year - 1)  # fmt: skip


def _month_number(month: int) -> int:
    if not 1 <= month <= 12:
        raise Unclear(f"There is no month {month}.")
    return month


def _one(year: int, month: int, day: int) -> Span:
    _month_number(month)
    try:
        return Span(date(year, month, day), date(year, month, day))
    except ValueError:
        raise Unclear(f"There is no {day} {calendar.month_name[month]} {year}.") from None
