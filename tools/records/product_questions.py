# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""How people ask what a product is, what it costs, and since when it is sold."""

from __future__ import annotations

import re
from typing import Final

from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots
from language.whole_clause import CODE, WholeClause, whole_clause
from tools.metrics.goods import product_named

__all__ = ["PRODUCT"]

_CODE: Final = (
    rf"\b(?:(?:product|article|item|sku|stock ?code|code)s? (?:number |code |no\.? |nr\.? )?#?)?(?P<code>{CODE})"
)
_PRICE: Final = r"(?:(?:unit |selling |sales |retail |list )?price|price tag)"
_TAKEN: Final = r"(?: (?:(?:we )?(?:ever )?(?:took|take|charged?|asked|got|sold it for)|ever|that we (?:ever )?(?:took|charged)|paid))*"
_FOR_ONE: Final = r"(?: for (?:1|an?|one) (?:piece|unit|pc|item)(?: of)?| per (?:piece|unit|item))?"
_LOW: Final = r"(?:lowest|cheapest|minimum|min|smallest)"
_HIGH: Final = r"(?:highest|maximum|max|dearest|top)"
_SOLD_IT: Final = (
    r"(?:selling|sold|been selling|been sold|on sale|in the (?:shop|range|assortment|catalogue)|available|there)"
)
_ASKED: Final = (
    (("lowest_price", "highest_price"), rf"\b(?:lowest|cheapest) (?:and|or|&) (?:the )?(?:highest|dearest) {_PRICE}{_TAKEN}{_FOR_ONE}|\b(?:highest|dearest) (?:and|or|&) (?:the )?(?:lowest|cheapest) {_PRICE}{_TAKEN}{_FOR_ONE}"),
    (("lowest_price",), rf"\b{_LOW} {_PRICE}{_TAKEN}{_FOR_ONE}\b"),
    (("highest_price",), rf"\b{_HIGH} {_PRICE}{_TAKEN}{_FOR_ONE}\b"),
    (("lowest_price", "highest_price"), r"\bprice range\b"),
    (("price",), rf"\b(?:what do we (?:charge|ask|take) for|how much do we (?:charge|ask|take) for|(?:usual|normal|current|regular|typical) {_PRICE}|{_PRICE})\b(?: tag)?"),
    (("first_sold",), r"\b(?:since when|when)(?: (?:is|are|was|were|do|did|have|has|we|it|they|first|been))* (?:sell|sold|selling|on sale|launched|start(?:ed)? selling|introduced|available|stocked|in the (?:shop|range))(?: it| them)?(?: for the first time| first)?\b"),
    (("first_sold",), r"\bsince when(?: (?:is|are|do|did|have|has|we|it|they|been|had|had it|the|product|<goods>))*\b|\b(?:first|launch) (?:sale|sold|day of sale)(?: day| date)?\b|\bfirst sold\b"),
    (("last_sold",), r"\b(?:when (?:was|were|did) (?:it|they|we)?\s?(?:last sold|sell (?:it|them) last)|last sold|last sale)\b"),
    (("units",), r"\b(?:how many|number of|quantity)(?: (?:of (?:it|them|those|these)|bags?|pieces|pcs?|units|items|boxes))*(?: (?:did we|have we|were|was|we|has|have|been))*(?: (?:move|moved|sell|sold|shifted|shift|ship|shipped|sales?|gone|go))*(?: since then| since)?\b"),
    (("units",), r"\b(?:bags|pieces|pcs|units)(?: (?:sold|moved))?(?: since then)?\b"),
    (("revenue",), r"\b(?:how much (?:money|revenue|turnover)|revenue|turnover|sales)(?: (?:did|has|have|does) (?:it|that|this|they) (?:make|made|bring|brought|generate)(?: in)?)?(?: since then)?\b"),
    (("name",), r"\b(?:what (?:is|are) (?:it|this|that)(?: called)?|what (?:is|are) (?:<goods>(?= |[?.! ]*$)(?: called)?)|what (?:is|are)(?= .*\bcalled\b)|what (?:product|article|item) is(?: (?:it|this|that))?|what does (?:it|this|that) stand for|name|called|description)\b"),
)  # fmt: skip
_COST: Final = (
    r"\b(?:what|how much) (?:does|do|did|is|are|was) (?P<what>.+?) (?:cost|costing|sell for|go for|priced at)\b"
)
_ASIDE: Final = r"\bi forgot\b|\b(?:freebies|free ones|zero prices?|giveaways|samples)(?: (?:not counted|excluded|left out|aside))\b|\b(?:not counting|excluding|ignoring|without) (?:the )?(?:freebies|free ones|zero prices?|giveaways)\b|\bhave you got\b|\bever\b|\b(?:so far|to date|until now|by now|since then)\b"
_OTHER: Final = r"\b(?:average|mean|median|most|best|top|least|worst|each|every|per|change\w*|compare\w*|increase\w*|raise\w*|rais\w*|higher|lower|cheaper|than|if|should|customers?|who|which|orders?|by)\b"


def product(slots: Slots, scene: Scene) -> list[Call] | None:
    """The facts of a product a clause asks for; None where any word of it says more than that."""
    clause = whole_clause(_without_codes(slots), scene)
    if clause is None or clause.country or clause.has(_OTHER) or clause.customer:
        return None
    code = clause.take(_CODE, "<goods>")
    about = _about(clause)
    clause.drop(_ASIDE)
    named = clause.as_written(code["code"]) if code else _by_words(clause, scene)
    clause.drop("<goods>")
    if not about or named is None or not clause.is_explained():
        return None
    sold = bool({"units", "revenue"} & set(about))
    alone = sold and not {"name", "price", "lowest_price", "highest_price", "first_sold", "last_sold"} & set(about)
    dated = set(about) & {"first_sold", "last_sold"} and clause.period
    if slots.has(r"\bcalled\b") and set(about) <= {"name", "units", "revenue"}:
        return None  # what is said of its name by figures
    if alone or dated or (clause.period and about == ["name"]):
        return None  # a figure of a product, as of anything else
    return [Call("product_facts", {"product": named, "about": about} | clause.days())]


def _about(clause: WholeClause) -> list[str]:
    """What is asked, in the order it is told."""
    found: list[str] = []
    if clause.take(_COST, lambda match: f" {match['what']} "):
        found.append("price")
    for names, pattern in _ASKED:
        while clause.take(pattern, " "):
            found += [name for name in names if name not in found]
    if {"lowest_price", "highest_price"} & set(found):
        if clause.take(rf"\b(?:the )?{_LOW}\b", " "):
            found.append("lowest_price")
        if clause.take(rf"\b(?:the )?{_HIGH}\b", " "):
            found.append("highest_price")
        found = [name for name in found if name != "price"]
    return list(dict.fromkeys(found))


def _without_codes(slots: Slots) -> Slots:
    """ "Units of 85123A": a code that was found is left where it stands, to be read here; so is a number of nobody yet."""
    from dataclasses import replace

    filters = [f for f in slots.filters if f["dimension"] != "sku"]
    coded = len(filters) < len(slots.filters)
    bare = slots.customer is not None and not re.search(
        r"\b(?:customers?|clients?|buyers?|cust|accounts?)\b", slots.plain
    )
    marks = [
        each
        for each in slots.taken
        if not (coded and re.search(CODE, each[1])) and not (bare and "<customer>" in each[0])
    ]
    return replace(
        slots,
        filters=filters,
        taken=marks,
        customer=None if bare and re.match(r"\d", str(slots.customer)) else slots.customer,
    )


def _by_words(clause: WholeClause, scene: Scene) -> str | None:
    """The product that what is left of the clause names."""
    left = re.sub(r"<[^>]*>", ",", clause.text)
    runs = [run.strip() for run in re.split(r"[,.;:?!()]| - ", re.sub(r"'s\b", "", left))]
    words = (
        r"(?:the|an?|our|of|for|is|are|was|do|we|did|have|has|it|them|to|in|on|and|what|how|one|1|piece|unit|sell|sold)"
    )
    named = [re.sub(rf"^(?:{words} )+|(?: {words})+$|^{words}$", "", run) for run in runs]
    named = [run for run in named if run]
    found = product_named(named[0], "of", scene) if len(named) == 1 else None
    if found is not None:
        clause.take(re.escape(named[0]), " ")
    return found


def _unsure(slots: Slots, scene: Scene) -> Answerable:
    return product(slots, scene) or "Which product? Give me its code or its name."


PRODUCT = Request("product_facts", "", _unsure, reads=product)
