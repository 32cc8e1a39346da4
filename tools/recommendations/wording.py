"""Next products and categories in words."""

from __future__ import annotations

from collections.abc import Sequence

from language.format import bullets, count, percent
from tools.declaration import answers
from tools.outcome import Outcome
from tools.recommendations.next_product import (
    NextBacktest,
    NextBestProduct,
    NextBestProductArguments,
    NextItem,
    next_best_product,
)

SHOWN = 5


@answers(next_best_product)
def next_items(outcome: Outcome[NextBestProductArguments, NextBestProduct]) -> str:
    """Next products and categories, and how good such recommendations were."""
    result = outcome.result
    best = result.products or result.categories
    if not best:
        whom = f"customer {result.customer}" if result.customer else "anybody"
        return f"**There is no next product to name for {whom}**: too little was bought to learn from."
    whom = f"For customer {result.customer}" if result.customer else "For most customers"
    tested = [_tested(test) for test in result.backtest if test.hit_rate is not None]
    parts = [
        f"**{whom}, next comes: {best[0].name}.**",
        _listed("Products", result.products),
        _listed("Categories", result.categories),
        outcome.said("Left out of rankings").strip(),
        f"On a later window: {'; '.join(tested)}." if tested else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _listed(title: str, items: Sequence[NextItem]) -> str:
    return f"{title}:\n\n{bullets([_item(item) for item in items[:SHOWN]])}" if items else ""


def _item(item: NextItem) -> str:
    who = f", first for {count(item.customers)} customers" if item.customers is not None else ""
    return f"{item.name}{who}"


def _tested(test: NextBacktest) -> str:
    method = "what buyers of the same items buy" if test.method == "item_item" else "overall best sellers"
    return (
        f"{percent(test.hit_rate)} of {count(test.customers)} customers bought a recommended {test.kind} "
        f"({method}; best sellers alone {percent(test.popularity_hit_rate)})"
    )
