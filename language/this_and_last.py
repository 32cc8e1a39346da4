# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Times that another time of the same message makes clear: "this summer … than last", "Q1 2024 but not in Q2".

Also days that are named twice, by weekday and by date ("Sat 3 Dec"), and the one weekday that is over: "on Saturday".
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from core.calendar import MONTH_NAMES
from language.dates import MONTH, POINT, YEAR, Unclear, read_point
from language.figures import MONTHS
from language.hours_and_days import days_by_name
from language.seasons import SEASON_NAMES, season_day, season_year

__all__ = ["beside_it", "made_clear"]

_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY: Final = "(?:mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
_AGAINST: Final = r"(?:than|versus|vs|against|or|on|compared (?:to|with)|but (?:have |has |did |do |were |was )?(?:not|nothing|never|none)(?: \w+){0,3})"
_ONE: Final = (
    r"(?: (?:one|1))?(?! (?:week|month|quarter|year|weekend|day|few|time|order|purchase|two|three|\d)|'?s? \d)"
)
_DATE: Final = rf"(?P<date>(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH}|{MONTH} (?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?![\d/-]))"
_NO_YEAR: Final = rf"(?!,? (?:of )?{YEAR})"
_MOST_YEARS: Final = 6  # back, in which a weekday falls on every date at least once but for leap years
_WEEK_OF: Final = rf"(?P<lead>\b(?:w/c|wc|week (?:of|commencing|starting|beginning|from)) )(?:the )?{_DATE}{_NO_YEAR}"
_SHORT_YEAR: Final = (  # "the best weeks of 24 by turnover"
    r"(?<!\d )(?<!top )\b(weeks? of|months? of|quarters? of|days? of|across|during|year) '?([12]\d)(?=,? (?:by|per|for|only|and|against|please|in|from)\b|[?.!,]|$)"
)
_PARTS: Final = ("q[1-4]", "h[12]", MONTH, "(?:first|second) half")
_PLAINER: Final = (
    (r"\b(?:through|thru|right through|up until) to\b", "to"),
    (
        rf"\bsince (?:the |our |its |it |they |we |that )*(?:launch|launched|opening|opened|start|started|came in|came out|went live) (?:in |of |back in )?(?={MONTH}|{YEAR}|q[1-4])",
        "since ",
    ),
    (r"\bthis (week|month|quarter) (?:of |in )?last year\b", r"same \1 last year"),
    (
        r"\bthis (week|month|quarter|year)\b(?P<mid>[^.?!]*?)\b(?:on|than|versus|against) last(?= ?[?.!,]|$)",
        r"this \1\g<mid>compared to last \1",
    ),
    (r"(?<![\w/.])(20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?![\w/.])", r" \1-\2-\3 "),
    (r"\b(?:in )?(?:the )?(?:run[- ]?up|lead[- ]?up|running up|build[- ]?up) to\b", "leading up to"),
    (
        rf"\b((?:first|last|opening|closing) (?:\d+ )?(?:days?|weeks?|half) of {MONTH}) ([12]\d)\b(?! ?[-:/.]?\d)",
        r"\1 20\2",
    ),
    (r"\bfirst half[- ]year,? (?:of )?((?:19|20)\d\d)\b", r"h1 \1"),
    (r"\b(?:last|second) half[- ]year,? (?:of )?((?:19|20)\d\d)\b", r"h2 \1"),
    (r"\byear '?(\d\d)\b(?! ?(?:%|days|weeks|months))", r"20\1"),
    (rf"\bthis ({SEASON_NAMES})\b(?P<mid>.*?)\bthe (?:\1|one) before\b", r"this \1\g<mid>last \1"),
)
_WEEK_OF_THAT_DAY: Final = (
    rf"(?P<day>\b(?:{POINT})),? ?(?:-+ ?)?(?:(?:no|wait|or|rather|better|make (?:that|it)|actually|i mean|meaning),? )*(?:for |in )?(?:the )?(?:whole |full |entire |complete |calendar )*week"
    r" (?:(?:(?:that|which) )?(?:(?:that |the )?(?:day|date)|it|that) (?:is|was|falls|fell|lies|lay) in|(?:that|which) (?:has|holds|contains) (?:it|that day))\b"
)
_BESIDE_IT: Final = (
    rf"(?P<lead>\b(?P<month>{MONTH}),? (?P<year>(?:19|20)\d\d)\b[^.?!;]{{0,30}}?)\bthe (?P<other>{MONTH}) (?:(?:right|just|directly|immediately) )?(?P<how>before|after)"
    r"(?: (?:it|that(?: 1| one)?))?(?= ?(?:[,.;:?!)]|$)| (?:in|by|and|for)\b)(?! by \d)"
)
# "Black Friday weeks, orders: 25 Nov-1 Dec 2024 next to 20-26 Nov 2023": which ones is said by their dates
_DATED_BELOW: Final = rf"^(?:the |our |in |of |for )*(?:{SEASON_NAMES}) (?:weeks|weekends|seasons|periods)\b[,:]? ?(?=[^.?!;]*\d ?(?:of )?{MONTH}[^.?!;]*\b(?:versus|against|next to|compared|and|than|with|or)\b[^.?!;]*\d ?(?:of )?{MONTH})"
_DAY_AND_MONTH: Final = r"\b(?P<how>since|from|until|till|to|by|on|before|after) (?P<a>\d{1,2})/(?P<b>\d{1,2})(?![/\d])"
_FROM_FEAST: Final = (
    r"\b(?:from )?(?P<name>easter|christmas|xmas|new years?|halloween)(?: day)? (?P<join>to|till|until|through|-) "
    r"(?=(?:the )?(?:end of |start of )?(?:\d|[a-z]{3,9} ?\d?|today|now))"
)
_ON_THE_DAY: Final = rf"\bon (?:the )?(?P<day>{'|'.join(_WEEKDAYS)})(?! (?:morning|afternoon|evening|night)s)\b"
_HABIT: Final = re.compile(
    rf"\b(?:usual\w*|typical\w*|average|avg|mean|median|normal\w*|per|each|every|all|any|always|most|best|worst|top|busiest|quietest|peak|slowest|hours?"
    rf"|weekdays?|weekends?|share|%|compar\w*|versus|vs|than|between|since|until|from|last|this|next|past|previous|ago|ytd|mtd|year|month|quarter|week|weeks"
    rf"|yesterday|today|tomorrow|{MONTH}|{YEAR}|q[1-4]|h[12]|{SEASON_NAMES}|tend|better|good|do people|do customers|send|schedule|launch|go out|when|will)\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days\b"
)


def made_clear(text: str, as_of: date) -> tuple[str, list[str]]:
    """`text` (plain) with such times by their year or date; and what to say of days that do not exist so."""
    problems: list[str] = []
    text = re.sub(_DATED_BELOW, "", days_by_name(text))
    for pattern, plainer in _PLAINER:
        text = re.sub(pattern, plainer, text)
    text = re.sub(_DAY_AND_MONTH, lambda m: _day_and_month(m, as_of, problems), text)
    text = re.sub(_FROM_FEAST, lambda m: f"from {_in_words(season_day(m['name'], as_of))} {m['join'] or 'to'} ", text)
    text = re.sub(_SHORT_YEAR, lambda m: f"{m[1]} 20{m[2]}" if _is_recent(m[2], as_of) else m[0], text)
    text = _of_the_same_year(_of_two_years(_last_of_the_same(text, as_of), as_of))
    text = re.sub(rf"\b(?P<day>{_DAY})\.?,? {_DATE}{_NO_YEAR}", lambda m: _on_that_weekday(m, as_of, problems), text)
    text = re.sub(_WEEK_OF_THAT_DAY, lambda m: _whole_week(m, as_of), text)
    text = re.sub(_WEEK_OF, lambda m: _from_a_monday(m, as_of), text)
    if not _HABIT.search(text):
        text = re.sub(_ON_THE_DAY, lambda m: _that_is_over(m, as_of), text)
    return text, problems


def _is_recent(year: str, as_of: date) -> bool:
    return 0 <= as_of.year % 100 - int(year) <= _MOST_YEARS


def _last_of_the_same(text: str, as_of: date) -> str:
    """ "More this winter than last", "this April than last": of the year before."""
    for match in re.finditer(rf"\bthis (?P<name>{SEASON_NAMES}|{MONTH})\b", text):
        name = match["name"].strip(".")
        year = season_year(name, as_of) if re.fullmatch(SEASON_NAMES, name) else as_of.year
        text = re.sub(rf"\blast {re.escape(name)}\b", f"{name} {year - 1}", text)
        rest = re.compile(rf"(?P<lead>\b{_AGAINST}(?: (?:in|on|during|over|the))*) last{_ONE}")
        text = rest.sub(lambda m, name=name, year=year: f"{m['lead']} {name} {year - 1}", text)  # type: ignore[misc]
    return text


def _of_two_years(text: str, as_of: date) -> str:
    """ "H1 on H1 last year", "h1, and h1 2022": the one without a year is the latest, of this year."""
    for part in _PARTS:
        pattern = rf"\b(?P<what>{part})(?P<join>,? (?:on|versus|vs|against|to|than|with|and|or|compared (?:to|with)) (?:the )?)(?P=what),?(?: of| in)? (?P<year>{YEAR}|'?\d\d\b|last year)"
        for match in re.finditer(pattern, text):
            said = match["year"].strip("'")
            year = as_of.year - 1 if said == "last year" else int(said) % 100 + 2000
            latest = read_point(match["what"], as_of).start
            this = latest.year if latest and latest.year > year else year + 1
            text = text.replace(match[0], f"{match['what']} {this}{match['join']}{match['what']} {year}")
    return text


def _of_the_same_year(text: str) -> str:
    """ "In H1 2024 but not in H2", "Q1 last year and nothing in Q2": the year that was said holds for both."""
    years = set(re.findall(rf"(?<![\w-]){YEAR}(?![\w-])|\b(?:last|this) year\b", text))
    if len(years) != 1:
        return text
    for part in _PARTS:
        pattern = (
            rf"(?P<first>\b(?:{part}),?(?: of)? (?P<year>{YEAR}|(?:last|this) year)\b.{{0,40}}?\b(?:not|nothing|none|never|no orders?|without)\b.{{0,24}}?)"
            rf"(?P<second>(?<!this )(?<!last )\b{part})(?!,?(?: of)? (?:{YEAR}|last|this|\d))"
        )
        text = re.sub(pattern, lambda m: f"{m['first']}{m['second']} {m['year']}", text)
    return text


def _dates_of(said: str, as_of: date) -> list[date]:
    """The latest days that a date without its year may be, the nearest first."""
    found = []
    for back in range(_MOST_YEARS):
        try:
            day = read_point(said.removeprefix("the "), as_of, as_of.year - back).start
        except Unclear:  # 29 February
            continue
        if day is not None and day <= as_of + timedelta(days=6):
            found.append(day)
    return found


def _on_that_weekday(match: re.Match[str], as_of: date, problems: list[str]) -> str:
    """ "Sat 3 Dec": the latest 3 December that is a Saturday."""
    wanted = next(n for n, name in enumerate(_WEEKDAYS) if name.startswith(match["day"][:3]))
    day = next((day for day in _dates_of(match["date"], as_of) if day.weekday() == wanted), None)
    if day is None:
        problems.append(f"I know no “{match[0]}” in the last years: say the date with its year.")
        return match["date"]
    return day.isoformat()


def _from_a_monday(match: re.Match[str], as_of: date) -> str:
    """ "w/c 13 May": the latest one that is a Monday, of this year and the last; else the week it falls in."""
    monday = next((day for day in _dates_of(match["date"], as_of)[:2] if day.weekday() == 0), None)
    return match[0] if monday is None else f"{match['lead']}{_in_words(monday)}"


def _whole_week(match: re.Match[str], as_of: date) -> str:
    """ "12 April, no wait, the whole week that day is in": that week; of what is no single day nobody says so."""
    try:
        day = read_point(match["day"], as_of)
    except Unclear:
        return match[0]
    return f"week of {match['day']}" if day.start and day.start == day.end else match[0]


def beside_it(text: str) -> str:
    """ "December 2025 against the November before it": the latest one before that month, or the first one after."""
    return re.sub(_BESIDE_IT, _with_its_year, text)


def _with_its_year(match: re.Match[str]) -> str:
    month, other = (MONTHS[match[name].strip(". ")] for name in ("month", "other"))
    later = other <= month if match["how"] == "after" else other < month
    year = int(match["year"]) + (later if match["how"] == "after" else later - 1)
    return f"{match['lead']}{match['other']} {year}"


def _that_is_over(match: re.Match[str], as_of: date) -> str:
    """ "How much did we take on Saturday": the last one, where nothing says that all of them are meant."""
    day = as_of - timedelta(days=(as_of.weekday() - _WEEKDAYS.index(match["day"])) % 7)
    return f"on {_in_words(day)}"


def _in_words(day: date) -> str:
    return f"{day.day} {MONTH_NAMES[day.month - 1].lower()} {day.year}"


def _day_and_month(match: re.Match[str], as_of: date, problems: list[str]) -> str:
    """ "Since 30/6": the latest 30 June; of "since 1/9" nobody knows which number is the month."""
    first, second = int(match["a"]), int(match["b"])
    if max(first, second) > 31 or min(first, second) > 12 or 0 in (first, second):
        return match[0]
    if first <= 12 and second <= 12 and first != second:
        problems.append(
            f"“{first}/{second}” can be {first} {MONTH_NAMES[second - 1]} or {second} {MONTH_NAMES[first - 1]}: write the month as a word."
        )
    day, month = (first, second) if second <= 12 else (second, first)
    said = f"{day} {MONTH_NAMES[month - 1].lower()}"
    found = _dates_of(said, as_of)
    return f"{match['how']} {_in_words(found[0]) if found else said}"
