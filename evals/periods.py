"""Periods as truths write them, counted back from the last day of the data where they are relative.

2024  2024-03  2024-03-05  2024Q2  2024H1  2024W07  a..b  a..  ..b         (a and b: any of these, both inclusive)
today  yesterday  this|last week|month|quarter|year  month-2  week-3       (full ones, but for those that still run)
last 30 days  last 3 months  last 6 weeks                                  (every way people count them)
ytd  ytd-1  mtd  mtd-1  qtd  qtd-1                                         (…-1: the same days one unit before)
"""

from __future__ import annotations

import re

import pandas as pd

Span = tuple[pd.Timestamp, pd.Timestamp]
"""First instant, and the first instant after."""

_DAY = pd.Timedelta(days=1)
_RULES = {"week": pd.DateOffset(weeks=1), "month": pd.DateOffset(months=1)}
_RULES |= {"quarter": pd.DateOffset(months=3), "year": pd.DateOffset(years=1), "day": pd.DateOffset(days=1)}
_SHORT = {"y": "year", "q": "quarter", "m": "month"}


def spans(text: str, end: pd.Timestamp, start: pd.Timestamp) -> list[Span]:
    """Every defensible reading of a period, the plainest first. `start`, `end`: first and last instant of the data."""
    today = end.normalize()
    if text == "all":
        return [(start.normalize(), today + _DAY)]
    if ".." in text:
        first, last = text.split("..")
        begin = _fixed(first, today)[0] if first else start.normalize()
        return [(begin, _fixed(last, today)[1] if last else today + _DAY)]
    if match := re.fullmatch(r"last (\d+) (day|week|month|year)s?", text):
        return _rolling(int(match[1]), match[2], today)
    if match := re.fullmatch(r"([yqm])td(-1)?", text):
        return _to_date(_SHORT[match[1]], bool(match[2]), today)
    if text in ("this week", "last week"):
        return _weeks(text, today)
    return [_fixed(text, today)]


def _fixed(text: str, today: pd.Timestamp) -> Span:
    if match := re.fullmatch(r"(\d{4})Q(\d)", text):
        begin = pd.Timestamp(int(match[1]), 3 * int(match[2]) - 2, 1)
        return begin, begin + pd.DateOffset(months=3)
    if match := re.fullmatch(r"(\d{4})H(\d)", text):
        begin = pd.Timestamp(int(match[1]), 6 * int(match[2]) - 5, 1)
        return begin, begin + pd.DateOffset(months=6)
    if match := re.fullmatch(r"(\d{4})W(\d\d)", text):
        begin = pd.Timestamp.fromisocalendar(int(match[1]), int(match[2]), 1)
        return begin, begin + 7 * _DAY
    if match := re.fullmatch(r"(\d{4})(-\d\d)?(-\d\d)?", text):
        unit = "day" if match[3] else "month" if match[2] else "year"
        begin = pd.Timestamp(text)
        return begin, begin + _RULES[unit]
    return _relative(text, today)


def _relative(text: str, today: pd.Timestamp) -> Span:
    plain = {"today": "day-0", "yesterday": "day-1"}.get(text, text)
    plain = re.sub(r"^this (\w+)$", r"\1-0", re.sub(r"^last (\w+)$", r"\1-1", plain))
    match = re.fullmatch(r"(day|week|month|quarter|year)-(\d+)", plain)
    if match is None:
        raise ValueError(f"not a period: {text!r}")
    begin = _begin(match[1], today)
    for _ in range(int(match[2])):
        begin = begin - _RULES[match[1]]
    return begin, begin + _RULES[match[1]]


def _begin(unit: str, day: pd.Timestamp) -> pd.Timestamp:
    if unit == "day":
        return day
    if unit == "week":
        return day - day.weekday() * _DAY
    month = {"month": day.month, "quarter": 3 * ((day.month - 1) // 3) + 1, "year": 1}[unit]
    return pd.Timestamp(day.year, month, 1)


def _weeks(text: str, today: pd.Timestamp) -> list[Span]:
    """Weeks that begin on Monday, and those that begin on Sunday."""
    monday = _relative(text, today)
    sunday = today - ((today.weekday() + 1) % 7) * _DAY - (7 * _DAY if text.startswith("last") else 0 * _DAY)
    return [monday, (sunday, sunday + 7 * _DAY)]


def _rolling(count: int, unit: str, today: pd.Timestamp) -> list[Span]:
    """Up to the last day of the data, up to the day before, and whole calendar units before the one that runs."""
    step = {"day": pd.DateOffset(days=count), "week": pd.DateOffset(weeks=count), "month": pd.DateOffset(months=count)}
    step |= {"year": pd.DateOffset(years=count)}
    after = today + _DAY
    found = [(after - step[unit], after), (today - step[unit], today), (today - step[unit], after)]
    if unit == "month":
        found += [(after - 30 * count * _DAY, after)]
    if unit != "day":
        begin = _begin(unit, today)
        found += [(begin - step[unit], begin)]
        whole = begin - step[unit] + _RULES[unit]
        found += [(whole, after)]
    return found


def _to_date(unit: str, before: bool, today: pd.Timestamp) -> list[Span]:
    begin, after = _begin(unit, today), today + _DAY
    if not before:
        return [(begin, after)]
    return [(begin - _RULES[unit], today - _RULES[unit] + _DAY), (begin - _RULES[unit], today - _RULES[unit])]
