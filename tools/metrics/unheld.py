# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""What is said that no argument of a figure can hold: without it another question would be answered."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from core.calendar import whole_months
from language.negation import RULING_OUT
from language.periods import Period
from language.rules import previous_rule
from language.scene import Scene
from language.slots import Slots
from language.words import plain
from tools.metrics.earlier import has_rows
from tools.metrics.goods import goods_named, product_named
from tools.metrics.meant import OF_SALES, meant_metrics

__all__ = ["HEADS", "NOT_OF_ROWS", "THEIRS", "beyond_figures", "of_nobody", "unheld"]

NOT_OF_ROWS: Final = "I cannot limit a figure to the rows before. Name those you mean."
THEIRS: Final = r"\b(?:they|their|theirs|them|those|these) ?(?:customers|buyers|people)?\b"
HEADS: Final = frozenset({"customers", "ordering_customers"})
_RULED_OUT: Final = (
    rf"\b({RULING_OUT})(?: (?:any|all|the|on|in|at|from|of|for|during))*"
    r" <(?:metric|period|when|whose|top|limit)>"
)
_OF_THINGS: Final = r"(?:(?:and|so|which|what|how many|list|show|name|any|me|the|all|are|there) )*<dimension>"
_THINGS: Final = {"countries_served", "cities_served", "channels_used", "categories_sold", "products_sold", "skus_sold"}
_PEOPLE: Final = r"\b(?:who|whom|customers?|clients?|buyers?|shoppers?|people|they|their|them|those)\b"
_BOTH: Final = (
    r"\bboth\b(?! (?:the )?(?:days|dates|ends|included|inclusive|figures|numbers|values|years|months|sides|of))"
)
_POINTING: Final = r"\b(?:they|their|theirs|them|its)\b"
_WHOSE: Final = "Of whom, or of what? I cannot tell what that points to: name the customers, the product or the place in the question."
_WEEK: Final = 6  # days after the first
_OVERALL: Final = r"\b(?:compared (?:to|with)|versus|against|relative to|than) (?:(?:the|our) )?(?:overall|(?:shop|company|total|overall|general|country)(?: wide)? average|whole (?:shop|company)|average(?! (?:order|basket|price|unit|day|week|month)))\b"
_USUAL: Final = r"\b(?:compared? (?:to|with)|versus|against|than|above|below|over|under) (?:the |an? |our )?(?:average|usual|normal|typical) (?:day|week|month|quarter|year)\b"
_ONLY_THEN: Final = r"\b(?:sold|bought|ordered|selling) (?:only|just|exclusively) (?:in|during|on|at|over)\b|\b(?:only|exclusively) (?:sold|bought|ordered) (?:in|during|on|over)\b"
_TYPES: Final = {"known_customer", "customer_type", "weekend"}


def beyond_figures(slots: Slots, scene: Scene) -> str | None:
    """What was said that no argument can hold, where there is none for customers either."""
    if (said := unheld(slots, scene)) is not None:
        return said
    described = slots.conditions.rule is not None or slots.conditions.unclear
    if described or (slots.has(THEIRS) and previous_rule(scene) is not None):
        return (
            "I can tell that for the whole shop, or by country, channel, product and the like, not for some customers."
        )
    return None


def unheld(slots: Slots, scene: Scene) -> str | None:
    """What was said that no argument of a figure can hold: without it another question would be answered."""
    if strange := [name for name in slots.quoted if product_named(plain(name), "of", scene) is None]:
        names = " and ".join(f"“{name}”" for name in strange)
        return (
            f"I cannot tell what {names} is among the figures. Say it without the quotes, or whether it is a product."
        )
    if _of_rows(slots, scene):
        return NOT_OF_ROWS
    things = re.match(_OF_THINGS, slots.text) or _THINGS & set(slots.metrics[:1])
    if "purchase" in str(slots.conditions.rule) and things and not slots.has(_PEOPLE):
        return "Conditions on what was bought and what was not are of customers. Ask for the rows of each time instead."
    if (said := _sides(slots)) is not None:
        return said
    if slots.customer and slots.conditions.rule:
        return "I can give figures of one customer, or of those who meet a condition, but not of both at once."
    if re.fullmatch(r"[^<]*<metric> by <metric>[^<]*(?:<period>[^<]*)?", slots.text) and not {*slots.metrics} & HEADS:
        return "I can group by time, place, product and the like, not by another figure. Ask for each of the two by itself."
    if slots.grain and slots.has(r"\b(?:each|every)\b") and any(_is_shorter(p, slots.grain) for p in slots.periods):
        return "I can give the figure of one such time after the other. Ask with the days of each, with their years."
    many = r"\b(?:how many|number of|count of)\b"
    if slots.has(many) and not slots.metrics and _TYPES & set(slots.dimensions):
        return "How many of what: orders, customers or units? Ask with that word."
    if slots.horizon:
        return "Figures are of what has happened, not of days to come. Say the period by its dates."
    if (ruled_out := re.search(_RULED_OUT, slots.text)) and not _without_refunds(slots):
        return f"I cannot leave that out of a figure (“{ruled_out[1]} …”). Ask for what is to be in it."
    if re.search(rf"\b{RULING_OUT} (?:[\w'-]+ )+(?:and|or|nor) <value>", slots.text):
        return "I cannot tell whether both are to be left out. Say it for each: “without vouchers, without cups”."
    kinds = [(f["dimension"], f["operator"] in ("ne", "not_in")) for f in slots.filters]
    if any((name, True) in kinds and (name, False) in kinds for name, _ in kinds):
        return "In one and not in another of the same kind: no figure says that. Ask for one of them, or for both side by side."
    if re.search(r"<period> (?:and|versus|or) <period>", slots.text) and _of_unlike_length(slots.periods):
        return "I cannot set a month beside a whole year: say each period with its year, for example “May 2010 and May 2011”."
    return None


def of_nobody(slots: Slots, scene: Scene) -> str | None:
    """ "What did they spend", "its returns", after what names no customers and no product: of all would be another."""
    named = slots.filters or slots.order_filters or slots.conditions.nodes or slots.customer or slots.quoted
    rows = slots.dimensions or slots.top or slots.grain or {*slots.metrics} & HEADS
    if slots.has(r"\b(?:of|from|with|behind|after) it\b") and not (named or goods_named(slots, scene)[0]):
        return _WHOSE
    if slots.has(_BOTH) and not slots.conditions.nodes and not _are_two(slots, scene):
        return "Which two do you mean? Name them both."
    if slots.has(_POINTING) and not (named or rows or previous_rule(scene)) and not goods_named(slots, scene)[0]:
        return _WHOSE
    if slots.measures.per and slots.has(r"\b(?:customer|client|buyer|shopper) (?:spend|buy|order|pay|leave)s?\b"):
        return "I can average over time, or over customers, not over both in one answer. Ask for “revenue per customer” in that time."
    if {*slots.metrics} & {"largest_order", "smallest_order"} and slots.has(
        r"\bwhom?\b|\bwhen\b|\bwhich (?:customer|day)\b"
    ):
        return "I can tell how much that order was worth, not whose it was with it: ask “who placed the largest order”."
    return None


def _are_two(slots: Slots, scene: Scene) -> bool:
    """Whether two of a kind are named that "both" may be said of."""
    values = [f["value"] for f in [*slots.filters, *slots.order_filters]]
    several = sum(len(value) if isinstance(value, list) else 1 for value in values)
    named = max(several, len(slots.periods), len(slots.metrics), len(slots.dimensions))
    return named > 1 or len(goods_named(slots, scene)[0]) > 1


def _sides(slots: Slots) -> str | None:
    """What is set against something no figure can be set against."""
    if slots.has(_USUAL) or slots.has(_OVERALL):
        return (
            "I cannot set a figure against the usual or the overall one in one answer. Ask for both: the figure of those, "
            "and that of all, or the average per month or day."
        )
    if _never_then(slots):
        return "Those days of the week are none of the days you name. Say the days by their dates."
    if _apart_days(slots):
        return "Those are different days of the week at two times. Ask for each by its dates."
    if _in_both_ways(slots):
        return "I can compare days of the week, or parts of the day, or hours with their like. Say both sides in the same way, such as “by part of the day”."
    rule = str(slots.conditions.rule or "")
    if "start" in rule and set(meant_metrics(slots)) <= HEADS and (slots.measures.change or slots.when.against):
        return "How many met a condition at two times I cannot tell in one answer. Ask for each of the two."
    if slots.has(r"\bboth (?:channels|categories|countries|products|shops)\b"):
        return "Which two do you mean? Name them both."
    if "<compare>" in slots.text and _of_one_kind(slots):
        return "One side is of customers and the other of orders. Say both in the same way, such as “orders through …”."
    if slots.has(_ONLY_THEN) and not slots.has(_PEOPLE):
        return "What was sold then and at no other time I cannot tell. Ask for what was sold at each of the two times."
    return None


def _never_then(slots: Slots) -> bool:
    """ "Black Friday and the Saturday after": a day of the week that the few days named do not have."""
    wanted = {day for f in slots.order_filters if f["dimension"] == "weekday" and f["operator"] in ("eq", "in")
              for day in (f["value"] if isinstance(f["value"], list) else [f["value"]])}  # fmt: skip
    for period in slots.periods:
        if not wanted or period.start is None or period.end is None or (period.end - period.start).days > _WEEK:
            return False
        had = {(period.start + timedelta(days=n)).strftime("%A") for n in range((period.end - period.start).days + 1)}
        if not wanted <= had:
            return True
    return False


def _apart_days(slots: Slots) -> bool:
    """ "Monday to Wednesday this week against Thursday to Saturday last week"."""
    ranges = [
        words
        for mark, words in slots.taken
        if mark == "<when>"
        and re.search(r"(?:day|mon|tue|wed|thu|fri|sat|sun)s? ?(?:-|to|till|until|through) ?\w", words)
    ]
    return len(ranges) > 1 and len(slots.periods) > 1


def _in_both_ways(slots: Slots) -> bool:
    """ "In the evening or at noon", "Sundays against weekdays": two of one kind of thing, said in two ways."""
    named = {one["dimension"] for one in slots.order_filters}
    two = {"hour", "daypart"} <= named or {"weekday", "weekend"} <= named
    return two and slots.has(r"\b(?:or|versus|against|than|compared (?:to|with))\b")


def _of_one_kind(slots: Slots) -> bool:
    """ "Marketplace customers compared to the web shop": the same kind of thing, once of people and once of orders."""
    said = str(slots.conditions.rule)
    return any(f["operator"] == "eq" and f"'{f['dimension']}':" in said for f in slots.filters)


def _without_refunds(slots: Slots) -> bool:
    """What is left out are refunds, of a figure that holds none."""
    meant = meant_metrics(slots)
    return meant == ["gross_sales"] or ("refunds" in slots.metrics and set(meant) <= OF_SALES)


def _is_shorter(period: Period, grain: str) -> bool:
    """ "1 May, each year": days that are less than one of the units of time."""
    days = {"week": 7, "month": 28, "quarter": 90, "year": 365}.get(grain, 1)
    return period.start is not None and period.end is not None and (period.end - period.start).days + 1 < days


def _of_rows(slots: Slots, scene: Scene) -> bool:
    """ "What part of the whole are they", after a ranking: of its rows, which no figure can be limited to."""
    last = scene.last
    ranked = last is not None and last.tool == "query_metrics" and has_rows(last) and not last.arguments.get("rule")
    return ranked and slots.has(THEIRS) and slots.conditions.rule is None


def _of_unlike_length(periods: list[Period]) -> bool:
    months = [whole_months(p.start, p.end) if p.start and p.end else 0 for p in periods]
    return len(months) == 2 and 12 in months and bool({1, 3} & set(months))
