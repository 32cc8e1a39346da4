# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Fiscal years in words, where the clause says when they begin or end: "our year ends in March: sales of FY 2011"."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Final

from core.conventions import conventions
from language.dates import MONTH, YEAR, Span, Unclear, year_in
from language.figures import MONTHS
from language.words import Draft

__all__ = ["is_convention", "take_fiscal"]

_NAME: Final = (
    r"(?:fy|(?:fiscal|financial)(?: year)?|(?:business|accounting|trading|tax|company|book(?:keeping)?) year)"
)
_DAY: Final = rf"(?:the )?(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?)?(?P<month>{MONTH})(?: (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b)?(?:,? (?P<year>{YEAR}))?"
_DAY_OF: Final = rf"(?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?)?{MONTH}"
_BEGINS: Final = (
    r"\(?\b(?:(?:our|the|my|a|and|fiscal|financial|business|accounting|trading|tax|company|book|bookkeeping|fy|it|which|that) )*(?:fy|years?|books|fiscal|which|that|it)? ?"
    r"(?P<how>goes|runs?|running|starts?|starting|begins?|beginning|is|ends?|ending|closes?|closing|finish(?:es)?|we close (?:our |the )?(?:year|books|accounts)) "
    rf"(?:from |in |on |with |at |every |each |the |end of |as of )*{_DAY}(?: (?:to|-|until|till|through) (?:the )?(?:end of )?(?:\d{{1,2}}(?:st|nd|rd|th)? )?{MONTH})?\)?"
)
_BOOKS: Final = rf"\bbooks (?:(?:run|go)s? (?:from )?{_DAY_OF} ?(?:to|-|until|till|through)|(?:close|start|begin|end)s? (?:in|with|on) )|\bclos(?:e|ing) (?:our |the )?books\b"
_PART: Final = (
    r"(?:\b(?:in|during|for|of|on|over|from) )?(?:\b(?:the|our|my) )*"
    r"(?:\b(?P<part>q[1-4]|h[12]|(?:first|second|third|fourth|last) (?:quarter|half)|(?:first|last|opening|closing) \d{1,2} months)(?: of| in|,)? (?:the |our |my )*)?"
)
_WHICH: Final = (
    rf"{_PART}"
    r"(?:\b(?P<near>last|previous|latest|this|current|running) (?:(?P<whole>closed|full|complete|completed|finished|whole) )?)?"
    rf"\b{_NAME}(?: ?-?(?P<fy>(?:20)?\d\d(?: ?[/-] ?(?:20)?\d\d)?))?\b"
    r"(?(near)(?: (?P<unit>quarter|half)\b)?)(?P<so_far> (?:so far|to date|until now|up to now))?"
)
# "The year that began in April 2011", a part of it, where that is said to be the year meant
_BEGUN: Final = (
    rf"{_PART}\b(?:{_NAME}|year) (?:(?:that|which) (?:began|started|begins|starts)|begun|started|beginning|starting|commencing)"
    rf" (?:in |on |with )?(?:the )?(?:(?P<first>1)(?:st)? (?:of )?)?(?P<month>{MONTH}),? (?P<year>{YEAR})"
)
_ENDED: Final = rf"{_PART}\b(?:{_NAME}|year) (?:(?:that|which) (?:ended|ends|closed|finished)|ended|ending|closing) (?:in |with |on )?(?:the end of )?(?P<month>{MONTH}),? (?P<year>{YEAR})"
# "The last complete one", after what says when years begin: one of them
_OF_THEM: Final = (
    rf"{_PART}\b(?:(?P<near>last|previous|latest|most recent) (?P<whole>(?:closed|full|complete|completed|finished|whole|ended) )?"
    r"(?:one|1|(?(whole)year|(?!)))\b(?: (?:that|which) (?:is|has been|was) (?:closed|complete|completed|finished|over|done|ended))?)"
)
_PARTS: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4}


def take_fiscal(draft: Draft, as_of: date) -> Span | None:
    """The days of a fiscal year or a part of one; a year's number is that of its first day.

    Unclear where a fiscal year is asked for and nothing says when one begins.
    """
    draft.text = re.sub(r"\bfytd\b", "this fiscal year to date", draft.text)
    if (begun := _from_its_month(draft)) is not None:
        draft.take(_BEGINS, " ")
        return begun
    if not re.search(rf"\b{_NAME}(?:\b|(?=\d))|\bour (?:\w+ )?year\b|{_BOOKS}", draft.text):
        return None
    begins = draft.take(_BEGINS, " ")
    match = (draft.take(_OF_THEM, "<period>") if begins else None) or draft.take(_WHICH, "<period>")
    if match is None and begins and re.search(r"\b(?:last|this|previous|current) year\b(?! to\b)", draft.text):
        raise Unclear("Do you mean the calendar year, or the year that begins then? Say “fiscal year” for that one.")
    if match is None:
        return None
    told = _first_day(begins) if begins else conventions().fiscal_start
    if told is None:
        raise Unclear(
            "In which month does your fiscal year begin? Say for example “our fiscal year starts in April”, or tell it"
            " once for all on the page Settings."
        )
    if match.groupdict().get("unit"):
        span = _near_part(match["unit"], match["near"] in ("last", "previous"), _running(as_of, *told), as_of)
    else:
        span = _part(match["part"], _start(match, begins, as_of, *told))
    return Span(span.start, min(as_of, span.end)) if match.groupdict().get("so_far") and span.end else span


def _from_its_month(draft: Draft) -> Span | None:
    """A year, or a part of one, by the month it began or ended with; Unclear where years are said to begin otherwise."""
    match, ended = draft.take(_BEGUN, "<period>"), False
    if match is None:
        match, ended = draft.take(_ENDED, "<period>"), True
    year = year_in(match["year"]) if match else None
    if match is None or year is None:
        return None
    month = MONTHS[match["month"].strip(". ")]
    start = _months_on(date(year, month, 1), -11) if ended else date(year, month, 1)
    stated = re.search(_BEGINS, draft.text)
    if stated and stated["month"] and _first_day(stated) != (start.month, start.day):
        raise Unclear("That year does not begin when you say that years begin. Say its first and its last month.")
    return _part(match["part"], start)


def is_convention(sentence: str) -> bool:
    """Whether a sentence only says when fiscal years begin or how dates are written: it belongs to what it is said of."""
    text = sentence.lower().strip(" .;!")
    return bool(
        re.fullmatch(_BEGINS, text)
        or re.fullmatch(r"(?:(?:our|the|my|all) )*(?:dates? (?:are|is)|we (?:use|write)).{3,40}", text)
    )


def _first_day(begins: re.Match[str]) -> tuple[int, int]:
    month, said = MONTHS[begins["month"].strip(". ")], begins["day"] or begins["day2"]
    if not re.search(r"\b(?:end|clos|finish)", begins["how"]):
        return month, int(said or 1)
    last = calendar.monthrange(2001, month)[1]
    after = date(2001, month, min(int(said or last), last)) + timedelta(days=1)
    return after.month, after.day


def _near_part(unit: str, before: bool, year: date, as_of: date) -> Span:
    """ "This fiscal quarter", or the one before, by the first day of the running fiscal year."""
    length = 3 if unit == "quarter" else 6
    first = max(n for n in range(0, 12, length) if _months_on(year, n) <= as_of) - (length if before else 0)
    return Span(_months_on(year, first), _months_on(year, first + length) - timedelta(days=1))


def _running(as_of: date, month: int, day: int) -> date:
    """The first day of the fiscal year that `as_of` is in."""
    return date(as_of.year - ((as_of.month, as_of.day) < (month, day)), month, day)


def _start(match: re.Match[str], begins: re.Match[str] | None, as_of: date, month: int, day: int) -> date:
    if match.groupdict().get("fy"):
        year = (
            int(match["fy"][:4]) if match["fy"][:2] == "20" and len(match["fy"]) >= 4 else 2000 + int(match["fy"][:2])
        )
        stated = year_in(begins["year"] or "") if begins and not re.search(r"end|clos", begins["how"]) else None
        return date(stated or year, month, day)
    back = 1 if match["near"] in ("last", "previous", "most recent") or match["whole"] else 0
    return date(_running(as_of, month, day).year - back, month, day)


def _part(said: str | None, start: date) -> Span:
    first, length = 0, 12
    if said and (months := re.search(r"(\d{1,2}) months", said)):
        length = min(int(months[1]), 12)
        first = 0 if said.startswith(("first", "opening")) else 12 - length
    elif said:
        number = int(said[1]) if said[1].isdigit() else _PARTS.get(said.split()[0], 0)
        quarter = said[0] == "q" or said.endswith("quarter")
        length = 3 if quarter else 6
        first = length * ((number or 12 // length) - 1)
    return Span(_months_on(start, first), _months_on(start, first + length) - timedelta(days=1))


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
