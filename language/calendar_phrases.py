# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Phrases of the calendar, rewritten as plain dates before anything else reads a clause.

"The first Monday of November 2011" is 2011-11-07, "November and December of 2010 and 2011" are four months, "may this
year" is May 2011, "05/09/2011 (d/m/y)" is 2011-09-05. What follows only has to know plain dates.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from core.calendar import MONTH_NAMES
from core.conventions import conventions
from language.dates import FEAST, MONTH, POINT, YEAR, Span, Unclear, month_span, read_point
from language.month_days import with_their_month
from language.short_times import SHORT_TIME_WORDS, in_full
from language.this_and_last import beside_it, made_clear

__all__ = ["CALENDAR_WORDS", "as_dates", "both_ways"]


_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY: Final = "(?:" + "|".join(_WEEKDAYS) + ")"
_NTH: Final = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5,
    "last": -1, "final": -1, "closing": -1, "opening": 1,
}  # fmt: skip
_NTHS: Final = "(?:" + "|".join(_NTH) + ")"
_LEAD: Final = r"(?:\b(?:in|on|during|over|within) )?(?:\bthe )?"
_WHOLE: Final = r"(?:full |whole |complete |entire |calendar )"
_JOINED: Final = (
    r"(?:, ?and |, ?| and | or | versus | against | ?/ ?| ?\+ ?| compared (?:to|with) | to | than (?:in )?)"
)
_UNIT: Final = "(?:week|month|quarter|year)"
_NEAR: Final = {"this": 0, "the current": 0, "current": 0, "last": 1, "previous": 1, "the": 0}
_SPAN: Final = rf"(?:{POINT}|(?P<near>this|current|last|previous) (?P<unit>month|quarter|year))"
_DAY_FIRST: Final = (
    r"\bd{1,2} ?[/.-] ?m{1,2} ?[/.-] ?y{1,4}\b|\bdd?[/.-]mm?\b|\bday[ /,-]+month(?:[ /,-]+year)?\b"
    r"|\bdays? (?:comes? )?(?:first|before (?:the )?month)\b|\b(?:uk|british|european) (?:date )?(?:style|format|notation|dates?|order)\b"
)
_MONTH_FIRST: Final = (
    r"\bm{1,2} ?[/.-] ?d{1,2} ?[/.-] ?y{1,4}\b|\bmm?[/.-]dd?\b|\bmonth[ /,-]+day(?:[ /,-]+year)?\b"
    r"|\bmonths? (?:comes? )?(?:first|before (?:the )?day)\b|\b(?:us|usa|american) (?:date )?(?:style|format|notation|dates?|order)\b"
)
_USUAL: Final = {"en-GB": (1, 2), "en-US": (2, 1)}  # which number is the day, which the month
_SLASHED: Final = r"(?<![\w/.])(\d{1,2})/(\d{1,2})/(\d{4}|\d\d)(?![\w/])"
_MONTHS_AND_QUARTERS: Final = (
    rf"(?:(?:{MONTH}|q[1-4])(?:,? (?:of )?{YEAR})?|(?P<near>this|current|last|previous) (?P<unit>month|quarter))"
)
_HALF: Final = r"(?P<nth>first|1st|second|2nd|last) (?P<half>half)"
# The first or last seven days of a month are read as such, unless whole weeks are meant.
_BY_NUMBER: Final = rf"(?P<nth>{_NTHS}) (?P<count>\d )?(?:(?P<day>{_WEEKDAY})s?|(?:(?P<full>{_WHOLE})|(?<!first )(?<!last )(?<!final )(?<!\d ))weeks?)\b"
_TWO_YEARS: Final = (
    r"(?<![\w/.-])(?<!fy )(?<!fiscal )(?<!fiscal year )(?<!season )(?<!sku )(?<!product )(20\d\d)[-/](\d\d)(?![\w/-])"
)
_AFTER_ANOTHER: Final = r"(?<=(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec) \d\d )"
_NO_DAY_AFTER: Final = (
    r"(?! ?[-'/:.]?\d|(?:st|nd|rd|th)\b|,? (?:of )?(?:19|20)\d\d| ?(?:-|to|and|until|till|through|or) ?(?:the )?(?:\d|[a-z]{3,9} [1-9]\b)"
    r"| (?:orders?|customers?|days?|pieces|units|times|%))"
)
_MONTHS: Final = 12
_SHORTEST: Final = 28  # days of a month
_MOST_BACK: Final = 3  # years: "in March 25" is of 2025 where that is not long ago, and else a day
_MON_TO_SUN: Final = r",? ?\(?\b(?:from )?mon(?:day)?s? ?(?:-|to|till|until|through) ?sun(?:day)?s?\b\)?"

CALENDAR_WORDS: Final = SHORT_TIME_WORDS | frozenset(
    """
    included inclusive ends dates both closed closes closing complete completed entire calendar finished financial
    business accounting trading books british european american format style notation midnight midday opening final
    third fourth fifth running hours clock registered unregistered login account accounts
    """.split()  # noqa: SIM905
)


def as_dates(text: str, as_of: date) -> tuple[str, list[str]]:
    """The text with its phrases of the calendar as dates, and what to say of those that are no dates."""
    text, problems = made_clear(text, as_of)
    text = with_their_month(in_full(_of_one_order(text), as_of), as_of)
    text = re.sub(
        r",? ?\(?\b(?:(?:both|all) (?:days |dates |ends )?(?:are )?(?:included|inclusive)|inclusive(?! of))\b\)?",
        " ",
        text,
    )
    text = re.sub(r"\b(?:the )?(?:public|bank|national|legal) holidays?,?(?: of| on)? (?=\d|the \d)", "", text)
    text = re.sub(r"\b([qh][1-4]) ?[-/'] ?(\d\d)\b(?![-/])", r"\1 20\2", text)
    text = re.sub(rf"(?<!\d )(?<!\d)\b({MONTH}) ?[-'] ?(\d\d)\b(?! ?[-'\d])", r"\1 20\2", text)
    text = re.sub(
        rf"\b(in|during) ({MONTH}) (\d\d)\b(?! ?[-'\d]|(?:st|nd|rd|th)\b| ?(?:to|and|until|or)\b \d| (?:orders?|customers?|days?))",
        lambda m: f"{m[1]} {m[2]} 20{m[3]}" if 0 <= as_of.year % 100 - int(m[3]) <= _MOST_BACK else m[0],
        text,
    )
    text = _two_digits(text, as_of, problems)
    for match in re.finditer(_SLASHED, text):
        first, second = int(match[1]), int(match[2])
        if first != second and max(first, second) <= _MONTHS:
            either = f"{first} {MONTH_NAMES[second - 1]} or {second} {MONTH_NAMES[first - 1]}"
            problems.append(f"“{match[0]}” can be {either}: write the month as a word.")
    text = re.sub(r"(?<![\w/.-])(0?[1-9]|1[0-2])[/.]((?:19|20)\d\d)(?![\w/])", lambda m: f"{m[2]}-{int(m[1]):02}", text)
    text = re.sub(
        rf"\b(?:since|from) the (?:start|beginning) of (?:the |this )(?:current )?({_UNIT})\b", r"so far this \1", text
    )
    text = re.sub(rf"\bso far (?:in|during|into) (?:this|the) ({_UNIT})\b", r"so far this \1", text)
    _vague(text, problems)
    text = beside_it(_of_this_year(text, as_of))
    text = _listed_days(_each_with_its_year(_of_one_week(text)))
    return _parts(text, as_of, problems), problems


def _two_digits(text: str, as_of: date, problems: list[str]) -> str:
    """ "Nov 23" may be a day or a year: two of one month are years ("aug 24, aug 23"), one by itself is asked about."""
    pattern = rf"(?:{_AFTER_ANOTHER}|(?<!\d ))(?<!\d)(?<!th )(?<!\bon )(?<!\bof )\b(?P<month>{MONTH}) (?P<n>\d\d)\b{_NO_DAY_AFTER}"
    text = re.sub(
        rf"(?<!\d )(?<!\d)(?<!th )\b({MONTH} ?[-–] ?{MONTH}) (\d\d)\b{_NO_DAY_AFTER}",
        lambda m: f"{m[1]} 20{m[2]}" if 0 <= as_of.year % 100 - int(m[2]) <= _MOST_BACK else m[0],
        text,
    )  # "Jan-Jun 26": from month to month, so of a year
    found = [m for m in re.finditer(pattern, text) if 0 <= as_of.year % 100 - int(m["n"]) <= _MOST_BACK]
    months = [m["month"][:3] for m in found]
    if (len(found) > 1 and any(months.count(month) > 1 for month in months)) or (
        len(set(months)) > 1 and len({m["n"] for m in found}) == 1
    ):
        return re.sub(pattern, lambda m: f"{m['month']} 20{m['n']}", text)
    problems += [
        f"“{m[0]}” can be {m['n']} {m['month'].strip('.').capitalize()} or {m['month'].strip('.').capitalize()} 20{m['n']}: write the year in full, or the day first."
        for m in found
    ]
    return text


def both_ways(text: str, as_of: date) -> tuple[str, str] | None:
    """`text` with "feb 11" as a month of a year, and as a day; None where it holds none, or it is clear which is meant."""
    pattern = rf"(?i)(?<!\d )(?<!\d)(?<!th )(?<!\bon )(?<!\bof )\b(?P<month>{MONTH}) (?P<n>\d\d)\b{_NO_DAY_AFTER}"
    found = [m for m in re.finditer(pattern, text) if 0 <= as_of.year % 100 - int(m["n"]) <= _MOST_BACK]
    if len(found) != 1 or not 1 <= int(found[0]["n"]) <= _SHORTEST:
        return None
    month, number = found[0]["month"], found[0]["n"]
    start, end = found[0].span()
    return f"{text[:start]}{month} 20{number}{text[end:]}", f"{text[:start]}{number} {month}{text[end:]}"


def _vague(text: str, problems: list[str]) -> None:
    """ "Mid-January", "at the end of May", "early in 2011": days nobody agrees on are asked for."""
    span = rf"(?:{MONTH}|this (?:month|year|quarter)|last (?:month|year|quarter))(?: (?:of )?{YEAR})?"
    named = (
        rf"\b(?:early|mid|late|(?<!first )(?<!second )(?<!last )(?<!1st )(?<!2nd )(?<!other )half(?= of))(?: in| of)?[- ](?:{span}|{YEAR})|\b(?:in|at|around|towards) the (?:very )?(?:beginning|start|middle|end) of (?:{span}|{YEAR})"
        rf"|\b(?:in |during |over )?the (?:last|first|final) days of (?:{span})|(?<!the )(?<!until )(?<!since )\b(?:start|middle|end) of (?:{MONTH})(?: (?:of )?{YEAR})?"
    )
    for match in re.finditer(_TWO_YEARS, text):
        if int(match[2]) == int(match[1]) % 100 + 1 and int(match[2]) > _MONTHS:
            problems.append(
                f"“{match[0]}” can be a fiscal year or two calendar years: say the first and the last month of it."
            )
    weeks = rf"\bweeks? \d (?:to|-|and|until) (?:week )?\d (?:of|in) (?:the )?(?:month of )?{MONTH}"
    for match in [*re.finditer(named, text), *re.finditer(weeks, text)]:
        problems.append(f"Which days do you mean by “{match[0]}”? Say the first and the last.")


def _of_one_order(text: str) -> str:
    """Dates with slashes as ISO dates, where the text says, or one of them shows, which number is the day."""
    pairs = [(int(m[1]), int(m[2])) for m in re.finditer(_SLASHED, text)]
    if not pairs:
        return text
    bare = re.sub(
        rf",? ?\(?(?:(?:(?:our|the|my|all|we|i|use|write|dates?|are|is|read|it|them|as|in|format|written) )*)(?:{_DAY_FIRST}|{_MONTH_FIRST})(?: please)?:?\)?",
        " ",
        text,
    )
    if re.search(_DAY_FIRST, text) or (any(a > 12 for a, _ in pairs) and all(b <= 12 for _, b in pairs)):
        day, month = 1, 2
    elif re.search(_MONTH_FIRST, text) or (any(b > 12 for _, b in pairs) and all(a <= 12 for a, _ in pairs)):
        day, month = 2, 1
    elif (order := _USUAL.get(conventions().formats or "")) and all(
        pair[order[0] - 1] <= 31 and pair[order[1] - 1] <= 12 for pair in pairs
    ):
        day, month = order
    else:
        return text
    return re.sub(_SLASHED, lambda m: f"{int(m[3]) % 100 + 2000}-{int(m[month]):02}-{int(m[day]):02}", bare)


def _of_this_year(text: str, as_of: date) -> str:
    """ "March this year", "q3 of last year", "this October", "last Friday": with the year, or the day, they are of."""
    what = rf"(?P<what>\b(?:{MONTH}|q[1-4]|h[12]|(?:first|second|third|fourth|last) (?:half|quarter)|(?:(?:iso |calendar )?week|wk|cw|kw) \d{{1,2}}))"
    text = re.sub(
        rf"{what},?(?: (?:of|in))? (?:(?:the )?(?P<near>this|current|last|previous) year|a year (?:ago|earlier))\b",
        lambda m: f"{m['what']} {as_of.year - _NEAR[m['near'] or 'last']}",
        text,
    )
    text = re.sub(
        rf"\b(?P<near>this|last|previous) year (?P<day>{FEAST})\b",
        lambda m: f"{m['day']} {as_of.year - _NEAR[m['near']]}",
        text,
    )
    text = re.sub(
        rf"\b(?P<near>this|last|previous) (?P<month>{MONTH})(?! ?(?:{YEAR}|\d))", lambda m: _near_month(m, as_of), text
    )
    return re.sub(
        rf"(?:\bon )?\b(?P<near>this|last|previous) (?P<day>{_WEEKDAY})\b(?! (?:of|in|before|after)\b)",
        lambda m: (
            as_of
            - timedelta(
                days=(as_of.weekday() - _WEEKDAYS.index(m["day"]) - 1) % 7 + 1
                if m["near"] != "this"
                else (as_of.weekday() - _WEEKDAYS.index(m["day"])) % 7
            )
        ).isoformat(),
        text,
    )


def _near_month(match: re.Match[str], as_of: date) -> str:
    """ "Last October" is the latest that is over."""
    first = read_point(match["month"], as_of, as_of.year).start
    if match["near"] != "this" and re.search(rf"\bthis {match['month']}", match.string):
        return f"{match['month']} {as_of.year - 1}"  # "this May against last May"
    over = first is not None and first.month < as_of.month
    return f"{match['month']} {as_of.year if over or match['near'] == 'this' else as_of.year - 1}"


def _each_with_its_year(text: str) -> str:
    """Months and years that are each of each: "November and December of 2010 and 2011", "9 Dec 2010 vs 2011"."""
    part = rf"(?:(?:the )?{_NTHS} (?:\d+ )?(?:{_WEEKDAY}|half|{_WHOLE}?(?:day|week)s?) (?:of|in) (?:the )?)?"
    days = r"(?:\d{1,2}(?:st|nd|rd|th)?(?: ?- ?| to )(?:the )?)?(?:\d{1,2}(?:st|nd|rd|th)? (?:of )?)?"
    one = rf"(?:{part}{days}{MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?\b)?|q[1-4]\b|h[12]\b|(?:the )?(?:first|second|third|fourth|last) (?:half|quarter))"
    pattern = (
        rf"\b(?P<what>{one}(?:{_JOINED}{one})*)(?P<of>,?(?: (?:of|in))? )(?P<years>{YEAR}(?:{_JOINED}{YEAR})+)(?![\d-])"
    )
    text = re.sub(pattern, lambda m: _spread(m, one), text)
    several = rf"\b(?P<what>{one}(?:{_JOINED}{one})+)(?P<of>,?(?: (?:of|in))? )(?P<years>{YEAR})(?![\d-])"
    return re.sub(several, lambda m: _spread(m, one), text)


def _spread(match: re.Match[str], one: str) -> str:
    years, whats = re.findall(YEAR, match["years"]), re.findall(one, match["what"])
    joined = re.search(rf"{YEAR}({_JOINED}){YEAR}", match["years"]) or re.search(
        rf"{one}({_JOINED})(?={one})", match["what"]
    )
    between = joined[1] if joined else " and "
    if between == " to " or (len(years) == 1 and " to " in match["what"]):
        return match[0]
    return between.join(f"{what} {year}" for year in years for what in whats)


def _listed_days(text: str) -> str:
    """ "25 and 26 December" are the days from one to the other; "3, 7 and 9 May" are three days."""
    day = r"(?:\d{1,2})(?:st|nd|rd|th)?"
    pattern = rf"(?<![\w.:/-])(?P<days>{day}(?:(?:, ?and |, ?| and | ?\+ ?)(?:the )?{day})+)(?: of)? (?P<month>{MONTH}(?:,? (?:of )?{YEAR})?)"

    def dated(match: re.Match[str]) -> str:
        days = [int(number) for number in re.findall(r"\d+", match["days"])]
        if days == list(range(days[0], days[0] + len(days))):
            return f"{days[0]} to {days[-1]} {match['month']}"
        return " and ".join(f"{number} {match['month']}" for number in days)

    return re.sub(pattern, dated, text)


def _parts(text: str, as_of: date, problems: list[str]) -> str:
    """Days and weeks of a month or another span by their number, and halves of a month, as ISO dates."""
    by_week = bool(re.search(r"\bweeks?\b", text)) and bool(re.search(_MON_TO_SUN, text))
    if by_week:
        text = re.sub(rf"{_MON_TO_SUN}", " ", text)
        text = re.sub(rf"\b({_NTHS}) (?:{_WHOLE})?(?=week)", r"\1 full ", text)

    def replaced(match: re.Match[str]) -> str:
        try:
            days = _days_of(match, _span(match, as_of), 0 if by_week else conventions().week_start)
        except Unclear as problem:
            problems.append(str(problem))
            return " "
        return f" {days.start} " if days.start == days.end else f" from {days.start} to {days.end} "

    for what, spans in ((_BY_NUMBER, _SPAN), (_HALF, _MONTHS_AND_QUARTERS)):
        text = re.sub(rf"{_LEAD}\b{what} (?:of|in) (?:the )?(?:month of )?(?P<span>{spans})(?! ?\d)", replaced, text)
        turned = rf"{_LEAD}\b(?P<span>{spans}),?:? (?:on |in )?(?:the )?{what}(?! (?:of|in)\b)"
        text = re.sub(turned, replaced, text)
    return re.sub(r"\s+", " ", text).strip()


def _of_one_week(text: str) -> str:
    """ "The week of 9 May, Monday to Sunday": all of it, where weeks begin so; not "Mon to Sun" of a whole month."""
    single = re.search(
        r"\bweek (?:of|commencing|starting|beginning)\b|\b(?:last|this|previous|whole|same) week\b", text
    )
    return re.sub(_MON_TO_SUN, " ", text) if single and conventions().week_start == 0 else text


def _span(match: re.Match[str], as_of: date) -> Span:
    if not match["near"]:
        return read_point(match["span"], as_of)
    back, length = _NEAR[match["near"]], {"month": 1, "quarter": 3, "year": 12}[match["unit"]]
    first = (as_of.month - 1) // length * length + 1
    return month_span(as_of.year, first - back * length, length)


def _days_of(match: re.Match[str], span: Span, week_start: int) -> Span:
    """The days a part by its number has; Unclear where the span has no such part."""
    said = match.groupdict()
    start, end = span.start, span.end
    if start is None or end is None:
        raise Unclear(f"I cannot tell which days “{match[0].strip()}” are.")
    number = _NTH[match["nth"]]
    if "half" in said and (end - start).days > 31:
        raise Unclear(f"I cannot tell which days “{match[0].strip()}” are: say the first and the last.")
    if "half" in said:
        return Span(start, start.replace(day=15)) if number == 1 else Span(start.replace(day=16), end)
    week = week_start if said["full"] else start.weekday()
    first = (_WEEKDAYS.index(said["day"]) if said["day"] else week) - start.weekday()
    begin = start + timedelta(days=first % 7)
    length = 1 if said["day"] else 7
    possible = [begin + timedelta(days=7 * n) for n in range((end - begin).days // 7 + 1)]
    possible = [day for day in possible if day + timedelta(days=length - 1) <= end]
    count = int(said["count"] or 1)
    at = len(possible) - count if number == -1 else number - 1
    if not 0 <= at <= len(possible) - count or (count > 1 and abs(number) != 1):
        raise Unclear(f"There is no such day or week: “{match[0].strip()}”.")
    return Span(possible[at], possible[at + count - 1] + timedelta(days=length - 1))
