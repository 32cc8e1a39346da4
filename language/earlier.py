# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Earlier times that a period is set against: "than last year", "versus the same days of 2010", "the month before"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from language.dates import MONTH, POINT, YEAR
from language.words import Draft

__all__ = ["running_first", "take_against"]

_NO_DAY = rf"(?! (?:the )?(?:{POINT}|easter|christmas|xmas|new year|black friday|valentine|halloween|mother))"
_AGAINST = (
    (r"\b(?:(?:than|against|versus|to|with|as|from|over|compared (?:to|with)|in|and|by) )*(?:the )?(?:same|equivalent|corresponding|comparable)(?: \d+)? (?:period|days?|dates?|time|weeks?|months?|quarter|stretch|span|timeframe)(?: (?:of|in|from|for))?(?: (?:the )?(?:last|previous|prior|past) year| (?:a|1|one) year (?:ago|before|earlier)| (?:the )?year before)", "last_year"),
    (r"\b(?:(?:than|against|versus|to|with|as|from|over|compared (?:to|with)|in|and) )*(?:a year (?:ago|before|earlier)|(?:the )?year before|(?:the )?prior year|year[- ]over[- ]year|year[- ]on[- ]year|yoy)\b", "last_year"),
    (rf"\b(?:than|against|versus|compared (?:to|with)|to) (?:the )?(?:previous|prior|preceding|last)(?: one| 1)?(?= ?(?:[,.?!(]|$))|\b(?:(?:than|against|versus|to|with|as|from|over|compared (?:to|with)|in|and) )*(?:the )?(?:previous|prior|preceding) (?:period|one|1|days?|\d+ days)\b|\b(?:(?:than|against|versus|to|with|as|from|over|compared (?:to|with)|and) )*the (?:period|one|1) before(?: that)?\b|\b(?:(?:than|against|versus|to|with|as|from|over|compared (?:to|with)|and) )*the (?:same (?:number of )?|\d+ )?days before\b{_NO_DAY}|\bperiod[- ]over[- ]period\b|\b(?:than|against|versus|to|compared (?:to|with)) before\b|\bmonth[- ]o(?:ver|n)[- ]month\b|\bmom\b|\bweek[- ]o(?:ver|n)[- ]week\b|\bwow\b|\bquarter[- ]o(?:ver|n)[- ]quarter\b|\bqoq\b", "previous"),
)  # fmt: skip

_SAME_ALONE = re.compile(
    r"^(?!.*\b(?:this|ytd|so far|to date|versus|against|compar\w*|than|growth|change)\b)"
    rf"(?!.*\b(?:(?:last|past|previous|prior) (?:week|month|quarter)|yesterday|{MONTH}|q[1-4]|{YEAR})\b)"
    r".*\bsame (?:month|week|quarter) (?:of )?last year\b"
)
_SAME_OF_LAST = (
    r"\b(?:(?:than|against|versus|to|with|as|from|compared (?:to|with)) )*(?:the )?same (?:days?|weekday|day of the week|dates?|period|stretch|time)"
    r" (?:of|in|last|a) (?:the )?(?:(?:last|previous|prior) )?(?P<unit>month|quarter|week)\b"
)
_SAME_DAYS = (
    r"\b(?:(?:than|against|versus|to|with|as|from|compared (?:to|with)|in) )*(?:the )?(?:same|those|these|equivalent)"
    r"(?: \d+)? (?:period|days?|dates?|time|weeks?|months?|quarter)s?(?: (?:of|in|from))? (?P<year>(?:19|20)\d\d)\b"
)
_BEFORE_THAT = rf"\b(?:and |versus |against |than |with |to |in )*(?:the|a) (?P<unit>day|week|month|quarter) (?:before|earlier)(?: that)?\b(?! last\b){_NO_DAY}"

# "Month before?": with nothing else
_BEFORE_ALONE = r"^(?:(?:and|so|now|then|ok|for|in|what about|how about)[, ]+)*(?P<unit>day|week|month|quarter) (?:before|earlier)(?: that)?(?=[?.! ]*$)"


def take_against(draft: Draft) -> str | None:
    """What is said to compare with, taken out of `draft` with the mark <earlier>: "last_year", "year 2010", "previous"."""
    against = None
    if match := draft.take(_SAME_DAYS, "<earlier>"):
        against = f"year {match['year']}"
    if match := draft.take(_SAME_OF_LAST, "<earlier>"):
        against = f"same {match['unit']}"
    if match := draft.take(_BEFORE_THAT, "<earlier>") or draft.take(_BEFORE_ALONE, "<earlier>"):
        against = f"before {match['unit']}"
    for pattern, kind in _AGAINST if not _SAME_ALONE.search(draft.text) else ():
        if draft.take(pattern, "<earlier>"):
            against = against or kind
    return against


# "Compared to last month", "versus 2010": what the time that runs is set against, where no other is said
_SET_AGAINST = (
    r"\b(?:compared (?:to|with)|compare (?:to|with)|versus|against|than(?: (?:in|for|during))?|relative to) (?:the )?"
    rf"(?:(?:last|previous|prior) (?P<unit>year|month|week|quarter)|(?P<year>{YEAR}))\b(?![-/'])(?! (?:of|in)\b)(?!,? (?:same|so far))"
)


_GOING_ON = r"\b(?:and|so|how|what|is|was|are|were|did|does|do|that|it|about|now|then|please|compare[ds]?)\b"
_THAT = r"\b(?:them|those|these|they|that|it)\b"


def running_first(text: str, as_of: date, names_time: Callable[[str], bool]) -> str:
    """ "Revenue compared to last year": this year is, and not last year with the one before it.

    `names_time` tells whether a text names a time.
    """
    match = re.search(_SET_AGAINST, text)
    if match is None or (match["year"] and int(match["year"]) >= as_of.year):
        return text
    rest = f"{text[: match.start()]} , {text[match.end() :]}"
    if not re.search(r"\w", re.sub(_GOING_ON, "", rest)) or re.search(_THAT, text):
        return text  # it goes on from what was asked before
    if names_time(rest):
        return text
    return f"{text[: match.start()]} this {match['unit'] or 'year'} {text[match.start() :]}"
