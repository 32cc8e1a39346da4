"""Periods in words: "in November 2011", "last 90 days", "since March", "Q3", "between 1 and 9 December 2010"."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from language.figures import MONTHS
from language.seasons import take_season
from language.words import Draft

__all__ = ["DAYS", "Period", "span_days", "take_grain", "take_horizon", "take_periods"]

DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 90, "year": 365}
_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_POINT = (
    r"(?:(?:19|20)\d\d-\d\d-\d\d|(?:19|20)\d\d-\d\d(?!\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? (?:19|20|21)\d\d)?"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20|21)\d\d|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?!\d)"
    rf"|{_MONTH},?(?: of)? (?:19|20|21)\d\d|q[1-4](?:,?(?: of)? (?:19|20|21)\d\d)?"
    r"|(?:first|second|third|fourth|1st|2nd|3rd|4th) quarter(?:(?: of)? (?:19|20|21)\d\d)?"
    rf"|(?:19|20|21)\d\d\b|{_MONTH})"
)
_UNIT = r"(day|week|month|quarter|year)s?"
_MARK = "<period>"
_TREND = (
    r"\b(?:over time|trends?|trending|develop(?:ed|ment|ing)?|evol(?:ve|ved|ution)|time series|growing|growth|rising"
    r"|falling|declining|shrinking)\b"
)
_MENTION = (
    rf"\b(?:(?:in|during|for|of|on|at) )?(?:the )?(?:year )?"
    # "may" and "march" alone are verbs unless something says that they are months
    rf"((?!(?:may|march|mar)\b(?! \d))(?:{_POINT})|(?:(?<=in )|(?<=for )|(?<=about ))(?:may|march))"
    r"(?![\w%])(?! (?:customers?|orders?|days?|times))"
)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both included; None is open."""

    start: date | None
    end: date | None

    def arguments(self) -> dict[str, str]:
        """As arguments of query_metrics."""
        bounds = {"start": self.start, "end": self.end}
        return {name: day.isoformat() for name, day in bounds.items() if day}


def take_periods(draft: Draft, as_of: date) -> list[Period]:
    """The periods `draft` names, in order; several are meant to be compared."""
    periods: list[Period] = []
    while (period := _take_range(draft, as_of) or _take_relative(draft, as_of)) is not None:
        periods.append(period)
    while (span := take_season(draft, as_of)) is not None:
        periods.append(Period(*span))
    periods += _take_points(draft, as_of)
    return periods


def take_grain(draft: Draft) -> str | None:
    """day, week, month, quarter or year, from "by month", "monthly", "per week", "over time", "trend"."""
    match = draft.take(rf"\b(?:by|per|each|every|for each) (?:calendar )?{_UNIT}\b", "<grain>")
    if match:
        return match[1]
    match = draft.take(r"\b(dai|week|month|quarter|year)ly\b", "<grain>")
    if match:
        return "day" if match[1] == "dai" else match[1]
    match = draft.take(rf"\b(?:day|week|month|quarter|year) (?:by|over|on) {_UNIT}\b", "<grain>")
    # the word before stays: it says in which direction to rank
    match = match or draft.take(
        rf"(?:(?<=best )|(?<=rst )|(?<=est )|(?<=which )|(?<=what )){_UNIT}\b(?! of the)", "<grain>"
    )
    if match:
        return match[1]
    return "month" if draft.take(_TREND, "<grain>") else None


def take_horizon(draft: Draft) -> int | None:
    """Days ahead, from "in the next 60 days", "within 2 months", "the coming week"."""
    ahead = r"\b(?:(?:in|within|over|during|for) )?(?:the )?(?:next|coming|following|upcoming)"
    match = draft.take(rf"{ahead} (\d+)? ?{_UNIT}\b", "<horizon>")
    match = match or draft.take(rf"\b(?:within|in) (\d+) {_UNIT}\b", "<horizon>")
    if match:
        return int(match[1] or 1) * DAYS[match[2]]
    if match := draft.take(r"\b(?:in )?(?:the )?next (30|60|90)\b", "<horizon>"):
        return int(match[1])
    return 14 if draft.take(r"\b(?:tomorrow|soon|shortly)\b", "<horizon>") else None


def span_days(count: str | None, unit: str) -> int:
    """Days of "3 months", "a week" (30-day months)."""
    number = 1 if not count or not count.strip().isdigit() else int(count)
    return number * DAYS[unit]


def _take_range(draft: Draft, as_of: date) -> Period | None:
    match = draft.take(rf"\b(?:between|from) ({_POINT}) (?:and|to|until|till|through|-) ({_POINT})", _MARK)
    if match:
        later = _span(match[2], as_of, None)
        earlier = _span(match[1], as_of, later[0].year if re.search(r"\b\d{4}\b|-", match[2]) else None)
        if earlier[0] > later[0]:
            earlier = (earlier[0].replace(year=later[0].year - 1), earlier[1])
        return Period(earlier[0], later[1])
    match = draft.take(rf"\b(?:between|from) (\d{{1,2}})(?:st|nd|rd|th)? (?:and|to|until|-) ({_POINT})", _MARK)
    if match:
        later = _span(match[2], as_of, None)
        return Period(later[0].replace(day=int(match[1])), later[1])
    if match := draft.take(
        rf"\b(?:since|starting(?: from| in)?|from) (?:the (?:start|beginning) of )?({_POINT})(?: (?:on|onwards?))?",
        _MARK,
    ):
        return Period(_span(match[1], as_of, None)[0], None)
    if match := draft.take(rf"\bafter ({_POINT})", _MARK):
        return Period(_span(match[1], as_of, None)[1] + timedelta(days=1), None)
    if match := draft.take(rf"\bbefore ({_POINT})", _MARK):
        return Period(None, _span(match[1], as_of, None)[0] - timedelta(days=1))
    if match := draft.take(rf"\b(?:until|till|up to|by the end of) ({_POINT})", _MARK):
        return Period(None, _span(match[1], as_of, None)[1])
    return None


def _take_relative(draft: Draft, as_of: date) -> Period | None:
    before = r"(?:\b(?:in|over|during|for|within|of|from) )?(?:\bthe )?"
    if match := draft.take(rf"{before}\b(?:last|past|previous|trailing|most recent) (\d+) {_UNIT}\b", _MARK):
        return _trailing(int(match[1]), match[2], as_of)
    if match := draft.take(rf"{before}\b(last|past|previous|this|current|latest) {_UNIT}\b", _MARK):
        return _calendar(match[2], as_of, back=0 if match[1] in ("this", "current", "latest") else 1)
    if match := draft.take(r"\b(?:(year|month|quarter|week) to date|(ytd|mtd|qtd))\b", _MARK):
        unit = match[1] or {"y": "year", "m": "month", "q": "quarter"}[match[2][0]]
        return Period(_calendar(unit, as_of, back=0).start, as_of)
    if draft.take(r"\byesterday\b", _MARK):
        return Period(as_of - timedelta(days=1), as_of - timedelta(days=1))
    if draft.take(r"\btoday\b", _MARK):
        return Period(as_of, as_of)
    return None


def _take_points(draft: Draft, as_of: date) -> list[Period]:
    words = []
    while match := draft.take(_MENTION, _MARK):
        words.append(match[1])
    years = [m[0] for w in words if (m := re.search(r"\b(?:19|20|21)\d\d\b", w))]
    default = int(years[-1]) if years else None
    return [Period(*_span(word, as_of, default)) for word in words]


def _trailing(count: int, unit: str, as_of: date) -> Period:
    if unit in ("day", "week"):
        return Period(as_of - timedelta(days=count * DAYS[unit] - 1), as_of)
    months = count * {"month": 1, "quarter": 3, "year": 12}[unit]
    return Period(_months_back(as_of, months) + timedelta(days=1), as_of)


def _calendar(unit: str, as_of: date, back: int) -> Period:
    if unit == "day":
        return Period(as_of - timedelta(days=back), as_of - timedelta(days=back))
    if unit == "week":
        monday = as_of - timedelta(days=as_of.weekday() + 7 * back)
        return Period(monday, monday + timedelta(days=6))
    if unit == "year":
        return Period(date(as_of.year - back, 1, 1), date(as_of.year - back, 12, 31))
    length = 3 if unit == "quarter" else 1
    index = (as_of.year * 12 + as_of.month - 1) // length - back
    return Period(*_months(index * length, length))


def _span(word: str, as_of: date, year: int | None) -> tuple[date, date]:
    """First and last day of a point such as "november 2011", "q3", "2011-11-05"."""
    if match := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", word):
        day = _day(int(match[1]), int(match[2]), int(match[3]))
        return day, day
    if match := re.fullmatch(r"(\d{4})-(\d\d)", word):
        return _months(int(match[1]) * 12 + max(1, min(12, int(match[2]))) - 1, 1)
    found = re.search(r"\b(?:19|20|21)\d\d\b", word)
    year = int(found[0]) if found else year
    quarter = re.search(r"q([1-4])", word) or re.search(r"(\w+) quarter", word)
    if quarter:
        number = int(quarter[1]) if quarter[1].isdigit() else _ORDINALS[quarter[1]]
        chosen = year or (as_of.year if 3 * number - 2 <= as_of.month else as_of.year - 1)
        return _months(chosen * 12 + 3 * number - 3, 3)
    name = re.search(_MONTH, word)
    if not name:
        return date(int(word), 1, 1), date(int(word), 12, 31)
    month = MONTHS[name[0].strip(". ")]
    chosen = year or (as_of.year if month <= as_of.month else as_of.year - 1)
    rest = word.replace(found[0], "") if found else word
    if number_ := re.search(r"\d{1,2}", rest):
        day = _day(chosen, month, int(number_[0]))
        return day, day
    return _months(chosen * 12 + month - 1, 1)


def _months(index: int, length: int) -> tuple[date, date]:
    year, month = divmod(index, 12)
    last_year, last_month = divmod(index + length - 1, 12)
    return date(year, month + 1, 1), _day(last_year, last_month + 1, 31)


def _day(year: int, month: int, day: int) -> date:
    month = max(1, min(12, month))
    return date(year, month, max(1, min(day, calendar.monthrange(year, month)[1])))


def _months_back(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return _day(year, month + 1, day.day)
