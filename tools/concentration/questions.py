"""How people ask how much of the whole the largest bring."""

from __future__ import annotations

import re
from typing import Any

from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots
from tools.metrics.figures import figures
from tools.metrics.unheld import beyond_figures

_COUNTS = ("revenue", "gross_sales", "orders", "units", "refunds", "refund_orders", "discounts", "units_returned")
_SHARE = r"(?P<n>\d+(?:\.\d+)?) ?%"
_HALVES = {"half": 0.5, "a quarter": 0.25, "a third": 1 / 3, "two thirds": 2 / 3, "2 thirds": 2 / 3, "3 quarters": 0.75}
_OF_THE_WHOLE = (
    r"%|\b(?:share|part|proportion|how much of|most of|concentrat\w*|depend\w*|rel(?:y|ies|iant)|contribut\w*|handful"
    r"|account(?:s|ed)? for|mak(?:e|es|ing) up|pareto)\b"
)
_PEOPLE = r"\b(?:customers?|clients?|buyers?|shoppers?|people|accounts?|spenders?)\b"


def concentrated(slots: Slots, scene: Scene) -> Answerable:
    """Over what, of what, and the share or the number that is named."""
    if slots.when.problems:
        return slots.when.problems[0]
    largest = all(node.get("operator") == "top_share" for node in slots.conditions.nodes)
    if not (largest and slots.conditions.nodes) and (said := beyond_figures(slots, scene)) is not None:
        return said
    if len(slots.periods) > 1:
        return "Over which of these periods? Ask for one at a time."
    if slots.limit and not slots.measures.share and not slots.has(_OF_THE_WHOLE):
        return figures(slots, scene)  # "top 5 products by number of customers": a ranking
    dimension = _dimension(slots)
    if dimension is None:
        return "Of what should I add up the largest: products, customers, countries, categories?"
    metric = next((m for m in slots.metrics if m in _COUNTS), "revenue")
    summed = (*_COUNTS, "customers") if dimension == "customer" else _COUNTS
    if unlike := [m for m in slots.metrics if m not in summed]:
        return f"Shares of the largest are of sums such as revenue or orders, not of {unlike[0].replace('_', ' ')}."
    wanted = _wanted(slots)
    if wanted is None:
        return (
            "Which share of the whole should they make, or how many of the largest do you mean? Say for example 80 %."
        )
    asked: dict[str, Any] = {"dimension": dimension, **wanted}
    asked |= {"metric": metric} if metric != "revenue" else {}
    if filters := [*slots.filters, *slots.order_filters]:
        asked["filters"] = filters
    if slots.periods:
        asked |= slots.periods[0].arguments()
    return [Call("concentration", asked)]


def _dimension(slots: Slots) -> str | None:
    named = [name for name in slots.dimensions if name not in ("weekday", "hour", "daypart")]
    if named:
        return named[0]
    return "customer" if slots.has(_PEOPLE) else None


def _wanted(slots: Slots) -> dict[str, Any] | None:
    """ "80 % of revenue", "half of our sales", "the top 10", "the top 5 %"."""
    if match := re.search(rf"\b(?:top|best|biggest|largest|first|most \w+) {_SHARE}", slots.plain):
        return {"top_share": float(match["n"]) / 100}
    if match := re.search(_SHARE, slots.plain):
        return {"share": float(match["n"]) / 100}
    if slots.limit:
        return {"top": slots.limit}
    half = next((share for words, share in _HALVES.items() if re.search(rf"\b{words}\b", slots.plain)), None)
    if half is not None:
        return {"share": round(half, 4)}
    return {"top": 1} if slots.top and slots.measures.share else None


CONCENTRATION = Request(
    "concentration",
    """
        how many products make up 80% of revenue | how many customers bring half of our sales |
        pareto of our products | what share of revenue comes from the top 10 customers |
        how concentrated is our revenue on few customers |
        how much of our turnover do the 20 biggest clients account for | pareto analysis 80/20 of customers |
        does 20 % of our products make 80 % of the sales | how many articles account for 90 percent of turnover |
        with how many customers do we reach 50% of revenue | share of the top 5 products in revenue |
        what percentage of sales do our top 3 countries make | revenue share of the ten best selling items |
        the top 1 % of customers: what part of revenue is theirs | how dependent are we on our largest customers |
        how many countries make up 95 % of orders | contribution of the best 100 customers to revenue in 2024 |
        how few products give us half the units sold | do a handful of customers make most of our money, top 10 say |
        top 10 products as % of revenue | what proportion of orders comes from the top 10 % of customers |
        80 20 rule for our products | which share do our 50 best customers have |
        how many clients bring 2 thirds of sales | how many skus produce three quarters of the turnover |
        percentage of turnover from our 5 largest markets |
        how much of the revenue sits with the top 20 % of shoppers |
        number of products needed for 80 percent of income |
        how many of our products are responsible for half of the revenue this year |
        our 10 biggest accounts in % of sales
    """,
    concentrated,
    timed=True,
    needs=("<dimension>|<metric>|<top>",),
    near_misses="""
        half price sale | 20 % discount for all | top 10 % of customers, list them
    """,
)
