# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Times as people write them short or name them by a day, as what the reader of periods knows.

"cw 35-38", "2021-25", "LTM", "since Monday", "the day before yesterday", "12 months to 30 June", "2.-8.9.".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from core.calendar import MONTH_NAMES
from language.dates import MONTH, POINT, YEAR, Unclear, month_span, read_point

__all__ = ["SHORT_TIME_WORDS", "in_full"]

_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY: Final = (
    r"(?:mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)(?![\w'])"
)
_NTHS: Final = tuple(
    """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
    fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third
    twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first
    """.split()  # noqa: SIM905
)
_NTH: Final = "(?:" + "|".join(sorted(_NTHS, key=len, reverse=True)) + r")\b(?! (?:half|quarter|week|day|month|\d))"
_WEEK: Final = r"(?:calendar weeks?|iso weeks?|weeks?|cw|kw|wk|w)"
_TO: Final = r" ?(?:-|–|to|till|until|through|thru) ?"
_UNIT: Final = {"d": "days", "w": "weeks", "m": "months", "q": "quarters", "y": "years"}
_LENGTHS: Final = {"week": 7, "month": 1, "quarter": 3, "year": 12}
SHORT_TIME_WORDS: Final = frozenset([*_NTHS, *"ending ended onwards onward quartal ltm ttm itself commencing".split()])  # noqa: SIM905

_SPEND: Final = r"\b(?:spent|spend\w*|paid|pay|worth|price\w*|amount\w*|value\w*|customers?|people|buyers|clients|shoppers|who|with|baskets?|costs?|costing)\b[^,.;?!]{0,30}"
_NO_MONTH_AFTER: Final = tuple(
    """
    in of for during since until till from to by and or last this next every each before after versus against than
    the with about mid early late through over between st nd rd th we i you they he she it who that
    """.split()  # noqa: SIM905
)
_BARE: Final = r"(?<![\w<'-])" + "".join(f"(?<!{word} )" for word in _NO_MONTH_AFTER) + r"(?<!\d )"
_GOES_ON: Final = "versus|against|by|per|for|please|only|total|split|excluding|without|compared|weekly|daily"
_MAY_DO: Final = (
    r"(?:be|not|have|i|we|you|they|it|also|still|well|leave|churn|buy|come|return|need|want|like|go|get|stop|order|help|ask|see|know|take|make|do|then|or"
    r"|of|the|to|and|in|on|at|from|with|\d)\b"
)
_MOVES: Final = re.compile(
    r"\b(?:gr[eo]w\w*|chang\w*|ris\w*|rose|f[ae]ll\w*|increas\w*|decreas\w*|declin\w*|develop\w*|differ\w*|drop\w*|evolv\w*|compar\w*|cagr|trend\w*)\b"
)
# "The first half of the year that ended in March" is a part of it
_NO_PART_OF: Final = "".join(
    rf"(?<!\b{part} of {the})" for part in ("half", "quarter", "months") for the in ("", "the ")
)
_Turn = tuple[str, Callable[["re.Match[str]", date], str] | str]


def in_full(text: str, as_of: date) -> str:
    """`text` (plain) with such times written out; what is no such time stays as it is."""
    for pattern, put in _COMPILED:
        text = pattern.sub(put if isinstance(put, str) else lambda m, put=put: put(m, as_of), text)
    return text


def _weeks(match: re.Match[str], as_of: date) -> str:
    """Weeks of a year by their numbers, the latest that have begun."""
    first, last = int(match["a"]), int(match["b"])
    if not match["year"] and match["of"] == "w" and match["again"] != "w":
        return match[0]  # one letter alone may be part of a code
    year = int(match["year"]) if match["year"] else as_of.year - (first > as_of.isocalendar().week)
    try:
        start = date.fromisocalendar(year - bool(match["year"] and last < first), first, 1)
        end = date.fromisocalendar(start.isocalendar().year + (last < first), last, 7)
    except ValueError:
        return match[0]
    return f"from {start.isoformat()} to {end.isoformat()}"


def _years(match: re.Match[str], _as_of: date) -> str:
    first, last = int(match["a"]), match["b"]
    until = int(last) if len(last) == 4 else first // 100 * 100 + int(last)
    several = len(last) == 4 or (int(last) > 12 and until > first + 1)  # "2023-24" may be a fiscal year
    return f"{first} to {until}" if until > first and several else match[0]


def _whole_years(match: re.Match[str], as_of: date) -> str:
    """ "Revenue from 2021 to 2024", "orders over 2024": years, unless money is spoken of or the number is a round one."""
    first, last = int(match["a"]), int(match["b"] or match["a"])
    round_one = not match["b"] and first % 50 == 0
    if match["before"] or round_one or _MOVES.search(match.string) or not first <= last <= as_of.year + 1:
        return match[0]
    return f"from {first}-01-01 to {last}-12-31"


def _half_year(_match: re.Match[str], as_of: date) -> str:
    return f"h{1 + (as_of.month > 6)} {as_of.year}"


def _back_to(day: str, as_of: date) -> date:
    """The latest such weekday, the last day of the data included."""
    wanted = next(n for n, name in enumerate(_WEEKDAYS) if name.startswith(day[:3]))
    return as_of - timedelta(days=(as_of.weekday() - wanted) % 7)


def _since_day(match: re.Match[str], as_of: date) -> str:
    return f"since {_back_to(match['day'], as_of).isoformat()}"


def _last_day(match: re.Match[str], _as_of: date) -> str:
    return f"last {next(name for name in _WEEKDAYS if name.startswith(match['day'][:3]))}"


def _two_days(match: re.Match[str], as_of: date) -> str:
    """ "Last Thursday and Friday": the latest two that are over."""
    last = _back_to(match["other"], as_of - timedelta(days=1))
    first = _back_to(match["day"], last)
    joined = "to" if last - first == timedelta(days=1) else "and"
    lead = "from " if joined == "to" else "on "
    return f"{lead}{first.isoformat()} {joined} {last.isoformat()}"


def _of_last_week(match: re.Match[str], as_of: date) -> str:
    """ "Since Monday last week"."""
    back = as_of.weekday() + 7 - next(n for n, name in enumerate(_WEEKDAYS) if name.startswith(match["day"][:3]))
    return f"{match['how']} {(as_of - timedelta(days=back)).isoformat()}"


def _weekend_of(match: re.Match[str], as_of: date) -> str:
    """ "The weekend of 8 November": the Saturday and Sunday of that week."""
    try:
        day = read_point(match["point"], as_of).start
    except Unclear:
        return match[0]
    if day is None:
        return match[0]
    saturday = day + timedelta(days=5 - day.weekday())
    return f"from {saturday.isoformat()} to {(saturday + timedelta(days=1)).isoformat()}"


def _weekend(match: re.Match[str], as_of: date) -> str:
    """The weekend that runs, or the last one; "this" before it comes is the coming one, "last" the one that is over."""
    saturday = _back_to("saturday", as_of)
    if match["which"] in ("last", "past", "previous") and as_of.weekday() >= 5:
        saturday -= timedelta(days=7)
    elif match["which"] == "this" and as_of.weekday() < 5:
        saturday += timedelta(days=7)
    return f"from {saturday.isoformat()} to {(saturday + timedelta(days=1)).isoformat()}"


def _nth(match: re.Match[str], as_of: date) -> str:
    """A day of the month by its number alone: the latest one there was."""
    number = int(match["n"])
    month = as_of if number <= as_of.day else as_of.replace(day=1) - timedelta(days=1)
    try:
        day = month.replace(day=number)
    except ValueError:
        return match[0]
    return f"{match['how'].replace('till', 'until')} {day.isoformat()}"


def _nths(match: re.Match[str], as_of: date) -> str:
    first, last = int(match["n"]), int(match["m"])
    month = as_of if last <= as_of.day else as_of.replace(day=1) - timedelta(days=1)
    before = month if first <= last else month.replace(day=1) - timedelta(days=1)
    try:
        return f"from {before.replace(day=first).isoformat()} to {month.replace(day=last).isoformat()}"
    except ValueError:
        return match[0]


def _spelled(match: re.Match[str], _as_of: date) -> str:
    return str(_NTHS.index(match["nth"]) + 1)


def _dotted(match: re.Match[str], as_of: date) -> str:
    """ "2.-8.9.", "1.7. until 15.8.": days and months as they are written on the Continent."""
    said = match.groupdict()
    month = int(said["m2"])
    first = (int(said["m1"] or month), int(said["d1"]))
    year = as_of.year - ((month, int(said["d2"])) > (as_of.month, as_of.day))
    try:
        end = date(year, month, int(said["d2"]))
        start = date(year - (first > (end.month, end.day)), *first)
    except ValueError:
        return match[0]
    return f"from {start.isoformat()} to {end.isoformat()}"


def _one_dotted(match: re.Match[str], as_of: date) -> str:
    day, month = int(match["d"]), int(match["m"])
    try:
        found = date(as_of.year - ((month, day) > (as_of.month, as_of.day)), month, day)
    except ValueError:
        return match[0]
    return f"{match['how']} {found.isoformat()}"


def _ending(match: re.Match[str], as_of: date) -> str:
    """ "The 12 months to 30 June", "quarter ended 31 March", "week ending 9 November": so long up to that day."""
    count, unit = int(match["n"] or 1), match["unit"].rstrip("s")
    try:
        end = read_point(match["end"], as_of).end
    except Unclear:
        return match[0]
    if end is None:
        return match[0]
    if unit in ("day", "week"):
        start = end - timedelta(days=count * {"day": 1, "week": 7}[unit] - 1)
    else:
        after = end + timedelta(days=1)
        if after.day != 1:  # months that end within a month
            return match[0]
        start = month_span(after.year, after.month - count * _LENGTHS[unit]).start or end
    return f"from {start.isoformat()} to {end.isoformat()}"


def _year_ago(day: date) -> str:
    try:
        return day.replace(year=day.year - 1).isoformat()
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28).isoformat()


def _hours(match: re.Match[str], _as_of: date) -> str:
    return f"last {int(match['n']) // 24} days" if int(match["n"]) % 24 == 0 else match[0]


def _of_this(match: re.Match[str], as_of: date) -> str:
    return f"{match['days']} {MONTH_NAMES[as_of.month - 1].lower()} {as_of.year}"


_TURNS: Final[tuple[_Turn, ...]] = (
    # ranges of weeks and years
    (rf"\b(?P<of>{_WEEK})\.? ?(?P<a>\d{{1,2}}){_TO}(?:(?P<again>{_WEEK})\.? ?)?(?P<b>\d{{1,2}})(?![\d/.:-]| ?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|days?|weeks?)| (?:of|in) (?:the )?(?:month of )?{MONTH})(?:,? (?:of |in )?(?P<year>(?:19|20)\d\d))?\b", _weeks),
    (r"\b(in|for|of|during|since|until|through) w(?=\d\d?\b)", r"\1 week "),
    (r"(?<![\w/.,'-])(?<!sku )(?<!product )(?<!item )(?<!article )(?<!code )(?P<a>(?:19|20)\d\d) ?[-–] ?(?P<b>(?:19|20)\d\d|\d\d)(?![\w/-]|\.\d)", _years),
    (rf"(?P<before>{_SPEND})?(?P<all>\b(?:from|between) (?P<a>20\d\d) (?:to|and|until|till) (?P<b>20\d\d)\b)(?! ?(?:orders|times|points))", _whole_years),
    (rf"(?P<before>{_SPEND})?(?P<all>\bover (?P<a>20\d\d)(?P<b>)\b)(?! ?(?:orders|times|points|each|or more|customers|people|buyers|units|pieces|items|products|visits|clicks|emails)\b)", _whole_years),
    # abbreviations
    (r"\b(?:(?:over|in|for) )?(?:the )?(?:ltm|ttm)\b", "in the last 12 months"),
    (r"(?<![\w-])l(?P<n>\d{1,3})(?P<u>[dwmqy])\b", lambda m, _: f"last {m['n']} {_UNIT[m['u']]}"),
    (r"\b([12])h ?'?(\d\d)\b", r"h\1 20\2"),
    (r"\by'day\b", "yesterday"),
    (r"\bwknd(s?)\b", r"weekend\1"),
    (r"\bquartal\b", "quarter"),
    (r"\bquarter (?:no\.? ?|number )?([1-4])\b(?! ?(?:%|orders|customers|months|days|weeks))", r"q\1"),
    # "for each of the last 8 quarters", "bottom 3 Jul"
    (r"\bfor each of (?:the )?(?=(?:last|past|previous) \d+ (day|week|month|quarter|year)s\b)", r"per \1 in the "),
    (rf"\b(top|bottom|best|worst) (\d{{1,2}}) (?={MONTH}\b)", r"\1 \2 in "),
    # halves of a year, a year and a half
    (r"\b(?P<lead>(?:in|over|during|for|within) )?(?:the )?(?:last|past) half[- ]year\b", lambda m, _: f"{m['lead'] or ''}the last 6 months"),
    (r"\b(?:the |this |current )+half[- ]year\b", _half_year),
    (r"\b(last|past) (?:1 )?year and a half\b|\b(last|past) (?:1\.5|1 and a half) years\b", r"last 18 months"),
    # a year, a month
    (rf"\bcalendar (?=(?:19|20)\d\d\b)|(?<=in )(?:the )?month (?:of )?(?={MONTH})|(?<=for )(?:the )?month (?:of )?(?={MONTH})", ""),
    (r"\b((?:19|20)\d\d) year\b(?! (?:on|over|to))", r"\1"),
    (r"\ball year(?: long)?\b(?! round)", "this year"),
    (r"\b(?:from )?((?:19|20)\d\d) onwards?\b", r"since \1"),
    (rf"\b({MONTH}) ?/ ?(?={MONTH})", r"\1 and "),
    (rf"{_BARE}(may|march)(?=[?.!,;)]|$| (?:{_GOES_ON})\b)", r"in \1"),
    (rf"{_BARE}(?<!customers )(?<!people )(?<!buyers )(?<!clients )(?<!which )(?<!what )may(?= (?!{_MAY_DO})[a-z])", "in may"),
    (rf"(?<![\w<])(?<!in )(?<!for )(?<!of )(?<!during )(?<!over )(?<!between )(?:(?<!from )|(?=may(?:,| and|,? or)))may(?=(?:,| and|,? or| to| -| through|/) (?:the )?{MONTH})", "in may"),
    # days
    (r"\b(?:the )?day before yesterday\b", lambda _m, as_of: f"on {(as_of - timedelta(days=2)).isoformat()}"),
    (r"(?<!compared to )(?<!compared with )(?<!than )(?<!versus )(?<!against )\b(?:on )?this (?:very |same )?day last year\b", lambda _m, as_of: f"on {_year_ago(as_of)}"),
    (r"\bthis (morning|afternoon|evening)\b", r"today in the \1"),
    (rf"\b(?P<how>since|from|until) (?P<day>{_DAY}),? (?:of )?last week\b", _of_last_week),
    (rf"\b(?:(?:on|over|at|during|in|for) )?(?:the )?weekend (?:of|from) (?:the )?(?P<point>\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH}(?: {YEAR})?|{MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?!\d))", _weekend_of),
    (rf"\b(?:on )?(?:last|past) (?P<day>{_DAY})(?: and |, | ?- ?| ?& ?)(?P<other>{_DAY})", _two_days),
    (rf"\b(?:last|past) (?P<day>{_DAY})(?!s\b)", _last_day),
    (rf"\bsince (?P<day>{_DAY})(?!s\b)(?! (?:the|\d|last|of))", _since_day),
    (r"\b(?:(?:on|over|at|during|in|for) )?(?:(?P<which>this|last|past|previous) weekend|(?<=over )the weekend|the (?:last|past) weekend)\b(?! (?:of|in|before|after|orders|sales|days))", _weekend),
    (rf"\b(?:from |between )?the (?P<n>\d{{1,2}})(?:st|nd|rd|th){_TO}(?:the )?(?P<m>\d{{1,2}})(?:st|nd|rd|th)\b(?! (?:of|{MONTH}|order|place|day|week))", _nths),
    (rf"\b(?P<how>on|since|until|till) the (?P<n>\d{{1,2}})(?:st|nd|rd|th)\b(?! (?:of|{MONTH}|{YEAR}|order|place|day|week|month|quarter|to|until|till|and|purchase|customer))", _nth),
    (r"\b(?P<days>(?:from |between )?\d{1,2}(?:st|nd|rd|th)?(?: to | and |-)\d{1,2}(?:st|nd|rd|th)?)(?: of)? this month\b", _of_this),
    (rf"(?<![\w-])(?:the )?(?P<nth>{_NTH})(?= (?:of )?{MONTH}|{_TO}(?:the )?{_NTH} (?:of )?{MONTH})", _spelled),
    (rf"(?P<month>\b{MONTH}) (?:the )?(?P<nth>{_NTH})", lambda m, _: f"{m['month']} {_NTHS.index(m['nth']) + 1}"),
    # as they are written on the Continent
    (rf"(?<![\w.])(?P<d1>\d{{1,2}})\.(?:(?P<m1>\d{{1,2}})\.?)?{_TO}(?P<d2>\d{{1,2}})\.(?P<m2>\d{{1,2}})\.?(?![\d.])", _dotted),
    (r"\b(?P<how>on|since|until|from|by) (?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?!\d)", _one_dotted),
    # so long up to a day
    (rf"{_NO_PART_OF}\b(?:(?:for|in|over|during) )?(?:the )?(?:(?P<n>\d+)[ -])?(?P<unit>weeks?|months?|quarters?|years?|days?)(?: period)? (?:to|ending|(?:(?:that|which) )?ended|up to)(?: on)? (?:the )?(?:end of )?(?P<end>{POINT})", _ending),
    (r"\b(?:in |over |within )?(?:the )?(?:last|past) (?P<n>24|48|72|96) ?(?:hours|hrs|h)\b", _hours),
    (r"(?<=day) itself\b", ""),
)  # fmt: skip
_COMPILED: Final = tuple((re.compile(pattern), put) for pattern, put in _TURNS)
