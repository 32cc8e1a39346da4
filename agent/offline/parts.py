"""What a clause is made of, where that alone tells which request it is."""

from __future__ import annotations

import re
from collections.abc import Set

from language.filler import FUNCTION
from language.residue import is_description
from language.shares import share_in
from language.slots import Slots

__all__ = ["ASKING", "PEOPLE", "by_parts", "is_figure", "is_takings", "marks_of", "speaks_of_people"]

PEOPLE = r"\b(?:customers?|people|buyers|shoppers|clients)\b"

ASKING = frozenset(
    """
    the a an our my all of in for from by to with on at and or but what which is was were are how much many show me give
    tell please total number do did we us have had there everywhere per each together sum only just altogether combined
    """.split()  # noqa: SIM905
)
"""Words that ask, and say nothing of what is asked."""
# "Repeat rate: customers with 2+ orders out of all"
_HEADED = r"(?:the |our )?<metric> ?: (?!.*\b(?:who|whose|which|what|how)\b(?! bought))"
# "Open rate of the last 5 campaigns", "how did the last newsletter do"
_LAST_SENT = (
    r"\b(?:last|latest|newest|(?:most )?recent|previous)(?: \d{1,3})? (?:e-?mail |sms |winback )?"
    r"(?:campaigns?|mailings?|newsletters?|blasts?)\b"
)
_OF_CAMPAIGNS = frozenset({"revenue", "orders"})  # credited or reported, and no figure of the shop by campaign
_AUDIENCE = (  # of the people in it, of its sending, or of what it caused
    r"\b(?:who|whom|customers?|people|buyers|status|state|far|progress|works?|worked|effect|lift|uplift|incremental"
    r"|caus\w+|control|significan\w*)\b"
)
_SUMS = frozenset({"revenue", "gross_sales", "orders", "units", "refunds", "discounts"})
# "Gross or net sales?", "churn definition"
_WHAT_IT_HOLDS = r"^(?:is (?:it|that|this) )?(?:gross or net|net or gross)\b|\b(?:definition|meaning)[?.! ]*$"
_RANKED_PLACE = r"(?:and |so )*(?:(?:show|give|tell|list|name)(?: me| us)? )?(?:the |our )?<top> <dimension>"
_HOW_MANY = r"(?:and |so |ok )*how many (?:(?:of )?(?:the |our |all )?<metric> |customers |people )?<rule>[?.! ]*"
_HEADS = r"\bnumber of (?:the |our |all )*(?:customers|people|buyers|shoppers|clients)\b"
# "What did customer 14646 buy most": what was, and no recommendation
_BOUGHT = (
    r"^(?:and |so )*(?:what|which (?:products?|items?|articles?|things?)) (?:did|has|have) .*"
    r"\b(?:buy|bought|order|ordered|purchased?)\b"
)
# "What do our champions buy"
_THEIR_GOODS = (
    r"^(?:and |so )*(?:what|which (?:products?|items?|articles?|things?)) (?:else )?(?:do|did|have|are) .*"
    r"\b(?:buy|buying|bought|order|ordered|purchased?)\b(?! (?:next|again|soon)\b)"
)
# "Which channel do champions come through": of their orders, and not what to send them
_THEIR_WAY = (
    r"^(?:and |so )*(?:(?:from|in|on|through|via|by|at) )?(?:what|which) [\w -]+? (?:do|did|have) (?!(?:we|i|you)\b).*"
    r"\b(?:buy|bought|order|ordered|shop|shopped|purchased?|come|came|use|used)\b(?! (?:next|again|soon)\b)"
)
# "what is a champion in your segmentation", "difference between hibernating and lost"
_DOING = r"how (?:is|are|was|were|did|has|have|does|do)\b"
_SET_AGAINST = frozenset("compare compared comparison versus with than previous before against".split())  # noqa: SIM905
_SELLING = frozenset("sell sells sold selling charge charged".split())  # noqa: SIM905
# "What do Tuesday mornings give?"
_YIELD = r"^what (?:do|does|did|will) .*\b(?:give|bring|make|yield)\b"
_TERM = r"(?:an? |the )*(?:<rule>|<metric>|<dimension>)"
_DEFINES = (
    r"^(?:so |and |then )*(?:what (?:is|makes|counts as)|explain|define|describe) an? "
    rf"{_TERM}(?: (?:in|for|to|here|customer|exactly)\b.*)?[?.! ]*$"
    r"|^(?:(?:so|and|what is|what are|explain|tell me|the|exact|me) )*(?:differences?|<change>) between "
    rf"{_TERM}(?: (?:and|or|versus) {_TERM})?[?.! ]*$"
)


def marks_of(slots: Slots) -> set[str]:
    """Kinds of things a clause holds."""
    marks = slots.marks() | ({"<rule>"} if slots.conditions.unclear else set())
    marks |= {"<their-goods>"} if slots.conditions.rule and slots.has(_THEIR_GOODS) else set()
    return marks | ({"<compare>"} if slots.has(r"\b(?:compar\w+|versus)\b") else set())


def by_parts(slots: Slots, marks: set[str]) -> str | None:
    """The request that what a clause is made of decides alone."""
    if re.match(_DEFINES, slots.text) and not (slots.periods or slots.filters or slots.customer or slots.grain):
        return "meaning"
    if slots.has(_WHAT_IT_HOLDS) and not (slots.periods or slots.filters):
        return "meaning"
    if (told := _by_what_is_counted(slots)) is not None:
        return told
    if re.match(_RANKED_PLACE, slots.text) and not (
        slots.conditions.nodes or slots.customer or "customers" in slots.metrics
    ):
        return "metrics"  # "show me the top country": a ranking of those, and no list of customers
    theirs = slots.conditions.rule and slots.dimensions and not slots.metrics and slots.has(_THEIR_WAY)
    if theirs or (slots.customer and slots.has(_BOUGHT)):
        return "metrics"
    against = slots.when.against or "<compare>" in marks
    if slots.metrics == ["customers"] and slots.periods and against and _is_bare(slots, _SET_AGAINST):
        return "metrics"  # "customers last month compared with the previous"
    if slots.customer and slots.grain and not slots.metrics and _is_bare(slots):
        return "metrics"  # "12347 month by month"
    if re.match(_HEADED, slots.text) and _counted(slots):
        return "metrics"
    groups = {part.get("field") for part in (slots.conditions.rule or {}).get("any", ())}
    if groups == {"rfm_segment"} and slots.has(r"\bhow many\b.*\beach\b"):
        return "customers_count"
    if len(slots.conditions.nodes) > 1 and re.fullmatch(_HOW_MANY, slots.text):
        return "customers_count"  # "how many champions are likely to leave": those, and not all who are
    if slots.top and slots.limit and slots.conditions.nodes and not (slots.metrics or slots.dimensions or slots.grain):
        return "customers_list"  # "top 5 at risk customers by value": those five, and not how many
    people = "customers_count" if slots.has(_HEADS) else "customers_list"  # how many, or which
    if _is_place(slots) or is_description(slots) or _ranks_customers(slots) or _has_habit(slots):
        return people
    if _is_count(slots) or _is_share(slots) or (_counted(slots) and is_figure(slots) and _is_bare(slots)):
        return "metrics"
    gone = slots.has(r"\b(?:left|churned|gone)\b") and not slots.conditions.nodes  # "share of customers who have left"
    if slots.measures.share and "<rule>" in marks and not _SUMS & set(slots.metrics) and not gone:
        return "customers_count"
    if slots.metrics[:1] == ["customers"] and re.search(r"<metric> with(?:out)? (?:more|fewer|less|any)\b", slots.text):
        return people  # and a condition that became no rule: it is asked about there
    return None


def _by_what_is_counted(slots: Slots) -> str | None:
    """Of the largest together, of the newest campaigns, or a figure that the parts make."""
    if _is_of_the_largest(slots):
        return "concentration"
    if slots.campaigns and not slots.conditions.nodes:
        return "campaign_results"
    if slots.has(_LAST_SENT) and not (slots.conditions.nodes or slots.customer or slots.has(_AUDIENCE)):
        return "campaign_results"
    if slots.top and slots.dimensions == ["campaign"] and slots.metrics and set(slots.metrics) <= _OF_CAMPAIGNS:
        return "campaign_results"
    return "metrics" if _is_figure_of_parts(slots) else None


def _is_of_the_largest(slots: Slots) -> bool:
    """ "What share of last year's revenue did the top 10 % of customers bring": those who spent most in that time."""
    nodes = slots.conditions.nodes
    spent = len(nodes) == 1 and (nodes[0].get("operator"), nodes[0].get("field")) == ("top_share", "monetary_value")
    named = slots.has(r"\d ?%")
    return (
        spent and named and slots.measures.share and bool(_SUMS & set(slots.metrics)) and not slots.conditions.unclear
    )


def _is_figure_of_parts(slots: Slots) -> bool:
    """ "How is Australia doing", "top customers in Spain this year", "which countries shrink"."""
    if slots.filters and any(mark == "<metric>" and re.match(_DOING, words) for mark, words in slots.taken):
        return True  # what it sold, and not how the shop does
    if "<together>" in slots.text and not (slots.conditions.nodes or slots.customer):
        return True  # "what goes with the pan"
    if slots.metrics == ["orders"] and any(f["dimension"].startswith("order_") for f in slots.order_filters):
        return True  # "how many invoices have just one line"
    if slots.top and slots.metrics == ["customers"] and slots.periods and not slots.conditions.nodes:
        return True  # by what they spent then, and not ever
    if not (slots.metrics or slots.conditions.nodes) and slots.measures.change and slots.has(r"\bwhich\b"):
        return bool(set(slots.dimensions) - {"rfm_segment", "campaign"})
    return False


def _is_share(slots: Slots) -> bool:
    """ "What share of May's buyers were new": of a whole that is counted, which no list and no cohort is."""
    split = share_in(slots.plain) if slots.measures.share and not slots.top and "<rule>" not in slots.marks() else None
    return split is not None and bool(slots.metrics) and not slots.has(r"\b(?:leav|left|churn|stay|again|likely)\w*\b")


def _counted(slots: Slots) -> list[str]:
    """The metrics that count or add up something other than customers."""
    return [metric for metric in slots.metrics if metric != "customers"]


def _is_bare(slots: Slots, more: Set[str] = frozenset()) -> bool:
    """Nothing but parts, and words that ask: "north american orders", "what was the revenue in May"."""
    words = set(re.findall(r"[a-z]+", re.sub(r"<[^>]*>", " ", slots.text)))
    return words <= ASKING | more and not slots.quoted and not slots.conditions.unclear


def is_takings(slots: Slots, goods: Set[str]) -> bool:
    """ "Total for 2011 without Germany", "how many tumblers in 2024": what was sold, as nothing else is named."""
    kinds = {"<value>", "<period>", "<when>", "<earlier>", "<compare>", "<share>", "<each>", "<top>", "<metric>"}
    words = set(re.findall(r"[a-z]+", re.sub(r"<[^>]*>", " ", slots.text))) - ASKING - _SELLING - FUNCTION
    sold = bool(words) and all({word, word.removesuffix("s"), word.removesuffix("es")} & goods for word in words)
    if sold and _counted(slots) and slots.marks() <= kinds | {"<grain>"} and not slots.conditions.unclear:
        return True  # "china teapot orders"
    total = slots.has(r"\b(?:total|together|sum)\b")
    said = slots.periods or total or (sold and (slots.top or slots.has(r"\bhow (?:many|much)\b")))
    asked = sold if words else slots.filters or (total and slots.periods)
    if not words and slots.order_filters and slots.has(_YIELD):
        asked = said = True
    if sold and slots.metrics == ["charged"]:  # "how much postage did we charge": what it brought
        slots.metrics = ["revenue"]
    named = slots.metrics not in ([], ["revenue"] if sold else []) or slots.quoted or slots.conditions.unclear
    return bool(asked and said and not named) and slots.marks() <= kinds


def _is_place(slots: Slots) -> bool:
    """ "Customers in Spain": which ones, not how many."""
    return slots.metrics == ["customers"] and bool(
        re.fullmatch(r"(?:the |our |all |show |me |list |find )*(?:<top> )?<metric> <value>[.?!]*", slots.text)
    )


def _has_habit(slots: Slots) -> bool:
    """ "Who mostly buys at night"."""
    whose = slots.order_filters and not (_counted(slots) or slots.periods or slots.dimensions or slots.top)
    return bool(whose) and slots.has(r"^(?:who|which (?:customers|people|buyers))\b")


def _ranks_customers(slots: Slots) -> bool:
    """ "Top 20 customers by number of orders": a list of customers, unless days or parts of the orders are named."""
    counted = set(slots.metrics) - {"customers", "orders", "revenue"}
    cut = (
        slots.periods or slots.filters or slots.order_filters or slots.dimensions or slots.grain or slots.measures.any()
    )
    if slots.horizon or slots.has(r"\b(?:valuable|worth|lifetime|value|clv|ltv)\b"):
        return False
    return slots.top and "customers" in slots.metrics and not counted and not cut and not slots.conditions.rule


def _is_count(slots: Slots) -> bool:
    """ "Number of customers", "how many customers are there": the figure and nothing else."""
    ask = r"(?:please |the |our |my |total |how many |number of |count of |what is )*"
    rest = r"(?: (?:do|did|are|is|have|has|there|we|in|total|overall|now|all|altogether|got|exist))*"
    return slots.metrics == ["customers"] and re.fullmatch(rf"{ask}<metric>{rest}[ ?.!]*", slots.text) is not None


def is_figure(slots: Slots) -> bool:
    """A metric or a cut is named, and no particular customers."""
    asked = _counted(slots) or slots.dimensions or slots.grain
    scoped = slots.metrics and (slots.periods or (slots.filters and slots.has(r"\b(?:how many|number of|count)\b")))
    beyond = slots.measures.any() or slots.order_filters
    one = "<customer>" in slots.marks() and not (asked and (slots.periods or slots.grain))
    return bool(asked or scoped or beyond) and "<rule>" not in slots.marks() and not one


def speaks_of_people(slots: Slots) -> bool:
    """Customers are named in it, or described, in whatever words."""
    people = slots.has(
        rf"{PEOPLE}|\b(?:who\w*|them|they|their|those|these|everyone|everybody|nobody|persons?|accounts?|members?|champions|spenders?)\b"
    )
    return people or bool(
        slots.customer
        or slots.conditions.unclear
        or {"<rule>", "<whose>"} & slots.marks()
        or "customers" in slots.metrics
    )
