"""What a ranking asks for beyond its figure: of what, in which order, how many rows or which one."""

from __future__ import annotations

import re
from typing import Any, Final

from language.slots import Slots
from language.vocabulary import DIMENSIONS
from tools.audience.asked import LIST

__all__ = ["ALL_BUCKETS", "PLACED", "WORSE", "counted_as", "descending", "ranked"]

ALL_BUCKETS = 500  # rows of a series: all of them
_KNOWN: Final = {"dimension": "known_customer", "operator": "eq", "value": "known"}
_BACK: Final = frozenset({"refunds", "refund_orders"})
_IN_PIECES: Final = r"\b(?:pieces?|units?|quantit(?:y|ies)|items)\b"
_BACK_TOO: Final = (
    rf"(?:{_IN_PIECES}|\b(?:sales|revenue|turnover|orders|sold)\b)(?: \S+)?,? (?:and|plus|&) "
    r"(?:the )?(?:refunds|returns)\b"
    r"|,? (?:refunds|returns) (?:too|as well)\b"
)
_IN_MONEY: Final = (
    r"\b(?:sum|amount|value)s? of (?:all )?(?:the |our )?(?:\w+ )?(?:credit|refund|return|cancell)"
    r"|\b(?:by|in) (?:the )?(?:value|money|amount|worth|revenue|total)\b|\bmoney\b"
)
_IN_TIMES: Final = (
    r"\b(?:often|frequently|times|number of (?:refunds|cancellations|returns)|by (?:count|number|orders))\b"
)
PLACED: Final = (
    r"\bwhere (?:does|do|did|would|is|are|was|were) .*\b(?:ranks?|ranked|stands?|stood)\b"
    r"|\bhow (?:does|do|did|is|are|was|were) .*\branks?(?:ed)?\b"
    r"|\b(?:which|what) (?:place|rank|position)\b|\brank of\b"
    r"|\brank(?= (?:among|amongst|within|in) (?!(?:revenue|turnover|sales|orders|units|descending|ascending)\b))"
)
"""Asks for the place of one among all."""
WORSE: Final = r"\b(?:worse|lower|smaller|weaker|less|fewer)\b"
_WHICH: Final = r"^(?:(?:and|so|but|then) )*which (?:1 |one )?(?:is|was|are|were)\b"
_BAD: Final = (
    r"refund|returned|cancel|unsubscribe|bounce|discount|cpc|cpa|complain|days_between"  # the most is the worst
)
_SELLS: Final = (
    r"\bwhat (?:sells?|sold|is selling|was selling|goes|do (?:people|customers|we|they) (?:buy|sell|order))\b"
)
_PRODUCTS: Final = frozenset({"product", "sku"})
_RANKS: Final = r"\brank(?:ed|ing|s)?\b|\bleague table\b|\bleader ?board\b"


def counted_as(slots: Slots, named: list[str]) -> list[str]:
    """The metrics a ranking is by, where other words say in what it counts: "most returned by pieces", "busiest"."""
    if _BACK & set(named):
        for pattern, name in ((_IN_PIECES, "units_returned"), (_IN_TIMES, "refund_orders"), (_IN_MONEY, "refunds")):
            if slots.has(_BACK_TOO):
                break  # two figures, and not the one in the other
            if slots.has(pattern):
                others = _BACK | {"units", "orders", "revenue"}
                return [name, *(metric for metric in named if metric not in others)]
        bare = slots.top and not slots.has(r"\b(?:revenue|turnover|net)\b")  # "the articles sold that came back most"
        return [metric for metric in named if not (bare and metric in ("units", "revenue"))]
    sold = named == ["revenue"] and not slots.has(r"\b(?:revenue|turnover|sales|net|income|takings)\b")
    if slots.rank.implied == "price" and (sold or not named):  # "the cheapest item we sold"
        return ["average_unit_price"]
    if named or not slots.rank.implied:
        return named
    goods = slots.rank.implied == "popular" and _PRODUCTS & set(slots.dimensions)
    return ["units"] if goods else ["orders"]


_WHO: Final = (
    r"^(?:and |so |ok )*(?:who|whom|which (?:customers?|clients?|buyers?|shoppers?))\b"
    r"|\bwho (?:is|was) (?:it|that|this|he|she)\b"
)


def ranked(slots: Slots, base: dict[str, Any], dimensions: list[str]) -> dict[str, Any] | str:
    """Order and number of rows."""
    if not slots.top and len(dimensions) == 1 and (counted := _counted(slots, base, dimensions[0])) is not None:
        return counted
    rank, ways = slots.rank, base["metrics"][0]
    down = descending(slots, ways)
    if slots.top and not dimensions and "grain" not in base:
        base, dimensions = _of_what(slots, base)
        if not dimensions and "grain" not in base and slots.has(r"^(?:and |so )*when\b"):
            base = base | {"grain": "month"}
    if slots.top and not dimensions and "grain" not in base and not base.get("filters") and slots.has(_WHICH):
        return "Which of what? Say it by its name: which country, which product, which month."
    if rank.place is not None and not dimensions and "grain" not in base:
        return "Which of what? Say of what there is a second: country, product, customer, month."
    if "having" in base and not dimensions and "grain" not in base:
        return "I cannot tell of what those are (“countries with over 100 orders”). Say of what there are rows."
    base = _of_rows(base, dimensions)
    if slots.top and base.get("share") and dimensions and "grain" not in base:
        base = base | {"order_by": f"{ways}_share"}
    ordered = {"order_by": ways, "descending": down} if slots.top and base.get("grain") else {}
    group = _best_of_each(slots, base, dimensions)
    if group:
        of = {"best_of": slots.limit} if (slots.limit or 1) > 1 else {}
        return base | {"best_per": group, "descending": down, "limit": min(100 * (slots.limit or 1), 1000)} | of
    turned = {} if down else {"descending": False}
    if rank.place is not None:
        return base | turned | ordered | {"limit": 1} | ({"position": rank.place} if rank.place > 1 else {})
    if ordered and not dimensions:
        return base | ordered | {"limit": slots.limit or (ALL_BUCKETS if rank.whole else 1)}
    if base.get("grain") and slots.has(_RANKS) and not dimensions:
        return base | {"order_by": ways, "limit": slots.limit or ALL_BUCKETS}
    if dimensions or slots.top:
        every = (
            rank.whole
            or slots.measures.having
            or re.search(r"\b(?:each|every|all)(?: of (?:the|our))? <dim|<each>", slots.text)
        )
        most = ALL_BUCKETS if base.get("grain") else 100 if every else LIST
        return base | {"limit": slots.limit or most} | turned
    return base


def _of_rows(base: dict[str, Any], dimensions: list[str]) -> dict[str, Any]:
    """Of customers those we know; of orders the sales, for a refund is no small one."""
    kept = [_KNOWN] if "customer" in dimensions and not _names_customers(base) else []
    kind = {"revenue": "sale", "refunds": "refund"}.get(base["metrics"][0])
    kept += [{"dimension": "kind", "operator": "eq", "value": kind}] if kind and "order" in dimensions else []
    return base | {"filters": [*base.get("filters", []), *kept]} if kept else base


def descending(slots: Slots, metric: str, *, comparing: bool = False) -> bool:
    """Whether the highest come first: the worst of what nobody wants is the most of it.

    `comparing`: of two or more answers, "which was lower" asks for the lowest.
    """
    if re.search(_BAD, metric):
        if slots.has(r"\b(?:worst|worse|poorest|weakest)\b"):
            return True
        if slots.has(r"\b(?:best|better)\b"):
            return False
    return not (slots.ascending or (comparing and slots.has(WORSE)))


def _counted(slots: Slots, base: dict[str, Any], dimension: str) -> dict[str, Any] | None:
    """ "How many countries did we sell to": how many rows there are; None where the rows themselves are asked for."""
    called = "|".join(DIMENSIONS.get(dimension, (dimension,)))
    if not slots.has(
        rf"\b(?:how many|number of|count of)(?: (?:different|distinct|various|of the|of our|our))* (?:{called})\b"
    ):
        return None
    sold = not slots.metrics or slots.has(r"\b(?:sell|sold|selling)\b")
    if dimension in _PRODUCTS and sold and "having" not in base:
        # "how many products did we sell": different ones, or pieces of them
        pieces = ["units"] if slots.metrics and not slots.has(r"\b(?:different|distinct|various)\b") else []
        whole = {name: value for name, value in base.items() if name != "dimensions"}
        return whole | {"metrics": ["products_sold", *pieces]}
    if "having" in base or base.get("grain") or slots.measures.any():
        return base | {"limit": ALL_BUCKETS} if "having" in base else None
    metric = "orders" if sold else base["metrics"][0]
    some = {"metric": metric, "operator": "gt", "value": 0}
    return base | {"metrics": [metric], "having": [some], "limit": ALL_BUCKETS}


def _best_of_each(slots: Slots, base: dict[str, Any], dimensions: list[str]) -> str | None:
    """ "The best product in each category", "the best category of every month"."""
    if not slots.top or not dimensions or slots.rank.place is not None:
        return None
    if base.get("grain") and slots.has(
        rf"\b(?:each|every|per|of all) {base['grain']}\b|\b(?:monthly|weekly|daily|yearly)\b"
    ):
        return "time"
    if not slots.measures.best_per or len(dimensions) < 2:
        return None
    first = re.match(r"[^<]*(?:<(?!dimension)[^<]*)*<each> <dimension>", slots.text)
    own = slots.dimensions[:1] == dimensions[:1]  # and not "the biggest customer of every country"
    return dimensions[0 if first and own else -1]  # "each channel's best category"


def _of_what(slots: Slots, base: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """ "The worst Sunday" is one of the Sundays; "the best tea" is one of the products."""
    filters = base.get("filters", [])
    if slots.has(_SELLS):
        return base | {"dimensions": ["product"]}, ["product"]
    dimensions = {one["dimension"]: one for one in filters}
    if "weekday" in dimensions:
        return base | {"grain": "day"}, []
    if "weekend" in dimensions:
        return base | {"grain": "week" if slots.has(r"\bweekends?\b") else "day"}, []
    goods = [one for one in filters if one["dimension"] in ("product", "category")]
    if slots.has(_WHO):
        return base | {"dimensions": ["customer"]}, ["customer"]
    if any(one["operator"] in ("eq", "contains") for one in goods) and "customers" not in slots.metrics:
        return base | {"dimensions": ["product"]}, ["product"]
    return base, []


def _names_customers(base: dict[str, Any]) -> bool:
    return any(one["dimension"] in ("customer", "known_customer", "customer_type") for one in base.get("filters", []))
