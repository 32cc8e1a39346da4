# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Days of a month that is said before them or by its name alone: "May 2011, from the 3rd to the 9th", "the 3rd until the 9th of last month"."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from core.calendar import MONTH_NAMES
from language.dates import MONTH, YEAR

__all__ = ["with_their_month"]

_NTH: Final = r"(?:the [12]?\d|the 3[01]|[12]?\d(?:st|nd|rd|th)|3[01](?:st|th))(?:st|nd|rd|th)?"  # "between 20 and 30" may be money
_TO: Final = r"(?:and|to|till|until|up to|through|-|–)"
_RANGE: Final = rf"(?:between |from )?(?P<first>{_NTH}) ?{_TO} ?(?P<last>{_NTH})"
_SAID_BEFORE: Final = re.compile(
    rf"\b(?P<month>{MONTH})(?: (?P<year>{YEAR}))?,? \(?(?=between|from){_RANGE}\)?(?! ?{MONTH})"
)
_BY_NAME: Final = re.compile(rf"\b{_RANGE} (?:of )?(?:the )?(?P<which>last|this|previous|current|past) month\b")
_SINCE_END: Final = re.compile(rf"\b(?:since|after) (?:the )?end of (?P<month>{MONTH})(?: (?P<year>{YEAR}))?")
_YEARS_APART: Final = re.compile(
    rf"\b(?P<month>{MONTH}) (?P<one>\d\d) (?P<against>versus|against|compared (?:to|with)|than|over) (?P<again>{MONTH}) (?P<other>\d\d)\b(?! ?(?:\d|{MONTH}))"
)
_END: Final = r"(?:the )?(?:(?:very )?end(?: of (?:the|that) month)?|last(?: day)?|(?:28|29|30|31)(?:st|th)?)"
_HALF_SAID: Final = re.compile(  # "second half of last month, so 16th till the end"
    r"\b(?P<what>(?P<half>first|second) half of (?:the )?(?:(?:last|this|previous) month|[a-z]{3,9}(?: \d{4})?)),? ?\(?(?:so |that is |meaning |= ?)?(?:(?:from|the) )*"
    rf"(?P<first>1|16)(?:st|th)? ?{_TO} ?(?:(?P<middle>(?:the )?15(?:th)?)|{_END})\)?(?![\w:.])"
)
_MOST_BACK: Final = 4  # years
_HALF: Final = re.compile(
    rf"\b(?P<half>first|second) half of (?P<month>{MONTH})(?: (?P<year>{YEAR}))?,? ?\(?(?:so )?(?:from )?(?:the )?(?P<first>\d{{1,2}})(?:st|nd|rd|th)? ?{_TO} ?(?:the )?(?P<last>\d{{1,2}})(?:st|nd|rd|th)?\)?(?![\d:.])"
)


def with_their_month(text: str, as_of: date) -> str:
    """`text` with such days as dates; a half of a month whose days are said beside it by these days."""
    text = _HALF_SAID.sub(_as_said_before, text)
    text = _YEARS_APART.sub(lambda m: _with_years(m, as_of), text)
    for pattern in (_HALF, _SAID_BEFORE):
        text = pattern.sub(lambda m: _between(m["first"], m["last"], f"{m['month']} {m['year'] or ''}".strip()), text)
    text = _SINCE_END.sub(lambda m: f"since {_after(m['month'], m['year'], as_of).isoformat()}", text)
    return _BY_NAME.sub(lambda m: _between(m["first"], m["last"], _month(m["which"], as_of)), text)


def _as_said_before(match: re.Match[str]) -> str:
    """The half without its days, where these are said beside it and are its own."""
    own = ("1", True) if match["half"] == "first" else ("16", False)
    return match["what"] if (match["first"], bool(match["middle"])) == own else match[0]


def _with_years(match: re.Match[str], as_of: date) -> str:
    """ "Sept 25 versus sept 24" are that month of two years, where both can be years."""
    one, other = int(match["one"]), int(match["other"])
    recent = all(0 <= as_of.year % 100 - year <= _MOST_BACK for year in (one, other)) and one != other
    if match["month"][:3] != match["again"][:3] or not recent:
        return match[0]
    return f"{match['month']} 20{one:02} {match['against']} {match['again']} 20{other:02}"


def _between(first: str, last: str, month: str) -> str:
    one, other = (re.sub(r"\D", "", day) for day in (first, last))
    return f"between {one} {month} and {other} {month}"


def _after(name: str, year: str | None, as_of: date) -> date:
    """ "Since the end of June" is since the first of July, of the last June there was."""
    month = next(n for n, full in enumerate(MONTH_NAMES, 1) if full.lower().startswith(name[:3]))
    said = int(year) if year and year.isdigit() else as_of.year - (month >= as_of.month)
    return date(said + month // 12, month % 12 + 1, 1)


def _month(which: str, as_of: date) -> str:
    start = as_of.replace(day=1)
    if which in ("last", "previous", "past"):
        start = (start - timedelta(days=1)).replace(day=1)
    return f"{MONTH_NAMES[start.month - 1].lower()} {start.year}"
