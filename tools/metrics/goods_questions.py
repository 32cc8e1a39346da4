"""How people ask what a product is called, and which products have a name."""

from __future__ import annotations

from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots

_SOLD = ["units", "revenue"]


def named(slots: Slots, _scene: Scene) -> Answerable:
    """The name that stands behind a code, with what was sold of it."""
    coded = [one for one in slots.filters if one["dimension"] == "sku"]
    if not coded:
        return "Which product? Give me its code, for example “what is 85123A called”."
    metrics = [name for name in slots.metrics if name not in _SOLD]
    asked = {"metrics": [*_SOLD, *metrics][:4], "dimensions": ["sku", "product"], "filters": slots.filters, "limit": 20}
    period = slots.periods[0].arguments() if len(slots.periods) == 1 else {}
    return [Call("query_metrics", asked | period)]


PRODUCT_NAME = Request(
    "product_name",
    """
        what is 85123A called | name of product 22423 | which product is 47566 | what is article 84879 |
        what does the code 21212 stand for | tell me the name of item 22720 | product name for sku 20725 |
        how do we call product 23084 | what's behind article number 22197 | sku 22383, which article is that |
        which item has stock code 21034 | description of product 22960 | whats 85099B | look up product 22138 |
        what kind of product is 79321 | under which name do we sell 22469 | title of the article 84946 please |
        what product is hiding behind 22086 and how much of it was sold | 23203 is what | name for code 22411 ?
    """,
    named,
    timed=True,
    needs=("<value>",),
    near_misses="""
        names of our customers | call customer 12345
    """,
)
