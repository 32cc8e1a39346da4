# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Periods in words: "in November 2011", "last 90 days", "since March", "week 45", "the first half of 2024", "YTD"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from core.calendar import first_of_week, months_back, months_earlier
from core.conventions import conventions
from language.dates import MONTH, POINT, YEAR, Span, Unclear, month_span, read_point, year_in
from language.earlier import running_first, take_against
from language.fiscal import take_fiscal
from language.seasons import SEASON_NAMES, take_season
from language.words import Draft, compiled

__all__ = ["DAYS", "Period", "Periods", "read_periods", "span_days", "take_periods"]

MOST = 12  # periods in one clause
DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 90, "year": 365}
_UNIT = r"(day|week|month|quarter|year)s?"
_MARK = "<period>"
_IN = r"(?:\b(?:in|during|for|of|on|at|over|within|from|throughout|across|as of) )?(?:\bthe )?"
_DAY_NAME = r"\b(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday),? (?:the )?(?=\d{1,2}(?:st|nd|rd|th)?\b(?! ?(?:am|pm|h\b|:)))"
_WHOLE = r"(?:full |complete |whole |entire |calendar |finished |completed )*"
_DATA_END = r"(?:up )?(?:to|until|till) (?:now|today|date|this day|(?:where |when )?(?:the |our )?data (?:stops?|ends?)|(?:the )?end of (?:(?:the |our )?data|what (?:we|you) have|what there is)|the end(?! of))"
_ALL = r"\b(?:(?:of |for )?all[- ]?time|all time|ever|since (?:the )?(?:beginning|start|day (?:one|1)|launch|we (?:started|began|opened))|(?:(?:over|across|in|for|on|of) )?(?:all|the whole|the entire|whole|the full|entire)(?: of)? (?:the |our |my )?(?:data(?:set)?|file|history|years on file)(?! \w)|(?:over|across|in|for) all (?:the )?years|all (?:the )?years(?: (?:together|combined))?|to date|so far)\b"


_SETS = r"(?:versus|and|against|or|compared (?:to|with))"
# Short ways of writing two times, and what they are short for.
_SHORT: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (rf"\b((?:19|20)\d\d) (versus|and|against|or|to|with) '?(\d\d)\b(?! ?%| ?-)(?! (?:of )?{MONTH})", r"\1 \2 20\3"),
    (
        r"(?<![\w.',:/])'?([12]\d) (versus|against|(?<=in \d\d )or) '?([12]\d)(?![\w%.:]| %| ?-)(?! (?:of )?[a-z]{3})",
        r"20\1 \2 20\3",
    ),
    (rf"({POINT}) over (?={POINT})", r"\1 versus "),
    (
        rf"\b(last|past|latest) (\d+) (day|week|month|quarter|year)s? {_SETS} (?:the |with the )?(?:previous|prior|preceding|before|last) \2 \3s?\b(?: before(?: that)?)?",
        r"\1 \2 \3s versus the previous period",
    ),
    (
        rf"\b(ytd|year to date|mtd|month to date|qtd) {_SETS} (?:the )?(?:last|previous|prior)(?: (?:year|month|quarter))?(?:'s)? (?:ytd|year to date|mtd|month to date|qtd)\b",
        lambda m: (
            f"{m[1]} versus the same days last {'month' if m[1][0] == 'm' else 'year' if m[1][0] == 'y' else 'quarter'}"
        ),
    ),
    (r"\b([hq][1-4]) ?[-/']?([12]\d)(?![\w%.:/-]| %)", r"\1 20\2"),
    (
        rf"\b(first|last) (\d+ )?(day|week|month)(s?) (of|in) ({POINT})(,? (?:versus|and|against|to|with|or|compared (?:to|with)) )(?:the )?"
        r"(first|last) (\d+ )?(day|week|month)(s?)\b(?! (?:of|in)\b)",
        r"\1 \2\3\4 \5 \6\7\8 \9\10\11 \5 \6",
    ),
    (
        rf"\b((?:{SEASON_NAMES})(?: weekend| week| season)?) ({YEAR}|(?:last|this) year) ({_SETS}) (?:the (?:same )?(?:one|1|weekend|week)(?: of| from| in)? )?({YEAR}|(?:last|this) year)(?:'s)?\b",
        r"\1 \2 \3 \1 \4",
    ),
    (rf"({POINT}) to ({POINT}) to ({POINT})", r"\1 and \2 and \3"),
    (
        r"\b(first|second|third|1st|2nd|3rd) (versus|and|to|or) (?:the )?(second|third|fourth|2nd|3rd|4th) (half|quarter)\b",
        r"\1 \4 \2 \3 \4",
    ),
)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both included; None is open."""

    start: date | None
    end: date | None

    def arguments(self) -> dict[str, str]:
        """As arguments of a tool: start and end in ISO form, where they are not open."""
        bounds = {"start": self.start, "end": self.end}
        return {name: day.isoformat() for name, day in bounds.items() if day}


@dataclass(slots=True)
class Periods:
    """The periods a text names, in order; what it compares them with; dates that are none; a year of its own kind."""

    found: list[Period] = field(default_factory=list)
    against: str | None = None
    problems: list[str] = field(default_factory=list)
    whole: bool = False  # "all time", "ever"
    added_up: bool = False  # several are asked for as one figure
    so_far: bool = False  # the running month, quarter or year: as far as the data go
    ends: dict[Period, tuple[Period, Period]] = field(default_factory=dict)  # "from Q1 to Q3": its first and last


def take_periods(draft: Draft, as_of: date) -> list[Period]:
    """The periods `draft` names, in order; dates that are none are left in it."""
    return read_periods(draft, as_of).found


def read_periods(draft: Draft, as_of: date) -> Periods:
    """Everything `draft` says about when, taken out of it, each part leaving the mark <period>."""
    said = Periods()
    whole = draft.text
    draft.text = re.sub(_DAY_NAME, "", draft.text)
    for pattern, plainer in _SHORT:
        draft.text = compiled(pattern).sub(plainer, draft.text)
    draft.text = running_first(draft.text, as_of, lambda rest: _names_time(rest, as_of))
    said.against = take_against(draft)
    placed: list[Period] = []
    for reader in (_fiscal, _ranges, _season, _parts, _relative, _points):
        for _ in range(MOST):
            try:
                period = reader(draft, as_of, said)
            except Unclear as problem:
                said.problems.append(str(problem))
                continue
            if period is None:
                break
            placed.append(period)
    if draft.take(_ALL, _MARK if not placed else " "):
        said.whole = not placed
    said.found = _closed(placed)
    if len(said.found) == 2 and not re.search(rf"{YEAR}|\b(?:this|last|so far|current)\b", whole):
        said.found = _beside_each_other(placed[0], placed[1], as_of)
    return said


def _names_time(text: str, as_of: date) -> bool:
    rest = Draft(text)
    return bool(read_periods(rest, as_of).found) or "<earlier>" in rest.text


def _closed(placed: list[Period]) -> list[Period]:
    """ "Up to the end of March, counted from 1 January": two open periods that meet are one."""
    begun = [p for p in placed if p.end is None and p.start]
    ended = [p for p in placed if p.start is None and p.end]
    if len(placed) == 2 and begun and ended and str(begun[0].start) <= str(ended[0].end):
        return [Period(begun[0].start, ended[0].end)]
    return placed


def _beside_each_other(one: Period, other: Period, as_of: date) -> list[Period]:
    """ "Q1 against Q4", "December or November": the running one is meant as it was before, where that lies beside."""
    both = [one, other]
    for at, (period, fixed) in enumerate(((one, other), (other, one))):
        if period.start is None or period.end is None or not period.start <= as_of < period.end:
            continue
        before = Period(*months_earlier(period.start, period.end, 12))
        if _adjoin(before, fixed) and not _adjoin(period, fixed):
            both[at] = before
    return both


def _adjoin(one: Period, other: Period) -> bool:
    day = timedelta(days=1)
    return any(a.end is not None and a.end + day == b.start for a, b in ((one, other), (other, one)))


def span_days(count: str | None, unit: str) -> int:
    """Days of "3 months", "a week": months of 30 days, but 12 of them are a year."""
    number = 1 if not count or not count.strip().isdigit() else int(count)
    years, rest = divmod(number, 12) if DAYS[unit] == DAYS["month"] else (0, number)
    return years * DAYS["year"] + rest * DAYS[unit]


def _fiscal(draft: Draft, as_of: date, said: Periods) -> Period | None:
    span = take_fiscal(draft, as_of)
    return None if span is None else Period(span.start, span.end)


def _ranges(draft: Draft, as_of: date, said: Periods) -> Period | None:
    """From one point to another, and open at one side."""
    if (week := _week_of(draft, as_of)) is not None:
        return week
    until_now = (
        rf"(?:(?:since|from|starting) ({POINT}),? {_DATA_END}|(?<!vs )(?<!versus )(?<!than )({POINT}) {_DATA_END})"
    )
    if match := draft.take(rf"{_IN}\b{until_now}\b", _MARK):
        return Period(read_point(match[1] or match[2], as_of).start, None)
    lead = rf"{_IN}(?:\b(?P<how>between|from|week of) )?(?:the )?"
    join = r"(?P<join> ?- ?| (?:and|to|until|till|through|thru|up to|up until) (?:and including )?)(?:the )?(?:(?:very )?end of (?:the )?)?"
    day = r"(?<![\w'.])(\d{1,2})(?:st|nd|rd|th)?"
    if match := _taken(draft, rf"{lead}(?P<first>{POINT}){join}(?P<last>{POINT})"):
        return _from_to(match["first"], match["last"], as_of, said)
    if match := _taken(draft, rf"{lead}{day}{join}(?P<last>{POINT})"):
        later = read_point(match["last"], as_of)
        if later.start and later.start == later.end:
            return Period(later.start.replace(day=int(match[2])), later.end)
        raise Unclear(f"I cannot tell which days “{match[0].strip()}” are.")
    if match := _taken(draft, rf"(?P<how>\b{MONTH}) {day}{join}{day}(?:,? (?P<year>(?:19|20)\d\d))?(?!\d)"):
        year = int(match["year"]) if match["year"] else None
        first, last = (read_point(f"{match[n]} {match['how']}", as_of, year) for n in (2, 4))
        return Period(first.start, last.end)
    return _open(draft, as_of)


def _taken(draft: Draft, pattern: str) -> re.Match[str] | None:
    """The first range; "May and June" are two months, "from May to June" and "between … and …" are ranges."""
    for match in re.finditer(pattern, draft.text):
        if match["how"] or " and " not in match["join"]:
            draft.taken.append((_MARK, match[0].strip()))
            draft.text = f"{draft.text[: match.start()].rstrip()} {_MARK} {draft.text[match.end() :].lstrip()}".strip()
            return match
    return None


def _from_to(first: str, last: str, as_of: date, said: Periods) -> Period:
    later = read_point(last, as_of, year_in(first))
    earlier = read_point(first, as_of, year_in(last) or (later.start.year if later.start else None))
    if earlier.start and later.start and earlier.start > later.start and not year_in(first):
        earlier = read_point(first, as_of, later.start.year - 1)
    whole = Period(earlier.start, later.end)
    if earlier.start != earlier.end and later.start != later.end:
        said.ends[whole] = (Period(earlier.start, earlier.end), Period(later.start, later.end))
    return whole


def _open(draft: Draft, as_of: date) -> Period | None:
    said = set(re.findall(rf"(?<![\w.]){YEAR}(?![\w-])", draft.text))
    year = year_in(said.pop()) if len(said) == 1 else None
    of = r"(?:the (?:start|beginning) of )?"
    if match := draft.take(rf"\b(?:since|from|after) the (?:very )?end of ({POINT})", _MARK):
        end = read_point(match[1], as_of, year).end
        return Period(end + timedelta(days=1) if end else None, None)
    if match := draft.take(
        rf"\b(?:until|till|up to|before|prior to) the (?:very )?(?:start|beginning) of ({POINT})", _MARK
    ):
        start = read_point(match[1], as_of, year).start
        return Period(None, start - timedelta(days=1) if start else None)
    if match := draft.take(
        rf"\b(?:since|starting(?: from| in)?|from|as of) {of}({POINT})(?: (?:onwards?|on|only)\b)?(?! (?:orders|channel))",
        _MARK,
    ):
        return Period(read_point(match[1], as_of, year).start, None)
    if match := draft.take(rf"\bafter ({POINT})", _MARK):
        end = read_point(match[1], as_of, year).end
        return Period(end + timedelta(days=1) if end else None, None)
    if match := draft.take(rf"{_IN}(?:last )?\b(\d+|a|1) {_UNIT} (?:before|prior to|leading up to) ({POINT})", _MARK):
        last = read_point(match[3], as_of, year).start
        count = 1 if match[1] == "a" else int(match[1])
        return _trailing(count, match[2], last - timedelta(days=1)) if last else None
    if match := draft.take(rf"\b(?:before|prior to) ({POINT})", _MARK):
        start = read_point(match[1], as_of, year).start
        return Period(None, start - timedelta(days=1) if start else None)
    if match := draft.take(
        rf"\b(?:until|till|up to|by|through)(?: and including)?(?: the)?(?: end of)? ({POINT})", _MARK
    ):
        return Period(None, read_point(match[1], as_of, year).end)
    return None


def _season(draft: Draft, as_of: date, said: Periods) -> Period | None:
    span = take_season(draft, as_of)
    return None if span is None else Period(*span)


def _parts(draft: Draft, as_of: date, said: Periods) -> Period | None:
    """The first or last days, weeks, months of a point; the week of a day."""
    if match := draft.take(
        rf"{_IN}\b(first|last|opening|closing|final) (\d+)? ?{_UNIT} (?:of|in) (?:the )?({POINT})", _MARK
    ):
        span = read_point(match[4], as_of)
        return _part(span, match[1] in ("first", "opening"), int(match[2] or 1), match[3])
    if match := draft.take(rf"{_IN}\bfirst (\d+) {_UNIT}(?: of (?:the|this) year)\b", _MARK):
        return _part(Span(date(as_of.year, 1, 1), date(as_of.year, 12, 31)), True, int(match[1]), match[2])
    return None


def _week_of(draft: Draft, as_of: date) -> Period | None:
    """ "The week of 9 November", "the week starting Monday 7 November", not "the week of 14 to 20 November"."""
    match = draft.take(
        rf"{_IN}(?<!first )(?<!last )(?<!final )(?<!opening )(?<!closing )\bweek (?!(?:of|in|from) (?:{YEAR}|{MONTH}(?: {YEAR})?)(?! ?\d))(?:of|from|starting|beginning|commencing|including)(?: on)? (?:the )?({POINT})"
        rf"(?! ?(?:-|to|till|until|through|and) ?(?:the )?{POINT})",
        _MARK,
    )
    day = read_point(match[1], as_of).start if match else None
    if day is None:
        return None
    return _week(day)


def _part(span: Span, first: bool, count: int, unit: str) -> Period:
    if span.start is None or span.end is None:
        raise Unclear("I cannot tell which days are meant.")
    if unit in ("day", "week"):
        days = timedelta(days=count * DAYS[unit] - 1)
        return Period(span.start, span.start + days) if first else Period(span.end - days, span.end)
    months = count * {"month": 1, "quarter": 3, "year": 12}[unit]
    if first:
        return Period(span.start, month_span(span.start.year, span.start.month, months).end)
    return Period(month_span(span.end.year, span.end.month - months + 1).start, span.end)


def _relative(draft: Draft, as_of: date, said: Periods) -> Period | None:
    """Counted from the last day of the data."""
    if match := draft.take(rf"{_IN}\bsame (month|week|quarter) (?:of )?last year\b", _MARK):
        running = _calendar(match[1], as_of, back=0)
        assert running.start is not None  # noqa: S101 - a calendar unit is closed
        assert running.end is not None  # noqa: S101
        return Period(*months_earlier(running.start, running.end, 12))
    if match := draft.take(
        rf"{_IN}\b(?:last|past|previous|trailing|most recent|latest) (\d+) (?P<whole>{_WHOLE}){_UNIT}\b", _MARK
    ):
        return (_whole_units if match["whole"] else _trailing)(int(match[1]), match[3], as_of)
    if match := draft.take(
        rf"{_IN}\b(?:last|latest|most recent|previous) (?:full|complete|whole|entire|finished|completed|calendar) {_UNIT}\b",
        _MARK,
    ):
        return _last_whole(match[1], as_of)
    if match := draft.take(
        rf"{_IN}\b(last|past|previous|this|current|latest|running|present|prior) {_UNIT}(?: (?:so far|to date|until now|up to now))?\b",
        _MARK,
    ):
        now = match[1] in ("this", "current", "latest", "running", "present")
        said.so_far |= now
        return _calendar(match[2], as_of, back=0 if now else 1)
    if match := draft.take(
        r"\b(?:(year|month|quarter|week)[- ]to[- ]date|(ytd|mtd|qtd)|so far this (year|month|quarter|week))\b", _MARK
    ):
        unit = match[1] or match[3] or {"y": "year", "m": "month", "q": "quarter"}[match[2][0]]
        said.so_far = True
        return Period(_calendar(unit, as_of, back=0).start, as_of)
    if match := draft.take(rf"(?<!over )(?<!than )(?<!least )(?<!under )\b(\d+|a|an) {_UNIT} ago\b", _MARK):
        return _calendar(match[2], as_of, back=1 if match[1] in ("a", "an") else int(match[1]))
    if match := draft.take(rf"{_IN}\b{_UNIT} before last\b", _MARK):
        return _calendar(match[1], as_of, back=2)
    return _near(draft, as_of)


def _near(draft: Draft, as_of: date) -> Period | None:
    """The last days, by their names."""
    if draft.take(r"\b(?:the )?day before yesterday\b", _MARK):
        return Period(as_of - timedelta(days=2), as_of - timedelta(days=2))
    if draft.take(r"\byesterday\b", _MARK):
        return Period(as_of - timedelta(days=1), as_of - timedelta(days=1))
    if draft.take(r"\btoday\b", _MARK):
        return Period(as_of, as_of)
    if draft.take(rf"{_IN}\b(?:last|past|previous) weekend\b", _MARK):
        sunday = as_of - timedelta(days=as_of.isoweekday() % 7)
        sunday -= timedelta(days=7) if sunday == as_of and as_of.weekday() == 6 else timedelta()
        return Period(sunday - timedelta(days=1), sunday)
    return None


def _points(draft: Draft, as_of: date, said: Periods) -> Period | None:
    """Single points; a year said once holds for the others."""
    # "may" and "march" alone are verbs, and a number is a year, only where something says so
    pattern = (
        rf"{_IN}(?:\byear )?((?<![\w<.])(?!(?:may|march|mar|sat|sun)\b(?! ?\d| '))(?:{POINT})|(?:(?<=in )|(?<=for )|(?<=about )|(?<=during )|(?<=of )|(?<=the ))(?:may|march)|(?:may|march)(?=,? (?:and|or|to|versus) {MONTH}))"
        r"(?![\w%])(?:(?<=(?<!over )(?<!than )(?<!with )(?<!least )20[0-3]\d)|(?<=[a-z])|(?! (?:customers?|orders?|days?|times|units|pieces)\b))"
    )
    years = [year for found in re.finditer(pattern, draft.text) if (year := year_in(found[1]))]
    match = draft.take(pattern, _MARK)
    if match is None:
        return None
    default = years[-1] if years and not re.fullmatch(r"'?\d+", match[1].strip()) else None
    span = read_point(match[1], as_of, default)
    return Period(span.start, span.end)


def _trailing(count: int, unit: str, as_of: date) -> Period:
    if unit in ("day", "week"):
        return Period(as_of - timedelta(days=count * DAYS[unit] - 1), as_of)
    months = count * {"month": 1, "quarter": 3, "year": 12}[unit]
    return Period(months_back(as_of, months) + timedelta(days=1), as_of)


def _whole_units(count: int, unit: str, as_of: date) -> Period:
    """So many in a row, of which the last is over."""
    last = _last_whole(unit, as_of)
    assert last.start is not None  # noqa: S101 - a calendar unit is closed
    if unit in ("day", "week"):
        return Period(last.start - timedelta(days=(count - 1) * DAYS[unit]), last.end)
    back = (count - 1) * {"month": 1, "quarter": 3, "year": 12}[unit]
    return Period(months_back(last.start, back), last.end)


def _last_whole(unit: str, as_of: date) -> Period:
    """The latest one that is over: the running one too when the data end with its last day."""
    running = _calendar(unit, as_of, back=0)
    return running if running.end == as_of else _calendar(unit, as_of, back=1)


def _calendar(unit: str, as_of: date, back: int) -> Period:
    if unit == "day":
        return Period(as_of - timedelta(days=back), as_of - timedelta(days=back))
    if unit == "week":
        return _week(as_of - timedelta(weeks=back))
    if unit == "year":
        return Period(date(as_of.year - back, 1, 1), date(as_of.year - back, 12, 31))
    length = 3 if unit == "quarter" else 1
    first = (as_of.month - 1) // length * length + 1
    span = month_span(as_of.year, first - length * back, length)
    return Period(span.start, span.end)


def _week(day: date) -> Period:
    first = first_of_week(day, conventions().week_start)
    return Period(first, first + timedelta(days=6))
