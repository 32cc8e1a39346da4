# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Which metrics a clause means, where its words can mean several: who spends, what is counted, net or gross."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from language.slots import Slots
from language.vocabulary import phrases
from tools.metrics.ranking import counted_as

__all__ = ["ADVERTISING", "OF_SALES", "explained_by", "in_terms_of", "meant_metrics"]

ADVERTISING: Final = frozenset(
    {"spend", "roas", "ctr", "cpc", "cpm", "cpa", "impressions", "clicks", "conversions", "channel_revenue"}
)
_OF_MENTIONS: Final = frozenset({"mentions", "average_rating"})
OF_SALES: Final = frozenset(
    {"average_order_value", "median_order_value", "largest_order", "smallest_order", "orders", "gross_sales"}
)
"""Counted over sale orders alone: refunds are in none of them."""
_PEOPLE: Final = r"\b(?:customers?|clients?|buyers?|shoppers?|people|guests?|they|visitors?|everybody|everyone)\b"
_HOW_MUCH: Final = (
    r"^(?:and |so |ok )*how much (?!(?:of (?:our |the |my )?)?(?:customers|clients|buyers|people|shoppers)\b)"
)
_ON_ADS: Final = r"\b(?:ads?|adverts?|advertising|marketing|media|did we|do we|we spen[dt]|have we|our spend|budget)\b"
_CAME: Final = r"(?:came|comes?|did we (?:sell|make|take|earn)|we (?:sold|made|took|earned))\b"
_WHO_BOUGHT: Final = r"\b(?:buyers|shoppers|purchasers)\b|\b(?:customers?|clients?|people|accounts?)(?: \S+){0,4}? (?:bought|buy|ordered|purchased|shopped|placed|made)\b"
_AND_HOW_MANY: Final = (
    r"(?:^|: ?|, ?)how many(?: (?:pieces|units|did we sell|were sold|sold))?(?: <period>)?(?: ?,| and\b)"
)
_DISTINCT: Final = r"\b(?:different|distinct|unique|separate|individual)"
_MOST_OF_THEM: Final = r"<dimension> (?:has|have|had|with|brings?|brought|got|gets|gives?|gave|holds?|shows?|is|are)? ?(?:in |us )?(?:the )?<top> (?:of )?(?:the |our )?<rule>"
_LEFT_OUT: Final = r"\b(?:excluding|without|before|except|minus) (?:any |all |the )*(?:<metric>|refunds?|returns?|credit notes?|cancellations?)"


def meant_metrics(slots: Slots) -> list[str]:
    """The metrics a clause asks for; revenue where it names none."""
    if set(slots.metrics) == {"revenue", "refunds"} and re.search(_LEFT_OUT, slots.text):
        return ["gross_sales"]
    if (
        re.search(_LEFT_OUT, slots.text)
        and (own := [n for n in slots.metrics if n != "refunds"])
        and set(own) <= OF_SALES
    ):
        return own
    named = _of_whom(slots, counted_as(slots, list(slots.metrics)))
    if slots.has(r"\bhow (?:many|much) (?:did|have|do) (?:customers|people|we) (?:buy|bought)\b"):
        return ["units"]
    if re.search(rf"{_DISTINCT} <value>", slots.text) and any(f["dimension"] == "category" for f in slots.filters):
        return ["products_sold"]
    if not named and (counted := _counted(slots)):
        return [counted]
    by_channel = {"channel", "spend_channel"} & set(slots.dimensions)
    if by_channel and "revenue" in named and ADVERTISING & set(named):
        named[named.index("revenue")] = "channel_revenue"  # what the platforms report, as their spend is
    each = (
        slots.measures.over is None
        and not {"orders_per_customer", "revenue_per_customer"} & set(named)
        and slots.has(
            r"\b(?:per|(?<!without )(?<!no )a|each|every|the average|mean|average)(?: \w+)? (?:customer|buyer|client)s?\b"
        )
    )
    if each and {"orders", "revenue", "spend"} & set(named):
        return ["orders_per_customer" if "orders" in named else "revenue_per_customer"]
    if len(named) > 1 and "customers" in named and not _counts_people(slots):
        named.remove("customers")  # "how much revenue did customers bring": who, not what is counted
    if named == ["customers"] and (spent := _what_they_spent(slots)):
        return spent
    if (beside := _counted_beside(slots, named)) is not None:
        return beside
    if "customers" in named and slots.has(_WHO_BOUGHT):
        named[named.index("customers")] = "ordering_customers"
    return named[:8] or ["revenue"]


def _counted_beside(slots: Slots, named: list[str]) -> list[str] | None:
    """Pieces or people that other words say are counted, None where they do not."""
    if named == ["revenue"] and slots.has(r"\bhow many\b.*\b(?:sell|sold)\b|\b(?:sell|sold|selling) any\b"):
        return ["units"]
    if named == ["average_unit_price"] and re.search(_AND_HOW_MANY, slots.text):
        return ["units", *named]
    people = slots.conditions.rule and slots.has(_PEOPLE) and (slots.grain or slots.dimensions or slots.periods)
    return ["ordering_customers"] if people and not named else None  # "repeat customers per month": they are counted


def _what_they_spent(slots: Slots) -> list[str]:
    """What customers are put in order by, or took, or have grown in; none where they are counted themselves."""
    if slots.has(_HOW_MUCH):
        return ["units", "revenue"]  # "how much of it did the Italians take"
    if slots.measures.change and slots.has(r"\bwhich (?:customers|clients|buyers)\b"):
        return ["revenue"]
    counting = slots.has(r"\b(?:how many|number of|count of)\b") and re.search(r"<metric>.*<dimension>", slots.text)
    counted = (
        counting
        or _most_people(slots)
        or slots.has(r"\b(?:by|in) (?:number of |count of )?(?:customers|buyers|clients)\b")
    )
    if not slots.top or counted:
        return []
    return ["orders"] if slots.has(r"\border|often|frequent") else ["revenue"]


def _counts_people(slots: Slots) -> bool:
    """ "How many customers", "customers, revenue and orders": customers are counted themselves."""
    heads = {said for said, name in phrases("metrics") if name == "customers"}
    listed = (re.escape(said) for mark, said in slots.taken if mark == "<metric>" and said in heads)
    return slots.has(
        r"\b(?:how many|number of|count of) (?:\w+ )?(?:customers|buyers|clients|people|shoppers)|customers and|and customers|^(?:the |our )*customers (?:by|per) \w+ and\b"
    ) or any(re.search(rf"(?<!\w){said} ?,|, ?{said}(?!\w)", slots.plain) for said in listed)


def in_terms_of(metrics: Collection[str], dimension: str) -> str:
    """What `dimension` is called where these metrics are cut by it: the channel of ads, the site of mentions."""
    if dimension != "channel":
        return dimension
    return (
        "spend_channel"
        if ADVERTISING & set(metrics)
        else "mention_source"
        if _OF_MENTIONS & set(metrics)
        else dimension
    )


def explained_by(metrics: list[str]) -> set[str]:
    """Words beside the names that the metrics account for: the "different" of different products."""
    said: set[str] = set()
    for name in metrics:
        said |= {"average", "mean", "avg"} if "per_" in name or "average" in name else set()
        said |= {"different", "distinct", "unique", "separate"} if name == "products_sold" else set()
        said |= {"often", "frequently"} if name == "orders" else set()
        said |= {"excluding", "without", "except", "minus"} if name == "gross_sales" else set()
    return said


def _most_people(slots: Slots) -> bool:
    """ "Which products have the most customers": how many they are, where something else is ranked by it."""
    most = any(re.fullmatch(r"(?:the )?(?:most|fewest|least)", said) for mark, said in slots.taken if mark == "<top>")
    return most and bool(slots.dimensions) and bool(re.search(r"<dimension>.*<top> <metric>", slots.text))


def _of_whom(slots: Slots, named: list[str]) -> list[str]:
    """Customers spend what the shop earns; "how many orders came in" asks for no money; "sales without refunds" are gross."""
    if "spend" in named and (_is_of_somebody(slots) or "customer" in slots.dimensions) and not slots.has(_ON_ADS):
        named[named.index("spend")] = "revenue"
    if len(set(named) - {"customers"}) > 1 and slots.has(_CAME) and not slots.has(rf"\bhow much {_CAME}"):
        named = [name for name in named if name != "revenue"]
    if slots.measures.over == "customers" and "spend" in named:
        named[named.index("spend")] = "revenue"
    once = len(re.findall(r"\b(?:orders?|invoices?|purchases?|transactions?)\b", slots.plain)) < 2
    if once and len(named) > 1 and re.search(r"\b(?:of|for|in|from|on|with) <metric> <orders>", slots.text):
        named = [name for name in named if name != "orders"]  # "average value of orders over 20": which, not how many
    return named


def _counted(slots: Slots) -> str | None:
    """What is counted where no metric is named: "how many of the cakestand", "what did video cost us"."""
    if slots.has(r"\bcosts? us\b|\bdid .* cost\b|\bspen[dt] on\b"):
        return "spend" if any(f["dimension"] in ("channel", "spend_channel") for f in slots.filters) else None
    if slots.dimensions and re.search(_MOST_OF_THEM, slots.text) and slots.has(r"\b(?:most|fewest|least)\b"):
        return "customers"  # "which channel has the most repeat customers"
    return "units" if slots.has(r"\bhow many\b") and not slots.dimensions else None


def _is_of_somebody(slots: Slots) -> bool:
    """Whether customers are named, or some of them: they spend, not the shop."""
    whose = {f["dimension"] for f in [*slots.filters, *slots.order_filters]}
    somebody = whose & {"country", "city", "known_customer", "customer_type", "category", "sku"}
    return bool("customers" in slots.metrics or slots.customer or somebody or slots.has(_PEOPLE))
