"""Which two periods a clause sets against each other, and the calls that compare them or take their change apart."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from core.calendar import months_back, months_between, months_earlier, period_before, whole_months
from database.semantic.metrics import METRICS
from language.periods import Period
from language.requests import Answerable
from language.scene import Call, Scene
from language.slots import Slots

__all__ = [
    "ALL_BUCKETS", "UNCLEAR_PERIODS", "added_up", "compared", "explained", "holds", "last_whole_month", "moved",
    "over_periods", "period_against", "until_data", "versus_rest",
]  # fmt: skip

UNCLEAR_PERIODS: Final = "I cannot tell which two periods to compare. Say both with their dates."
ALL_BUCKETS = 500  # rows of a series: all of them
_STEP: Final = r"\b(day|week|month|quarter|year)[- ]o(?:ver|n)[- ]\1\b|\b(mom|wow|qoq|yoy)\b"
_MOST_EXPLAINED = 3
_UNLIKE = 2.5  # times as long
_MOVED_MOST: Final = r"<top> (?:\w+ )?<change>|<change>(?: (?:the|by|up|down|in|its))* <top>(?! <dimension>)"
_BY_MOVE: Final = r"\bby (?:the |their |its )?(?:growth|change|increase|decrease|decline|drop)\b"
_WHICH_MOVED: Final = (
    r"\b(?:which|what|any|list|show|name|find|give|how many)\b(?: (?:of|me|the|our|all|are))* <dimension>.*<change>"
    r"|^(?:the |all |our )*(?:<dimension> )+"
    r"(?:(?:that\b|which\b|where\b|with\b|whose\b|<metric>).*<change>|<change> in\b)"
)
_WHO_MOVED: Final = r"\b(?:which|what|any|list|show|name|find)\b(?: (?:of|me|the|our|all|are))* <metric>.*<change>"
_RATE: Final = r"\b(?:fast|fastest|steepest|sharpest|rate)\b|%"
_OPPOSITE: Final = {
    "eq": "ne",
    "in": "not_in",
    "contains": "not_contains",
    "lt": "ge",
    "ge": "lt",
    "le": "gt",
    "gt": "le",
}
_WHICH_TIMES: Final = (
    "Between which two times? Say both, for example “from May to June” or “this year against last year”."
)


def over_periods(slots: Slots, scene: Scene, base: dict[str, Any]) -> Answerable:
    """One call, with a second period to compare with where one is said; else one per period."""
    if slots.measures.explain and not slots.measures.share and not slots.measures.per:
        return explained(slots, scene, base)
    periods, against = _meant(slots, base), slots.when.against
    step = re.search(_STEP, slots.plain)
    unit = (step[1] or {"mom": "month", "wow": "week", "qoq": "quarter", "yoy": "year"}[step[2]]) if step else ""
    if step and not periods and not base.get("grain") and not {"per", "share"} & set(base):
        return [Call("query_metrics", base | {"grain": unit, "limit": ALL_BUCKETS, "steps": True})]
    if step and len(periods) == 1:
        against = "last_year" if unit == "year" else f"before {unit}"
        base = {name: value for name, value in base.items() if name != "grain"}
        if period_against(periods[0], against) is None:  # longer than one: one figure for each of them
            steps = {"grain": unit, "limit": ALL_BUCKETS, "steps": True}
            return [Call("query_metrics", base | steps | periods[0].arguments())]
    if len(periods) == 1 and not against and not base.get("grain") and _is_set_against(slots):
        return UNCLEAR_PERIODS
    if slots.measures.change and _are_unclear(slots, periods):
        return UNCLEAR_PERIODS
    if pair := _pair(slots, scene, periods, against):
        return UNCLEAR_PERIODS if isinstance(pair, str) else compared(slots, scene, base, *pair)
    among = [*slots.order_filters, *(slots.filters if between_values(slots) else [])]
    several = "any" in base.get("rule", {})  # these are compared, not times
    parts = several or any(f["operator"] == "in" for f in among)
    if _one_side(slots, base) and len(periods) < 2 and not parts:
        return "Compared with what? Say both sides, for example “Germany and France” or “May and June”."
    if slots.measures.change and re.search(r"\bsince <period>", slots.text):
        return UNCLEAR_PERIODS
    if slots.measures.change and len(periods) < 2 and not base.get("grain") and not base.get("per") and not parts:
        if "dimensions" in base and "<change>" not in slots.text:  # "compare weekdays by order value": side by side
            return [Call("query_metrics", base | period.arguments()) for period in periods or [Period(None, None)]]
        if pair := _pair(slots, scene, periods, "previous"):  # "did orders grow in May"
            return UNCLEAR_PERIODS if isinstance(pair, str) else compared(slots, scene, base, *pair)
        if "dimensions" in base:  # "which category is growing": this year, against the same days of the last
            return compared(slots, scene, base, *_this_year(scene)) if not periods else _WHICH_TIMES
        base = base | {"grain": "month", "limit": ALL_BUCKETS}
    if slots.measures.change and base.get("grain") and not {"per", "share", "cumulative"} & set(base):
        base = base | {"steps": True} | _by_change(slots, base)
    bounds = [period.arguments() for period in _of_same_days(slots, periods)] or [{}]
    return [Call("query_metrics", base | bound) for bound in bounds]


def added_up(slots: Slots, base: dict[str, Any]) -> Answerable | None:
    """One figure of several stretches of days: "the first ten days of December, 2023 and 2024 added up"; else None."""
    periods = _meant(slots, base) if slots.when.added_up else []
    if len(periods) < 2:
        return None
    ends = sorted((p.start, p.end) for p in periods if p.start and p.end)
    apart = all(one[1] < other[0] for one, other in pairwise(ends))
    if len(ends) < len(periods) or not apart or slots.measures.change or base.get("grain"):
        return UNCLEAR_PERIODS
    since = "returning_customers" in base["metrics"] or any(
        f["dimension"] == "acquired" for f in base.get("filters", ())
    )
    if since or not all(METRICS[metric].is_count for metric in base["metrics"]) or "ratio" in base or "share" in base:
        return "I cannot tell that of several times taken together. Ask for each of them by itself."
    days = {"dimension": "days", "operator": "in", "value": [f"{first}/{last}" for first, last in ends]}
    whole = Period(ends[0][0], ends[-1][1])
    return [Call("query_metrics", base | {"filters": [*base.get("filters", []), days]} | whole.arguments())]


def _are_unclear(slots: Slots, periods: list[Period]) -> bool:
    """ "Changed most since 2024, compare with 2026"; "compare the Friday with last year's Black Friday"."""
    if len(periods) != 1:
        return any(period.end is None for period in periods)
    weekday = any(f["dimension"] == "weekday" for f in slots.order_filters)
    return weekday and periods[0].start == periods[0].end


def _of_same_days(slots: Slots, periods: list[Period]) -> list[Period]:
    """ "Year to date and the same stretch of 2023 and 2022": whole years beside a part of one, cut to its days."""
    part = [
        p
        for p in periods
        if p.start and p.end and (p.start.month, p.start.day) == (1, 1) and p.end.year == p.start.year
    ]
    short = [p for p in part if p.end and (p.end.month, p.end.day) != (12, 31)]
    if len(short) != 1 or not slots.has(r"\bsame (?:stretch|span|days|period|time|dates?|months)\b"):
        return periods
    end = short[0].end
    assert end is not None  # noqa: S101 - looked for above

    def cut(period: Period) -> Period:
        last = (
            date(period.start.year, end.month, min(end.day, 28 if end.month == 2 else end.day))
            if period.start
            else None
        )
        return Period(period.start, last)

    return [cut(p) if p in part and p not in short else p for p in periods]


def explained(slots: Slots, scene: Scene, base: dict[str, Any]) -> Answerable:
    """Why a figure moved: its change taken apart; against the period before where no other is said.

    A rate is no sum of parts: beside it, what it is made of is compared.
    """
    if slots.top and base.get("grain") and not base.get("dimensions"):
        return f"Ask for that {base['grain']} first, and then why it was so, by its name: “why was May weak?”."
    periods = _meant(slots, base)
    if not periods and (before := _asked_before(slots, scene)):
        return before
    pair = _pair(slots, scene, periods, slots.when.against or "previous") or last_whole_month(scene)
    if isinstance(pair, str) or len(periods) > 2:
        return UNCLEAR_PERIODS
    return _taken_apart(base, *pair)


def _taken_apart(base: dict[str, Any], later: Period, earlier: Period) -> list[Call]:
    asked = {name: base[name] for name in ("filters", "dimensions") if base.get(name)}
    calls = []
    for metric in base["metrics"][:_MOST_EXPLAINED]:
        if any(METRICS[metric].adds_up(source) for source in METRICS[metric].sql):
            calls.append(Call("explain_change", {"metric": metric, **_bounds(later, earlier), **asked}))
        else:
            whole = {"metrics": [metric, *_MADE_OF.get(metric, ())], **asked}
            calls.append(Call("query_metrics", whole | _bounds(later, earlier)))
    return calls


# What a rate or an average is made of.
_MADE_OF: Final = {
    "average_order_value": ("gross_sales", "orders"), "units_per_order": ("units", "orders"),
    "revenue_per_customer": ("revenue", "customers"), "orders_per_customer": ("orders", "customers"),
    "refund_rate": ("refund_orders", "orders"), "repeat_rate": ("repeat_customers", "customers"),
    "open_rate": ("emails_sent",), "click_rate": ("emails_sent", "email_clicks"), "ctr": ("clicks", "impressions"),
    "cpc": ("spend", "clicks"), "cpm": ("spend", "impressions"), "cpa": ("spend", "conversions"),
    "roas": ("channel_revenue", "spend"),
}  # fmt: skip


def _pair(slots: Slots, scene: Scene, periods: list[Period], against: str | None) -> tuple[Period, Period] | str | None:
    """The later and the earlier period of a comparison; None where none is asked for, words where it is unclear."""
    if len(periods) == 2 and (slots.measures.change or slots.measures.explain or slots.when.against):
        later, earlier = sorted(periods, key=lambda p: p.start or date.min, reverse=True)
        if not slots.measures.per and _unlike(later, earlier):
            return UNCLEAR_PERIODS
        known = until_data(later, scene)
        return _alike(slots, known, earlier, running=known != later and _are_one_month(later, earlier))
    if against and len(periods) == 1:
        whole, period = periods[0], until_data(periods[0], scene)
        before = _just_before(whole, period) if against == "previous" else period_against(period, against)
        return UNCLEAR_PERIODS if before is None else (period, before)
    return None


def _is_set_against(slots: Slots) -> bool:
    """ "Revenue compared to November": the one time said is what another, not said, is set against."""
    said = any(
        mark == "<compare>" and re.match(r"(?:in )?(?:compared|versus|against|relative)", words)
        for mark, words in slots.taken
    )
    return said and re.search(r"<compare> (?:(?:to|with|the|in) )*<period>", slots.text) is not None


def _unlike(one: Period, other: Period) -> bool:
    """Of such different lengths that their figures cannot be set against each other: four days and a year."""
    if not (one.start and one.end and other.start and other.end):
        return False
    days = sorted((period[1] - period[0]).days + 1 for period in ((one.start, one.end), (other.start, other.end)))
    return days[1] > _UNLIKE * days[0]


def _just_before(whole: Period, period: Period) -> Period | None:
    """The period before; of a running month, quarter, year or week the same days of the one before."""
    if whole.start is None or whole.end is None or period == whole:
        return period_against(period, "previous")
    assert period.start is not None  # noqa: S101 - cut from one that has both
    assert period.end is not None  # noqa: S101
    if months := whole_months(whole.start, whole.end):
        return Period(*months_earlier(period.start, period.end, months))
    days = whole.end - whole.start + timedelta(days=1)
    return Period(period.start - days, period.end - days)


def _are_one_month(one: Period, other: Period) -> bool:
    """The same month of two years: "this November against last November". Years that are named stay whole."""
    if not (one.start and one.end and other.start and other.end) or one.start.month != other.start.month:
        return False
    return whole_months(one.start, one.end) == whole_months(other.start, other.end) == 1


def _alike(slots: Slots, later: Period, earlier: Period, *, running: bool = False) -> tuple[Period, Period]:
    """A running month is compared with the same days of an earlier one; so is what is said to be of the same days."""
    if not (running or slots.when.so_far or slots.measures.same_days):
        return later, earlier
    if not (later.start and later.end and earlier.start and earlier.end):
        return later, earlier
    if later.start.day == earlier.start.day:
        _, end = months_earlier(later.start, later.end, months_between(earlier.start, later.start))
    else:
        end = earlier.start + (later.end - later.start)
    return later, Period(earlier.start, min(earlier.end, end))


def _asked_before(slots: Slots, scene: Scene) -> Answerable | None:
    """ "Why did it go up?", after figures: of those, at their time."""
    last = scene.last
    if last is None or slots.metrics or not last.arguments.get("metrics") or not last.arguments.get("start"):
        return None
    return moved(last.arguments, scene)


def moved(asked: dict[str, Any], scene: Scene) -> Answerable:
    """Why the figures of a call moved: against what they were compared with, or the period before."""
    later, earlier = (
        Period(*(date.fromisoformat(str(asked[name])) if asked.get(name) else None for name in bounds))
        for bounds in (("start", "end"), ("compare_start", "compare_end"))
    )
    whole, later = later, until_data(later, scene)
    before = earlier if earlier.start else _just_before(whole, later)
    return UNCLEAR_PERIODS if before is None else _taken_apart(asked, later, before)


def _this_year(scene: Scene) -> tuple[Period, Period]:
    """The year so far, and the same days of the one before."""
    year = Period(scene.today.replace(month=1, day=1), scene.today)
    before = period_against(year, "last_year")
    assert before is not None  # noqa: S101 - it has both ends
    return year, before


def last_whole_month(scene: Scene) -> tuple[Period, Period]:
    """The latest month that is over, and the one before."""
    after = scene.today + timedelta(days=1)
    end = after.replace(day=1) - timedelta(days=1)
    month = Period(end.replace(day=1), end)
    before = period_against(month, "previous")
    assert before is not None  # noqa: S101 - a month has both ends
    return month, before


def _meant(slots: Slots, base: dict[str, Any]) -> list[Period]:
    """The periods without those that only say in which year; two in a row taken together are one.

    "From 2023 to 2024" are two where a change is asked for, and one otherwise.
    """
    periods = list(dict.fromkeys(slots.periods))
    if len(periods) > 2:
        periods = [p for p in periods if not any(q != p and holds(p, q) for q in periods)]
    if len(periods) == 2 and (slots.when.added_up or slots.has(r"\b(?:together|combined|altogether|in sum|summed)\b")):
        first, last = sorted(periods, key=lambda p: p.start or date.min)
        if first.end and last.start == first.end + timedelta(days=1):
            return [Period(first.start, last.end)]
    sides = between_values(slots) and any(f["operator"] == "in" for f in slots.filters)  # "Germany versus Italy"
    asked = (slots.measures.change and not sides) or slots.measures.explain
    if len(periods) == 1 and asked and not base.get("grain") and not slots.when.against:
        return list(slots.when.ends.get(periods[0], periods))
    return periods


def holds(outer: Period, inner: Period) -> bool:
    """Whether one period lies in the other."""
    if not (outer.start and outer.end and inner.start and inner.end):
        return False
    return outer.start <= inner.start and inner.end <= outer.end


def _bounds(later: Period, earlier: Period) -> dict[str, str]:
    return {**later.arguments(), **{f"compare_{name}": day for name, day in earlier.arguments().items()}}


def compared(slots: Slots, scene: Scene, base: dict[str, Any], later: Period, earlier: Period) -> list[Call]:
    """One call for a period and an earlier one, with change and growth."""
    later, earlier = _alike(slots, until_data(later, scene), earlier)
    base, bounds = base | _by_change(slots, base), _bounds(later, earlier)
    if len(bounds) < 4:
        return [Call("query_metrics", base | period.arguments()) for period in (later, earlier)]
    return [Call("query_metrics", base | bounds)]


def between_values(slots: Slots) -> bool:
    """ "Germany versus France", "the difference between both": values are compared, not times."""
    return "<change>" not in slots.text or slots.has(r"\bdiffer(?:s|ed|ence|ences)?\b")


def _one_side(slots: Slots, base: dict[str, Any]) -> bool:
    """ "Instagram versus the average": against what is set what was said, is not known."""
    said = slots.has(r"\b(?:versus|against)\b") and "<compare>" in slots.text and "<change>" not in slots.text
    return said and not {"dimensions", "grain", "per"} & set(base) and len(base["metrics"]) < 3


def _by_change(slots: Slots, base: dict[str, Any]) -> dict[str, Any]:
    """ "Which country grew the most": rows in the order of their change; "which countries fell": those alone."""
    if not (base.get("dimensions") or base.get("grain")):
        return {}
    metric = base["metrics"][0]
    if not (re.search(_MOVED_MOST, slots.text) or slots.has(_BY_MOVE)):
        return _that_moved(slots, base, metric)
    by = "growth" if slots.has(_RATE) and METRICS[metric].unit != "share" else "change"
    return {"order_by": f"{metric}_{by}", "descending": slots.measures.down == slots.ascending}


def _that_moved(slots: Slots, base: dict[str, Any], metric: str) -> dict[str, Any]:
    said = slots.measures
    people = "customer" in base.get("dimensions", ()) and re.search(_WHO_MOVED, slots.text)
    named = people or re.search(_WHICH_MOVED, slots.text)
    if slots.top or "having" in base or said.down == said.up or not named:
        return {}
    moved = {"metric": f"{metric}_change", "operator": "lt" if said.down else "gt", "value": 0}
    by = {"order_by": f"{metric}_change", "descending": not said.down}
    return {"having": [moved], "limit": ALL_BUCKETS} | by


def versus_rest(slots: Slots, scene: Scene, base: dict[str, Any]) -> Answerable:
    """ "The UK versus the rest", "new customers against existing ones": the one and all others."""
    chosen = [f for f in base.get("filters", []) if f["operator"] in _OPPOSITE]
    if len(chosen) > 1:
        chosen = [f for f in chosen if f["dimension"] == "customer_type"]
    if len(chosen) != 1:
        return "The rest of what? Name the one thing that is set against all others."
    one = chosen[0]
    kept = [f for f in base["filters"] if f is not one]
    other = {**one, "operator": _OPPOSITE[one["operator"]]}
    if one["dimension"] == "customer_type":
        other = {**one, "value": {"new": "returning", "returning": "new"}.get(str(one["value"]), "new")}
    sides = [over_periods(slots, scene, base | {"filters": [*kept, f]}) for f in (one, other)]
    return [call for side in sides for call in (side if isinstance(side, list) else [])] or sides[0]


def until_data(period: Period, scene: Scene) -> Period:
    """A running period ends with the data."""
    end = min(period.end, scene.today) if period.end else scene.today
    return Period(period.start, end) if period.start and period.start <= end else period


def period_against(period: Period, against: str) -> Period | None:
    """What a period is compared with; None for an open one, and where it is of another length than that.

    `against` as language.periods reads it: "last_year", "year 2010", "same month", "before week", "previous".
    """
    start, end = period.start, period.end
    if start is None or end is None:
        return None
    kind, _, which = against.partition(" ")
    if kind in ("last_year", "year"):
        return Period(*months_earlier(start, end, 12 * (start.year - int(which) if which else 1)))
    months = {"month": 1, "quarter": 3}.get(which)
    if kind == "same" and months:  # the days of the same numbers: the 30 days of November against 1 to 30 October
        return Period(months_back(start, months), months_back(end, months))
    if kind == "before" and months:
        whole = whole_months(start, end)
        fits = whole == months if whole else end < months_back(start, -months)
        return Period(*months_earlier(start, end, months)) if fits else None
    if which in ("week", "day"):
        days = timedelta(days=7 if which == "week" else 1)
        return Period(start - days, end - days) if end - start < days else None
    return Period(*period_before(start, end))
