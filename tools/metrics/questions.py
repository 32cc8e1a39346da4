"""How people ask for figures, for a report and for the headlines."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.calendar import month_after
from language.audience import LIST
from language.followups import is_elliptic
from language.requests import Request
from language.scene import Call, Scene
from language.slots import Slots
from tools.metrics.figures import ALL_BUCKETS, figures


def narrowed(slots: Slots, scene: Scene) -> list[Call] | None:
    """The figures before, with what a short clause changes: "and in October?", "only Germany", "by country"."""
    if scene.last is None or not is_elliptic(slots) or slots.conditions.rule:
        return None
    arguments = dict(scene.last.arguments)
    if slots.metrics and not (slots.metrics == ["customers"] and (slots.filters or slots.dimensions)):
        arguments["metrics"] = slots.metrics
        arguments.pop("order_by", None)
    if slots.filters:
        arguments |= _filtered(slots, arguments)
    if slots.dimensions or slots.grain:
        arguments |= _cut(slots, arguments)
        arguments.pop("order_by", None)
    if slots.limit:
        arguments["limit"] = slots.limit
    if slots.top:
        arguments["descending"] = not slots.ascending
    if not slots.periods:
        return [Call("query_metrics", _clean(arguments))]
    bare = _clean({name: value for name, value in arguments.items() if name not in ("start", "end")})
    return [Call("query_metrics", bare | period.arguments()) for period in slots.periods]


def _filtered(slots: Slots, before: dict[str, Any]) -> dict[str, Any]:
    replaced = {f["dimension"] for f in slots.filters}
    kept = [f for f in before.get("filters", []) if f["dimension"] not in replaced]
    # "only Germany" after "by country" asks for Germany's figure, not for a list of one
    named = {f["dimension"] for f in slots.filters if f["operator"] == "eq"}
    dimensions = [d for d in before.get("dimensions", []) if d not in named]
    return {"filters": kept + slots.filters, "dimensions": dimensions}


def _cut(slots: Slots, before: dict[str, Any]) -> dict[str, Any]:
    if not slots.dimensions:
        return {"grain": slots.grain, "limit": ALL_BUCKETS, "dimensions": []}
    # "by country" after "only Germany": the cut replaces the filter it would make pointless
    kept = [f for f in before.get("filters", []) if f["dimension"] not in slots.dimensions or f in slots.filters]
    grain, limit = slots.grain or "none", slots.limit or LIST
    return {"filters": kept, "dimensions": slots.dimensions, "grain": grain, "limit": limit}


def moved_together(_slots: Slots, scene: Scene) -> list[Call] | None:
    """What the data can say about a reason: what moved together, by month. Never a cause."""
    if scene.last is None:
        return None
    before = scene.last.arguments
    moved = list(dict.fromkeys([*before["metrics"], "orders", "customers", "average_order_value"]))[:8]
    asked: dict[str, Any] = {"metrics": moved, "grain": "month", "limit": ALL_BUCKETS}
    if before.get("filters"):
        asked["filters"] = before["filters"]
    if before.get("start"):
        asked["start"] = month_after(date.fromisoformat(str(before["start"])), -1).isoformat()
        if before.get("end"):
            asked["end"] = before["end"]
    return [Call("query_metrics", asked)]


def _clean(arguments: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if value not in (None, [], "none")}


def report(slots: Slots, _scene: Scene) -> list[Call]:
    """An overview of the business."""
    period = slots.periods[0].arguments() if slots.periods else {}
    return [
        Call("query_metrics", {"metrics": ["revenue", "orders", "customers"], "grain": "month", **period}),
        Call("churn_summary", {"horizon_days": 60}),
        Call("clv_summary", {"top": 5}),
        Call("list_segments", {}),
    ]


def headlines(slots: Slots, _scene: Scene) -> list[Call]:
    """The last four weeks, or the last week."""
    return [Call("headlines", {"days": 7} if slots.has(r"\b(?:this|last|past) week\b|\bweekly\b") else {})]


FIGURES = Request(
    "metrics",
    """
        what was our revenue in November 2011 | compare October and November 2011 | how many customers do we have |
        how many customers | how many customers are there | how large is our customer base |
        best countries outside the UK | revenue by month | top 5 products | orders per week since March |
        average order value in Germany | compare Germany and France | how did sales develop | our open rate |
        repeat purchase rate | which month was best | how much did we refund last quarter | worst selling products |
        revenue in 2031 | which country buys most | new customers by month | where do our customers come from |
        spend by ad channel | roas | how much did we sell last month | bestsellers | which weekday is strongest |
        how many orders were cancelled | is revenue growing | share of repeat customers
    """,
    figures,
    rank=440,
    needs=("<metric>|<dimension>|<grain>|<top>|<compare>",),
)
REPORT = Request(
    "report",
    """
        give me a report | weekly report | overview of the business | how are we doing | summarise the situation |
        dashboard | how is business | give me a summary of last month | what is going on
    """,
    report,
    rank=400,
    cues=(
        r"\b(?:report|overview|dashboard|summary|summarise|summarize|recap|kpis?)\b(?!.*\bchurn\b)",
        r"\bhow (?:are we|is (?:the )?(?:business|shop|company)) (?:doing|going|performing)\b",
        r"\bhow are things\b",
        r"\bwhat happened (?:in|during|last|on|this|<period>)\b|\bhow did we (?:do|perform)\b",
    ),
    agent="reporting",
)
HEADLINES = Request(
    "headlines",
    """
        headline figures | show the dashboard | key figures | our KPIs
    """,
    headlines,
    rank=150,
    cues=(r"\b(?:headline|key) (?:figures|numbers)\b|\bkpis?\b|\bdashboard\b",),
)
