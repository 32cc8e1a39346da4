# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Everyday turns that mean the same as plainer ones, whatever the figure: "month wise", "in the last 30d", "since launch"."""

from __future__ import annotations

from typing import Final

from language.trade_questions import Turn

__all__ = ["EVERYDAY"]

_CUT: Final = r"country|category|product|item|sku|channel|customer|segment|city|campaign|day|date|week|month|quarter|year|region|state"
_ORDER: Final = r"order|basket|invoice|purchase|transaction|sale|cart|receipt"
_PIECE: Final = r"piece|unit|item|article|product"
_WE: Final = r"(?:we|the shop|the store|our shop|the business|the company)"
_TIMED: Final = (
    r"this|last|today|yesterday|week|month|quarter|since|so far|ytd|until|to date|(?:19|20)\d\d|q[1-4]"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
)
_COMPARING: Final = (
    r"than|versus|against|compar\w*|grow\w*|grew|chang\w*|up|down|more|less|fewer|better|worse|higher|lower|same|differ\w*"
    r"|r[io]se\w*|fall\w*|fell"
)
EVERYDAY: Final[tuple[Turn, ...]] = (
    (rf"\b(?:on |in )?(?:a |an )?({_CUT})[- ]?wise\b", r"by \1"),
    (r"\b(?:on |in )?(?:a )?(?:money|revenue|sales|value|turnover)[- ]?wise\b", "in revenue"),
    (r"\b(?:on |in )?(?:an )?orders?[- ]?wise\b", "by number of orders"),
    (r"\b(?:on |in )?(?:a )?(?:units?|quantity)[- ]?wise\b", "by units"),
    (r"\bper (day|week|month|quarter|year) (?:by|per|for|after|to) \1\b", r"per \1"),
    (r"\b(first|second|1st|2nd) (?:semester|half[- ]year)\b", r"\1 half"),
    (
        rf"\b(?:in|of|over) the (?:whole |entire |full )?(?:history|life) of (?:the|our|this) (?:shop|store|company|business)\b"
        rf"|\b(?:ever )?since (?:the |our )?(?:launch|start of (?:the|our) (?:shop|store|business)|day 1|{_WE} (?:started|opened|launched|began)|inception)\b(?=[?.!, ]*$|,)",
        "overall",
    ),
    (r"\bsingle (?=(?:biggest|largest|best|worst|highest|lowest|smallest|most|busiest)\b)", ""),
    (
        rf"\b(biggest|largest|best|worst|highest|lowest|smallest|busiest) single (?={_ORDER}|day|week|month|quarter|year)",
        r"\1 ",
    ),
    (rf"\b(?:cheapest|tiniest|littlest) (?=(?:{_ORDER})\b)", "smallest "),
    (rf"\b(?:priciest|dearest|most expensive|fattest|heaviest) (?=(?:{_ORDER})\b)", "largest "),
    (
        r"\b(?:explain|describe|clarify)(?: to me| me)? what (.{2,40}?) (?:stands? for|means?|is)\b",
        r"what does \1 mean",
    ),
    (r"\b(?:e?mails?|mailings) per (customer|person|head|recipient|client|buyer)\b", "emails sent per customer"),
    (
        rf"\b(?:average |mean |typical |usual |normal )?price (?:of|for|per) (?:1|an?|each|a single) (?:(?!(?:{_PIECE})\b)(\w+) )?(?:{_PIECE})\b(?! (?:called|named))",
        r"average price \1",
    ),
    (
        r"\b(dai|week|month|quarter|year)ly active (?:customers|buyers|users|shoppers|clients)\b",
        r"\1ly number of customers",
    ),
    (
        r"\b(cost|price|spend|spending|clicks|orders|sales|units|revenue|emails|visits) an? (click|order|customer|visit|day|week|month|year|head|person)\b(?! (?:ago|before|earlier|later|after))",
        r"\1 per \2",
    ),
    (r"\b(?:spend|spending) per (?:head|person)\b", "revenue per customer"),
    (r"\b(?:ad|ads|advertising|media|marketing) (?:euros|dollars|pounds|money|bucks)\b", "ad spend"),
    (r"\bconv(?:ersion)?s? rates?\b", "conversion rate"),
    (r"\b(?:checkouts started|started checkouts|begun checkouts)\b", "checkouts"),
    (r"\b(?:one|1)[- ]and[- ]done (?:customers|buyers|clients|shoppers|people|ones)\b", "onetime customers"),
    (r"\bre-?(?:buy|order|purchase) rate\b", "repeat rate"),
    (r"\b(?:the )?(gap|wait|time|days|pause) between (?=(?:2 )?(?:orders|purchases)\b)", "time between "),
    (
        r"\b(bought|ordered|purchased) from (?:the )?([\w-]+) and (?:also |then )?(?:bought |ordered )?from (?:the )?([\w-]+)\b(?= ?(?:[,.?!]|$))",
        r"\1 \2 and \1 \3",
    ),
    (r"\b(?:a )?(?:minimum|min)\.? (?:of )?(?=\d+ (?:orders?|purchases|pieces|units)\b)", "at least "),
    (r"\busers (?=(?:who|that|with|whose)\b)", "customers "),
    (r"\b(have|has|had) already (?=[a-z]+)", r"\1 "),
    (
        r",? (?:but|and|yet) ((?:this|last|in|since|during) [^,?.!]{2,20}?),? nothing(?: (?:yet|so far|at all|since))?(?= ?(?:[,?.!]|$))",
        r" but did not buy \1",
    ),
    (r"\b(?:how much )?money (?:(?:has|have) )?c[ao]me in\b", "how much revenue did we make"),
    (r"\bout(spend|sell)s?\b|\bout(spent)\b", lambda m: f"{m[1] or m[2]} more than"),
    (
        r"\b(?:group|kind|sort|type|class)s? of (?=(?:customers|clients|buyers|shoppers)\b(?:.*\b(?:most|best|least|biggest|highest)\b))",
        "segment of ",
    ),
    (r"\bsegment of (?:customers|clients|buyers|shoppers)\b", "segment"),
    (
        rf"^(?!.*\b(?:{_TIMED})\b)(.*?)\b(?:(up|down) )?(?:on|than|versus|against|to|with|compared (?:to|with)) (?:a|1) year (?:ago|before|earlier)\b",
        lambda m: f"{m[1]}{m[2] or ''} this year compared to last year",
    ),
    (rf"^(?!.*\b(?:{_COMPARING}|{_TIMED})\b)(.*?)\b(?:exactly |about )?(?:a|1) year ago\b", r"\1last year"),
    (r"\bas (?:of|at|per) (?=(?:the )?end of\b|(?:3[01]|2[89])\b)", "until "),
    (r"\b(?:the )?difference between (?=(?:gross|net)(?: \w+)? (?:and|versus) (?:gross|net)\b)", ""),
)
"""Applied after noise is gone, before anything is read."""
