# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""What is said of purchases beside the goods: when, how often, of what value, through which channel, in which months."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from core.calendar import first_of_week, month_after
from core.conventions import conventions
from language.comparisons import COMPARED, either
from language.dates import POINT
from language.goods import Goods
from language.periods import Period, span_days, take_periods
from language.words import Draft

__all__ = [
    "CMP",
    "OCCASION_WORDS",
    "OF_FIRST",
    "OPS",
    "QUANTITY",
    "Occasions",
    "amount",
    "day_after",
    "day_before",
    "occasions",
]

Node = dict[str, Any]
OPS: Final = {**COMPARED, "from": "ge"}
CMP: Final = f"(?P<cmp>{either(OPS)})"
QUANTITY: Final = rf"(?:{CMP} )?(?P<n>\d+(?:\.\d+)?)(?P<more> or more| and more| or above|\+| plus)?"
_MORE = r"(?P<more> or more| or above| and (?:more|up|above|over)| or over|\+| plus| upwards)"
_UNIT = r"(?P<unit>day|week|month|quarter|year)"
OF_FIRST = (
    rf"\b(?:within|in|during|inside)(?: the)?(?: first)? (?P<k>\d+|an?|1)? ?{_UNIT}s? (?:of|after|from|following|since)(?: their| the| his)?(?: very)? first (?:order|purchase|1|buy)\b"
    rf"|\b(?:within|in|during) their first (?P<k2>\d+)? ?(?P<unit2>day|week|month|quarter|year)s?\b"
)
_ROLLING = rf"\b(?:(?:in|within|over|during|for) (?:the )?)?(?:last|past|previous) (?P<k>\d+) {_UNIT}s?\b|\b(?:(?:in|within|over|during|for) (?:the )?)?past (?P<unit2>day|week|month|quarter|year)\b"
_SILENT = rf"\b(?:(?:in|within|over|during|for) (?:the )?)?(?:last|past|previous) (?P<k>\d+)? ?{_UNIT}s?\b"
_EACH = rf"\b(?:in |during |on )?(?:each|every|all)(?: single| 1)?(?: of)?(?: the)?(?: (?P<back>last|past|previous))?(?: (?P<k>\d+))?(?: full| calendar| complete| whole)* {_UNIT}s?\b(?: (?:of|in|during|from) (?:the )?(?=\S))?"
_DISTINCT = (
    rf"(?:\b(?:from|in|on|across|of|through|via|over|during|for|with) )*(?:{CMP} )?(?:(?P<n>\d+){_MORE}?|(?P<several>several|multiple|many|various|a few)|(?P<single>a single|the same)) (?:of (?:our|the|all)(?: \d+)? )?(?P<different>different |distinct |separate |various )?(?:calendar |sales |product )?"
    r"(?P<unit>days|weeks|months|quarters|years|categor(?:y|ies)|departments?|products?|articles?|items?|skus?|channels?|countr(?:y|ies))\b(?! ago| after| away| or older)"
)
_MEASURES: Final = {"departments": "categories", "articles": "products", "items": "products", "skus": "products"}
_ORDER = r"(?P<what>orders?|invoices?|purchases?|baskets?|transactions?|1|time)"
_WORTH = (
    rf"\b{_ORDER} (?P<worth>(?:(?:worth|of|valued|for|totalling|with a value|with a total|that (?:was|is|were)|being|costing|at|was|which was) )*)(?:{CMP} )?(?P<n>\d+(?:\.\d+)?){_MORE}?"
    rf"(?! ?(?:%|times|units|pieces|items|products|different|days?|weeks?|months?|quarters?|years?|orders?|or more|{POINT}))(?![\d.])"
)
_TIMES = rf"\b(?:{CMP} )?(?:(?P<word>once|twice)|(?P<n>\d+){_MORE}? (?P<of>times?|orders?|purchases?|invoices?|units?|pieces?))\b(?P<more2> or more)?(?: of\b)?"
_THROUGH = r"(?:through|via|by|in|on|over|from|using|at|thru|with)"
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = rf"(?:{'|'.join(_DAYS)})s"
_WEEKDAYS = rf"\b(?:on|at|during|over)(?: the)? (?P<days>{_DAY}(?:(?:,| and| or|, and|, or)(?: on)? {_DAY})*|weekends?|weekdays|working days)\b"
_DISCOUNT = r"\b(?P<no>without|with no|with|using|on|at) (?:a |any |the )?discount(?:ed)?(?: code)?s?\b"
OCCASION_WORDS: Final = frozenset(
    re.findall(r"[a-z]{3,}", " ".join((OF_FIRST, _EACH, _DISTINCT, _WORTH, _TIMES, _DISCOUNT, *OPS)) + " alone itself")
)


@dataclass(slots=True)
class Occasions:
    """What was found, and the words that are left: those for the goods.

    `windows`: days the purchases lie in, none for ever; `several` says how they are joined ("all", "any"). `count`:
    operator, number, of what. `narrowed`: channel, value and discount of the orders. `alone`: of nothing else.
    """

    windows: list[Node] = field(default_factory=list)
    several: str = "all"
    count: tuple[str, Any, str] | None = None
    narrowed: Node = field(default_factory=dict)
    alone: bool = False
    words: str = ""

    @property
    def window(self) -> Node:
        """The one window; {} for ever."""
        return self.windows[0] if self.windows else {}


def occasions(
    text: str, as_of: date, goods: Goods, *, silent: bool = False, calendar: bool = False
) -> Occasions | None:
    """None where the days cannot be told. `silent`: nothing was bought, so "last year" are the days up to now, unless
    `calendar` says that it is the one of the calendar; where something was bought, it always is."""
    draft, said = Draft(text), Occasions()
    if match := draft.take(
        r"\b(?:only|solely|exclusively|purely|nothing but)\b(?! (?:once|twice|onetime|a single|an?|\d+)\b)(?= (?:ever )?(?:in|on|through|via|from|at|by|during|over|the|our|[a-z]+$))",
        " ",
    ):
        said.alone = True
    _take_channel(draft, said, goods)
    if (match := draft.take(OF_FIRST, " ")) is not None:
        said.narrowed["within_days_of_first"] = span_days(match["k"] or match["k2"], match["unit"] or match["unit2"])
    _take_worth(draft, said)
    if match := draft.take(_DISCOUNT, " "):
        said.narrowed["discounted"] = not match["no"].endswith(("out", "no"))
    _take_weekdays(draft, said)
    _take_distinct(draft, said)
    if not _take_windows(draft, said, as_of, rolling=_SILENT if silent and not calendar else _ROLLING):
        return None
    _take_count(draft, said)
    said.words = re.sub(r"\s+", " ", draft.text.replace("<period>", " ")).strip(" ,")
    return said


def _take_channel(draft: Draft, said: Occasions, goods: Goods) -> None:
    if not goods.channels:
        return
    names = "|".join(re.escape(name) for name in sorted(goods.channels, key=len, reverse=True))
    pattern = rf"(?:\b{_THROUGH} )(?:the |our |your )?(?P<name>{names})s?\b(?: (?:channel|shop|store|site|app|platform))?(?P<others>(?:(?:,| or|, or)(?: {_THROUGH})?(?: the| our)? (?:{names})\b)+)?(?P<only> only| exclusively| alone)?"
    if match := draft.take(pattern, " "):
        others = [goods.channels[name] for name in re.findall(rf"\b(?:{names})\b", match["others"] or "")]
        own = goods.channels[match["name"]]
        said.narrowed["channel"] = [own, *others] if others else own
        said.alone |= bool(match["only"])


def _take_weekdays(draft: Draft, said: Occasions) -> None:
    """ "On Sundays", "at weekends": the days of the week on which the orders were placed."""
    if match := draft.take(_WEEKDAYS, " "):
        named = [_DAYS.index(name) + 1 for name in re.findall("|".join(_DAYS), match["days"])]
        said.narrowed["weekdays"] = sorted(set(named)) or ([6, 7] if "end" in match["days"] else [1, 2, 3, 4, 5])


def _take_worth(draft: Draft, said: Occasions) -> None:
    """ "An order of 200 or more", "orders over 100": the value of each."""

    def valued(found: re.Match[str]) -> bool:
        year = re.fullmatch(r"(?:19|20)\d\d", found["n"]) and found["worth"].strip() in ("of", "at", "")
        return bool(found["cmp"] or found["more"] or (found["worth"] and not year))

    match = draft.take(_WORTH, lambda m: m["what"] if valued(m) else m[0])
    if match and valued(match):
        operator = "ge" if match["more"] else OPS.get(match["cmp"] or "", "ge")
        said.narrowed["order_value"] = {"operator": operator, "value": amount(match["n"])}


def _take_distinct(draft: Draft, said: Occasions) -> None:
    """ "In at least 6 different months", "from several categories"."""
    for match in re.finditer(_DISTINCT, draft.text):
        unit = re.sub(r"y$", "ies", match["unit"])
        unit = unit if unit.endswith("s") else f"{unit}s"
        kind = _MEASURES.get(unit, unit)
        of_goods = kind in ("products", "units")
        counted = match["different"] or match["several"] or (kind in ("categories", "channels", "countries"))
        if not (counted or (not of_goods and (match["cmp"] or match["more"])) or (match["single"] and not of_goods)):
            continue
        number = 1 if match["single"] else int(match["n"] or 2)
        operator = "eq" if match["single"] else "ge" if match["more"] else OPS.get(match["cmp"] or "", "ge")
        said.count = (operator, number, kind)
        draft.text = f"{draft.text[: match.start()]} {draft.text[match.end() :]}"
        return


def _take_windows(draft: Draft, said: Occasions, as_of: date, *, rolling: str) -> bool:
    """False where the days cannot be told."""
    each = None if said.count else draft.take(_EACH, " <each> ")
    if each and each["back"]:
        last = _start(each["unit"], as_of)
        for _ in range(int(each["k"] or 1)):
            first = _start(each["unit"], last - timedelta(days=1))
            said.windows.append(Period(first, last - timedelta(days=1)).arguments())
            last = first
        draft.text = draft.text.replace("<each>", " ")
        return True
    if not each and (span := draft.take(rolling, " ")):
        found = span.groupdict()
        said.windows = [{"within_days": span_days(found["k"], found["unit"] or found.get("unit2") or "")}]
        return True
    periods = _innermost(take_periods(draft, as_of))
    draft.text = re.sub(r"<period> <period>", "<period>", draft.text) if len(periods) == 1 else draft.text
    draft.text = re.sub(r"<period> (?:alone|itself)\b", "<period>", draft.text)
    if re.search(r"<period> only\b", draft.text) and periods:
        said.alone, draft.text = True, re.sub(r"<period> only\b", "<period>", draft.text)
    if each:
        draft.text = draft.text.replace("<each>", " ")
        if len(periods) != 1 or not periods[0].start:
            return False
        periods = _buckets(each["unit"], periods[0].start, periods[0].end or as_of)
    said.windows = [period.arguments() for period in periods]
    said.several = "any" if re.search(r"<period>,? or <period>", draft.text) else "all"
    joining = r"(?:\b(?:in )?(?:both|either|each|every)(?: of)?(?: the)? )?<period>(?:(?:,| and| or|, and| as well as| and also)* <period>)*"
    draft.text = re.sub(joining, " ", draft.text)
    return len(periods) <= 24


def _innermost(periods: list[Period]) -> list[Period]:
    """ "January of this year" is January: a period that only says where another lies is none of its own."""

    def holds(outer: Period, inner: Period) -> bool:
        if not (outer.start and outer.end and inner.start and inner.end) or outer == inner:
            return False
        return outer.start <= inner.start and inner.end <= outer.end

    return [p for p in dict.fromkeys(periods) if not any(holds(p, other) for other in periods)]


def _take_count(draft: Draft, said: Occasions) -> None:
    times = draft.take(_TIMES, " ") if said.count is None else None
    if times:
        number = {"once": 1, "twice": 2}.get(times["word"] or "") or int(times["n"])
        of = "units" if (times["of"] or "").startswith(("unit", "piece")) else "orders"
        plain = "ge" if times["word"] == "once" else "eq"
        said.count = ("ge" if times["more"] or times["more2"] else OPS.get(times["cmp"] or "", plain), number, of)


def _start(unit: str, day: date) -> date:
    """The first day of the calendar unit that `day` is in."""
    if unit == "week":
        return first_of_week(day, conventions().week_start)
    if unit == "day":
        return day
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    return day.replace(month=day.month - (day.month - 1) % months, day=1)


def _buckets(unit: str, start: date, end: date) -> list[Period]:
    """The calendar units that the days from `start` to `end` are made of, cut to them."""
    out: list[Period] = []
    first = start
    while first <= end and len(out) <= 24:
        if unit in ("day", "week"):
            after = _start(unit, first) + timedelta(days=7 if unit == "week" else 1)
        else:
            after = month_after(_start(unit, first), {"month": 1, "quarter": 3, "year": 12}[unit])
        out.append(Period(first, min(end, after - timedelta(days=1))))
        first = after
    return out


def amount(said: str) -> float | int:
    """A number as it was written."""
    return int(float(said)) if float(said).is_integer() else float(said)


def day_before(day: str) -> str:
    """The ISO day before."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def day_after(day: str) -> str:
    """The ISO day after."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
