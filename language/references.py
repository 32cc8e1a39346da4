"""What a clause points back to: "that month", "there", "what did she spend"; filled in, or asked about."""

from __future__ import annotations

import re
from calendar import day_name
from datetime import date, timedelta
from typing import Any, Final

from core.calendar import months_back, whole_months
from core.conventions import conventions
from language.periods import Period
from language.ranking import Rank
from language.scene import PastCall, Scene
from language.slots import Slots

__all__ = ["by_its_date", "of_the_one", "period_of", "point_back", "unit_of"]

_THAT_TIME: Final = (
    r"(?<!at )\b(?:(?:in|during|for|of|on|over|within) )?"
    r"(?:that|this(?= day\b)|the same|those|these same|the very same)"
    r" (?P<unit>day|week|month|quarter|year|period|time ?frame|time|days|weeks|months|dates)\b(?! (?:of|last|a year))"
    r"|\bback then\b|\bat (?:that|the) time\b"
)
_THERE: Final = (
    r"(?<!is )(?<!are )(?<!was )(?<!were )(?<!be )(?<!been )(?<!hi )(?<!hey )(?<!hello )(?<!you )(?<!out )"
    r"\b(?:over |from |in )?there\b(?! (?:is|are|was|were|any|a|an|been|be|no|some|has|have)\b)"
)
# What leads a ranking: "how many units of it", "where did it sell best"; not "is it", "does it"
_IT: Final = (
    r"\b(?:(?:of|from|by|with) it"
    r"|(?:did|does|has|was|is) it(?= (?:sell|sold|bring|brought|make|made|ordered|bought|earn))"
    r"|(?:of |from |by |in )?(?:that|this) (?:one|product|item|category|country|city|channel|market))\b"
)
_DAY_BESIDE: Final = (
    rf"(?i)(?:(?:and|what about|how about|what was|then|now|so|on|for)[, ]+)*the (?P<day>{'|'.join(day_name)}) "
    r"(?:(?:right|just|directly|immediately) )?(?P<how>before|after|following|that followed)"
    r"(?: (?:it|that|this|that day))?[?.! ]*"
)
_THE_ONE: Final = (
    r"\b(?:she|he|her|his|him|this customer|that customer|this (?:one|client|buyer)|that (?:client|buyer))\b"
)
_OTHERS: Final = (
    r"\b(?:who|which|customers?|we|our|us|all|top|best|segments?|campaigns?"
    r"|write|save|send|help|data|they|them|those)\b"
)
_SHORT: Final = 5  # words
# "Number of orders in 2023 only", after what is known of a customer: theirs
_BARE_FIGURE: Final = (
    r"(?:(?:and|also|the|then|now|just|only|number of|count of|how many|how much|what about|what (?:is|was)) )*<metric>"
    r"(?:,? (?:<period>|<grain>|only|just|please|alone|then))*[?.! ]*"
)
_LISTED: Final = 10  # rows of a ranking where none were said
_WHICH_TIME: Final = "Which time do you mean? Say it by its dates, for example “in May 2011”."
_PLACES: Final = ("first", "second", "third", "fourth", "fifth")
_NTH: Final = r"\bthe (?:first|second|third|fourth|fifth|1st|2nd|3rd|last|other) (?:one|1)\b"
_ONLY_FIRST: Final = (  # of a ranking: its first row
    r"^(?:(?:and|now|ok|please|then|but)[, ]+)*(?:only|just) the (?:first|1st) (?:one|1)(?: please)?[?.! ]*$"
)
_NEWEST: Final = r"\b(?:newest|latest|last|oldest|earliest) (?:one|1)\b"
_WHICH_ONE: Final = "Which one do you mean? Say it by its name."
_WHICH_PLACE: Final = "Which place do you mean? Say it by its name."


def point_back(slots: Slots, scene: Scene) -> str | None:
    """Fill in what the clause points back to; the words to say where that is not known."""
    last = scene.last
    _leave_out_same_time(slots)
    if last is None:
        return None
    if slots.customer is None and last.arguments.get("customer") and _mark(slots, _THE_ONE, "<customer>"):
        slots.customer = str(last.arguments["customer"])
    if slots.has(r"\bon this (?:very )?day\b") and last.arguments.get("grain") == "day" and period_of(last):
        slots.periods = []
    if not slots.periods and (found := re.search(_THAT_TIME, slots.text)):
        return _fill_time(slots, last, found.groupdict().get("unit"))
    if not slots.filters and re.search(_THERE, slots.text):
        return _fill_place(slots, last)
    if slots.customer is None and (nth := re.search(_NTH, slots.plain)) and _lists_customers(last):
        return _fill_customer(slots, last, nth)
    if last.tool == "query_metrics" and (slots.has(_NTH) or slots.has(_NEWEST)):
        return None if _ranked(last) and slots.has(_ONLY_FIRST) else _WHICH_ONE
    if not slots.filters and slots.customer is None and re.search(_IT, slots.text) and _is_ranking(last):
        return _fill_row(slots, last, _IT, _WHICH_ONE)
    return None


def _leave_out_same_time(slots: Slots) -> None:
    """ "The largest order of 2024 and the average order that year": of the one time the clause is of."""
    if len(slots.periods) != 1 or not (found := re.search(rf"<period>.*(?P<again>{_THAT_TIME})", slots.text)):
        return
    unit = found["unit"]
    if unit in (None, "period", "time", "timeframe", "time frame", unit_of(slots.periods[0])):
        slots.text = f"{slots.text[: found.start('again')]} {slots.text[found.end('again') :]}".strip()


def of_the_one(clause: str, slots: Slots, scene: Scene) -> str | None:
    """The clause with the customer before named in it, where it has no other subject: "last order when?"."""
    customer = scene.last.arguments.get("customer") if scene.last else None
    other = slots.customer or slots.filters or slots.dimensions or slots.conditions.nodes or slots.quoted
    if not customer or other or slots.has(_OTHERS) or "customers" in slots.metrics:
        return None
    short = slots.metrics in ([], ["orders"]) and len(slots.plain.split()) <= _SHORT
    bare = re.fullmatch(_BARE_FIGURE, slots.text)
    return f"{clause.rstrip('?.! ')} of customer {customer}" if short or bare else None


def by_its_date(clause: str, scene: Scene) -> str:
    """ "And the Monday after it?", after figures of some days: with the date of that day."""
    match = re.fullmatch(_DAY_BESIDE, clause)
    period = period_of(scene.last) if match and scene.last is not None else None
    if match is None or period is None or period.start is None or period.end is None:
        return clause
    wanted = [name.lower() for name in day_name].index(match["day"].lower())
    if match["how"].lower() == "before":
        day = period.start - timedelta(days=(period.start.weekday() - wanted - 1) % 7 + 1)
    else:
        day = period.end + timedelta(days=(wanted - period.end.weekday() - 1) % 7 + 1)
    return f"and on {day.isoformat()}?"


def period_of(call: PastCall) -> Period | None:
    """The days a call is about: its period, or those of the first row of a ranking of days, weeks or months."""
    asked = call.arguments
    grain = asked.get("grain", "none")
    if grain != "none" and (asked.get("order_by") or asked.get("limit") == 1):
        return _bucket(call, grain)
    dated = [part for part in (asked, *_parts(asked.get("rule"))) if part.get("start") and part.get("end")]
    spans = {(str(part["start"]), str(part["end"])) for part in dated}
    if len(spans) != 1 or grain != "none":
        return None
    start, end = spans.pop()
    return Period(date.fromisoformat(start), date.fromisoformat(end))


def unit_of(period: Period) -> str | None:
    """day, week, month, quarter or year, where a period is just one."""
    start, end = period.start, period.end
    if start is None or end is None:
        return None
    if start == end:
        return "day"
    if (end - start).days == 6 and start.weekday() == conventions().week_start:
        return "week"
    return {1: "month", 3: "quarter", 12: "year"}.get(whole_months(start, end) or 0)


def _fill_time(slots: Slots, last: PastCall, unit: str | None) -> str | None:
    if last.result is None and last.arguments.get("grain", "none") != "none":  # its rows will be there when it is asked
        period: Period | None = Period(None, None)
    else:
        period = period_of(last)
    if period is None:
        return _WHICH_TIME
    if unit in ("day", "week", "month", "quarter", "year") and period.start and unit != unit_of(period):
        return _WHICH_TIME
    if last.arguments.get("filters") and not slots.filters:
        return "With the same conditions as before, or for the whole shop? Say the place or product with it."
    _mark(slots, _THAT_TIME, "<period>")
    slots.periods.append(period)
    return None


def _fill_place(slots: Slots, last: PastCall) -> str | None:
    named = [f for f in last.arguments.get("filters", []) if f["dimension"] in ("country", "city")]
    cut = [name for name in last.arguments.get("dimensions", []) if name in ("country", "city")]
    if cut and _is_ranking(last):
        return _fill_row(slots, last, _THERE, _WHICH_PLACE)
    if len(named) != 1 or named[0]["operator"] != "eq" or cut:
        return _WHICH_PLACE
    _fill(slots, last, _THERE, dict(named[0]))
    return None


def _fill_row(slots: Slots, last: PastCall, pattern: str, unclear: str) -> str | None:
    """What leads the ranking before, as a condition."""
    dimension = last.arguments["dimensions"][0]
    value = _first(last, dimension)
    if value is None:
        return unclear
    _fill(slots, last, pattern, {"dimension": dimension, "operator": "eq", "value": value})
    return None


def _fill(slots: Slots, last: PastCall, pattern: str, found: dict[str, Any]) -> None:
    _mark(slots, pattern, "<value>")
    slots.filters.append(found)
    if not slots.periods and last.arguments.get("start"):  # "the best product there" is of the time before
        slots.periods += [period] if (period := period_of(last)) else []


def _lists_customers(last: PastCall) -> bool:
    return last.tool == "find_customers" or last.arguments.get("dimensions") == ["customer"]


def _fill_customer(slots: Slots, last: PastCall, nth: re.Match[str]) -> str | None:
    """The customer in that place of the list before."""
    place = next((at for at, name in enumerate(_PLACES) if f" {name} " in f" {nth[0]} "), None)
    rows = (last.result or {}).get("rows", [{}] * (last.result is None))
    names = [column["name"] for column in (last.result or {}).get("columns", [])]
    at = next((names.index(name) for name in ("customer_id", "customer") if name in names), 0)
    if place is None or place >= len(rows):
        return _WHICH_ONE
    slots.customer = str(rows[place][at]) if last.result else "…"
    slots.top, slots.limit, slots.rank = False, None, Rank()
    _mark(slots, rf"{_NTH}|<top>|<limit>", "<customer>")
    return None


def _is_ranking(call: PastCall) -> bool:
    """One kind of rows and no series; a number of rows that was said makes it a list, of which no one leads."""
    asked = call.arguments
    alone = len(asked.get("dimensions", [])) == 1 and asked.get("grain", "none") == "none"
    return alone and asked.get("limit") in (1, _LISTED)


def _ranked(call: PastCall) -> bool:
    """Rows in the order of a figure."""
    return bool(call.arguments.get("dimensions")) or call.arguments.get("order_by") not in (None, "time")


def _first(call: PastCall, column: str) -> str | None:
    """A value of the first row; while the call is only planned, a stand-in."""
    if call.result is None:
        return "…"
    names = [each["name"] for each in call.result.get("columns", [])]
    rows = call.result.get("rows", [])
    return str(rows[0][names.index(column)]) if rows and column in names else None


def _bucket(call: PastCall, grain: str) -> Period | None:
    rows = (call.result or {}).get("rows", [])
    if not rows:
        return None
    start = date.fromisoformat(str(rows[0][0])[:10])
    if grain in ("day", "week"):
        return Period(start, start + timedelta(days=0 if grain == "day" else 6))
    months = {"month": 1, "quarter": 3, "year": 12}[grain]
    return Period(start, months_back(start, -months) - timedelta(days=1))


def _parts(rule: dict[str, Any] | None) -> list[dict[str, Any]]:
    if rule is None:
        return []
    inner = [*rule.get("all", []), *rule.get("any", []), *([rule["not"]] if "not" in rule else [])]
    return [part for each in inner for part in _parts(each)] if inner else [rule]


def _mark(slots: Slots, pattern: str, mark: str) -> bool:
    match = re.search(pattern, slots.text)
    if match is None:
        return False
    slots.taken.append((mark, match[0].strip()))
    slots.text = re.sub(r"\s+", " ", f"{slots.text[: match.start()]} {mark} {slots.text[match.end() :]}").strip()
    return True
