"""A share asked for: its part and its whole are read each on its own, so that neither is taken for the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from core.calendar import months_earlier
from database.semantic.metrics import METRICS
from language.dates import year_in
from language.filters import as_conditions
from language.periods import Period
from language.requests import Answerable
from language.rules import joined
from language.scene import Call, Scene
from language.shares import Share
from language.slots import Slots

__all__ = ["NO_PART", "PART_OF", "Side", "of_whose", "share_of"]

# What is always a part of what: of a share of the two, whichever is named first.
PART_OF: Final[Mapping[str, str]] = {
    "refund_orders": "orders", "anonymous_orders": "orders", "multi_product_orders": "orders",
    "single_product_orders": "orders",
    "discounted_orders": "orders", "new_customers": "customers", "returning_customers": "customers",
    "one_time_customers": "customers", "repeat_customers": "customers", "refunds": "gross_sales",
    "discounts": "gross_sales", "clicks": "impressions", "conversions": "clicks", "email_clicks": "emails_sent",
    "unsubscribes": "emails_sent",
}  # fmt: skip
# Whose orders a figure is of, where the whole is another figure than how many they are.
_WHOSE: Final = {
    "new_customers": ("customer_type", "eq", "new"), "returning_customers": ("customer_type", "eq", "returning"),
    "anonymous_orders": ("known_customer", "eq", "anonymous"),
    "single_product_orders": ("order_products", "eq", 1), "multi_product_orders": ("order_products", "ge", 2),
    "discounted_orders": ("discounted", "eq", "discounted"),
}  # fmt: skip
NO_PART: Final = (
    "A share is a part of what adds up, such as revenue, orders or units: an average or a rate has none. Ask for the "
    "figure by itself."
)
_WHO_BOUGHT: Final = r"\b(?:buyers|shoppers|purchasers)\b"
_HEADS: Final = frozenset({"customers", "ordering_customers", "orders"})
_NOUNS: Final = frozenset({"orders", "customers", "revenue", "visits", "units"})  # "web orders" of revenue: the web's
_EVERYTHING: Final = r"(?:the |our |all |a )*(?:grand |overall )?(?:total|whole|everything|all|overall|lot)\b"
_BACK: Final = r"\b(?:returning|repeat|existing|old|regular) (?:customers?|buyers?|clients?|shoppers?|ones)\b"
_OFTEN: Final = {("eq", 1): "one_time_customers", ("ge", 2): "repeat_customers", ("gt", 1): "repeat_customers"}


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a share as it was read: its slots, the products it names, and the words not understood."""

    slots: Slots
    goods: list[dict[str, Any]]
    unknown: list[str]

    def filters(self) -> list[dict[str, Any]]:
        """What narrows it."""
        customer = self.slots.customer
        own = [{"dimension": "customer", "operator": "eq", "value": customer}] if customer else []
        return [*self.slots.filters, *self.slots.order_filters, *own, *self.goods]

    def dimensions(self) -> list[str]:
        """What it is cut by; "the web channel" is cut by none."""
        named = {one["dimension"] for one in self.filters()}
        return [name for name in self.slots.dimensions if name not in named]

    def others(self, metric: str) -> list[str]:
        """Its figures beside `metric`; a mere noun beside what narrows it is none."""
        named = [name for name in self.slots.metrics if name != metric]
        return [name for name in named if name not in _NOUNS] if self.filters() else named


def share_of(share: Share, scene: Scene, read: Callable[[str], Side]) -> Answerable | None:
    """The call, or what to say; None where the two sides do not make a share."""
    whole = read(share.whole)
    if whole.unknown or whole.slots.conditions.rule or len(whole.slots.periods) > 1:
        return None
    metric = next(iter(whole.slots.metrics), None)
    if metric is None:
        if not re.match(_EVERYTHING, share.whole):
            return None
        metric = next(iter(read(share.part).slots.metrics), "revenue")
    if metric == "customers" and whole.slots.has(_WHO_BOUGHT):
        metric = "ordering_customers"  # who only got a refund then is no buyer of that time
    part = next((side for side in map(read, _sayings(share, whole)) if not side.unknown and _says(side, metric)), None)
    if part is None or not METRICS[metric].is_count:
        return None
    return _asked(metric, part, whole, scene)


def of_whose(metrics: list[str]) -> tuple[str, dict[str, Any]] | None:
    """ "The share of new customers in revenue": the figure, and whose of it; None where the two are no such pair."""
    for one, other in (metrics, metrics[::-1]) if len(metrics) == 2 else ():
        if one in _WHOSE and PART_OF[one] != other and METRICS[other].is_count and other not in (*_WHOSE, *_HEADS):
            dimension, operator, value = _WHOSE[one]
            return other, {"dimension": dimension, "operator": operator, "value": value}
    return None


def _sayings(share: Share, whole: Side) -> Iterator[str]:
    """The part with the noun of the whole, and bare: "orders came from Spain", "new buyers", "from Spain"."""
    noun = next((words for mark, words in whole.slots.taken if mark == "<metric>"), "")
    if noun and share.verb:
        yield f"{noun} {share.verb} {share.part}"
        if len(share.part.split()) <= 2:
            yield f"{share.part} {noun}"
    yield share.part
    if noun:
        yield f"{noun} {share.part}"


def _says(side: Side, metric: str) -> bool:
    rule = side.slots.conditions.rule
    return bool(side.filters() or side.others(metric) or side.slots.periods or rule)


def _asked(metric: str, part: Side, whole: Side, scene: Scene) -> Answerable | None:
    narrowed = part.filters()
    within = [one for one in whole.filters() if one not in narrowed]  # said twice: "foreign sales, all but the UK"
    bounds = _bounds(part, whole, scene)
    if isinstance(bounds, str):
        return bounds
    if rule := part.slots.conditions.rule:
        return _of_people(metric, rule, within, bounds, back=part.slots.has(_BACK))
    cut: dict[str, Any] = {"grain": grain} if (grain := part.slots.grain or whole.slots.grain) else {}
    cut |= {"dimensions": dims} if (dims := [*part.dimensions(), *whole.dimensions()]) else {}
    others = part.others(metric)
    if others and (whose := of_whose([others[0], metric])) is not None:
        narrowed, others = [*narrowed, whose[1]], others[1:]
    if len(others) > 1 or (others and (narrowed or "whole_end" in bounds)):
        return None
    if others and not METRICS[others[0]].is_count:
        return None
    if others:
        top, bottom = (metric, others[0]) if PART_OF.get(metric) == others[0] else (others[0], metric)
        filters = {"filters": within} if within else {}
        return [Call("query_metrics", {"metrics": [top, bottom], "ratio": True, **filters, **cut, **bounds})]
    if cut:
        return None
    return _part_of(list(dict.fromkeys([metric, *_alike(whole)])), narrowed, within, bounds)


def _alike(whole: Side) -> list[str]:
    """ "The UK's share of orders and revenue": further figures the same share is asked of."""
    return [name for name in whole.slots.metrics if METRICS[name].is_count]


def _part_of(
    metrics: list[str], narrowed: list[dict[str, Any]], within: list[dict[str, Any]], bounds: dict[str, Any]
) -> Answerable | None:
    kept = list(dict.fromkeys(f["dimension"] for f in within))
    if both := [f["dimension"] for f in narrowed if f["dimension"] in kept]:
        return f"I cannot tell the part from the whole: both are said by {both[0]}. Say of what it is to be a share."
    if not narrowed and not any(name.startswith("whole_") for name in bounds):
        return None  # all of it is the whole
    asked: dict[str, Any] = {"metrics": metrics, "share": True, **bounds}
    if narrowed or within:
        asked["filters"] = [*within, *narrowed]
    return [Call("query_metrics", asked | ({"share_within": kept} if kept else {}))]


def _of_people(
    metric: str, rule: dict[str, Any], within: list[dict[str, Any]], bounds: dict[str, Any], *, back: bool
) -> Answerable | None:
    """Customers of a kind: of all, by their rule; within days, where a figure counts them."""
    often = _OFTEN.get((str(rule.get("operator")), rule.get("value"))) if rule.get("field") == "orders_all" else None  # type: ignore[arg-type]
    if metric != "customers":
        if often != "repeat_customers" or not back:
            return None
        return _part_of(
            [metric], [{"dimension": "customer_type", "operator": "eq", "value": "returning"}], within, bounds
        )
    if not bounds:
        return [Call("count_segment", {"rule": joined(*as_conditions(within), rule)})]
    if often is None or "whole_end" in bounds:
        return None
    filters = {"filters": within} if within else {}
    return [Call("query_metrics", {"metrics": [often, "customers"], "ratio": True, **filters, **bounds})]


def _bounds(part: Side, whole: Side, scene: Scene) -> dict[str, Any] | str:
    """The days of the part, and those of the whole where they are more."""
    own, all_days = _together(part.slots.periods), whole.slots.periods
    if not own or own == all_days:
        return all_days[0].arguments() if all_days else {}
    if not all_days and (part.filters() or part.slots.metrics or part.slots.conditions.rule):
        return own[0].arguments()
    outer = all_days[0] if all_days else Period(None, scene.today)
    inner = _inside(own[0], outer, fixed=year_in(part.slots.plain) is not None)
    if inner is None or len(own) > 1:
        return "I cannot tell which days are the part and which the whole. Say both with their dates."
    return {**inner.arguments(), **{f"whole_{name}": day for name, day in outer.arguments().items()}}


def _together(periods: list[Period]) -> list[Period]:
    """ "November and December": periods that follow each other are one."""
    joined_up: list[Period] = []
    for period in sorted(periods, key=lambda p: p.start or date.min):
        last = joined_up[-1] if joined_up else None
        if last and last.end and period.start == last.end + timedelta(days=1):
            joined_up[-1] = Period(last.start, period.end)
        else:
            joined_up.append(period)
    return joined_up


def _inside(inner: Period, outer: Period, *, fixed: bool) -> Period | None:
    """ "December" of Q4 2024: that of its year, where none was said (`fixed`)."""
    if inner.start is None or inner.end is None or outer.end is None:
        return None
    for years in (0,) if fixed else (0, *(y for n in range(1, 30) for y in (n, -n))):
        moved = Period(*months_earlier(inner.start, inner.end, 12 * years))
        if moved.start and moved.end and (outer.start or moved.start) <= moved.start and moved.end <= outer.end:
            return moved
    return None
