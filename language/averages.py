# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Averages in words: of a figure over days, weeks and months, or over orders, customers and whatever else is counted."""

from __future__ import annotations

from typing import Final

from language.words import Draft

__all__ = ["AVERAGE", "take_buckets", "take_kind_of_day", "take_over"]

AVERAGE: Final = r"(?:average|mean|typical(?:ly)?|normal(?:ly)?|usual(?:ly)?|(?:on|in) average)"
_NAMES = r"(?! (?:customer|client|buyer|shopper|person)\b)(?! (?:order|basket|invoice|ticket|cart|transaction|purchase|sale|review|star) (?:value|size|amount|worth|total|score|rating)\b)(?! (?:order|basket|invoice|ticket|cart|transaction|purchase|receipt)\b(?! (?:count|number|volume|lines?|items?)\b))(?! (?:baskets?|ratings?|(?:unit |item |selling )?prices?|(?:time|gap|days) between)\b)"  # what has "average" in its name
_STAT = r"(?<!i )(?<!you )(?P<stat>average|avg|mean|median|typical|normal|usual|maximum|max|minimum|min)" + _NAMES
_UNIT = r"(?P<unit>day|week|month|quarter|year)"
_EACH = r"(?:per|a|each|every|by|for (?:a|each|every|1))"
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|week ?day|working day|business day|day of (?:a|the) weekend|weekend day)"
_ADVERB = r"(?P<unit>dai|week|month|quarter|year)ly"
_BETWEEN = r"(?P<between>(?: [\w<>%-]+){0,6}?)"
_BUCKETS = (
    rf"\b{_STAT} {_ADVERB}\b",
    rf"\b{_ADVERB} {_STAT}\b(?: of)?",
    rf"\b{_STAT}{_BETWEEN} {_EACH} (?:calendar |single |whole )?{_UNIT}\b",
    rf"\b(?:per|a|each|every) {_UNIT},? (?:on|in) (?P<stat>average|the mean|the median)\b",
    rf"\b(?:(?:on|in) )?(?:an? |the |our )?(?P<stat>average|mean|median|typical|normal|usual) (?:calendar )?{_UNIT}\b(?! (?:of|by))",
    rf"\b(?:on|in) (?P<stat>average){_BETWEEN} (?:per|a|each|every) {_UNIT}\b",
    rf"\bhow (?P<stat>many|much){_BETWEEN} (?:a|per) (?P<unit>day)\b",
    rf"\bhow (?P<stat>many|much){_BETWEEN} a {_UNIT}\b",
)  # fmt: skip
# Days of one kind, each counted by itself: "on an average Saturday", "the average number of orders on a Monday".
_ON_DAYS = (
    rf"\b(?:(?:on|in|at|of) )?(?:an? |the |our )?(?P<stat>average|mean|median|typical|normal|usual) (?={_WEEKDAY}s?\b)",
    rf"\b(?P<stat>average|mean|median)\b{_NAMES}(?P<between>(?: [\w<>%-]+){{0,5}}?) (?:on|per|for|each|every) (?:an? |each |every )?(?={_WEEKDAY}s?\b)",
    rf"\b(?P<stat>per) (?:single )?(?!week ?days?\b)(?={_WEEKDAY}s?\b)",
)

# What else a figure is divided by: one of these, and which figure counts them.
_COUNTED: Final = {
    "lines": "(?:order |invoice )lines?|lines?|line items?|positions?",
    "discounted_orders": "discounted orders?|orders? with (?:a )?discounts?",
    "spend": "(?:ad|advertising|marketing|media) spend",
    "orders": "orders?|invoices?|purchases?|transactions?|baskets?|tickets?|sales? ?receipts?|checkouts?",
    "new_customers": "new (?:customers?|clients?|buyers?)|newcomers?|acquired customers?|customers? won",
    "customers": "customers?|buyers?|clients?|shoppers?|heads?|persons?|people|accounts?",
    "visits": "visits?|sessions?|visitors?", "refund_orders": "refunds?|returns?|credit notes?|cancellations?",
    "units": "units?|pieces?|items? sold",
    "emails_sent": "(?:sent )?(?:emails?|mails?|mailings?)", "clicks": "clicks?", "conversions": "conversions?",
}  # fmt: skip
_OVER = r"(?:per|(?:for|in|on|of) (?:each|every|an?|1)|(?:does|do|did|has|have|with) an?|(?:does|do|did) (?:the|our) (?=average|typical|normal|usual|mean)|each|every|divided by(?: the)?(?: number of)?|over the number of)"


_HOLDS = r"(?:hold|contain|have|include|carry|comprise)s?"


def take_buckets(draft: Draft) -> tuple[str, str] | None:
    """The unit of time a figure is averaged over and how, from "average per day", "monthly mean", "on a usual Friday"."""
    for pattern in _BUCKETS:
        if match := draft.take(pattern, lambda m: f"<per>{m.groupdict().get('between') or ''}"):
            draft.take(r",? ?\b(?:on|in) average\b", " ")
            return {"dai": "day"}.get(match["unit"], match["unit"]), _statistic(match["stat"])
    return None


def take_kind_of_day(draft: Draft) -> str | None:
    """How days of one kind are averaged; the days themselves are left to be read as a condition."""
    if draft.has(r"\bmedian (?:order|basket|invoice|aov|ticket)\b"):
        return None  # of orders, whatever the day
    for pattern in _ON_DAYS:
        if match := draft.take(pattern, lambda m: f"<per>{m.groupdict().get('between') or ''} on"):
            return _statistic(match["stat"])
    return None


def take_over(draft: Draft) -> str | None:
    """The figure that another one is to be divided by: "per invoice", "on an average order", "does a client"."""
    for name, nouns in _COUNTED.items():
        if draft.take(
            rf"\b{_OVER} ?(?:single |{AVERAGE} |one )?(?:<\w+> )?(?:{nouns})\b(?! (?:rate|value|size|base))(?: {_HOLDS}\b)?",
            "<over>",
        ):
            return name
    return None


def _statistic(word: str) -> str:
    for name, said in (("median", "median"), ("max", "max"), ("min", "min")):
        if said in word:
            return name
    return "mean"
