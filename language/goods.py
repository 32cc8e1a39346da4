# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""What is bought, in words: a product, a category, several of them, or anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from language.names import INSIDE

__all__ = ["SOMETHING", "Goods", "each_of", "named_goods"]

Node = dict[str, Any]
SOMETHING: Final = r"(?:anything|something|any|some|things?|products?|items?|goods|articles?|stuff)"
# Words that make the object of "bought" something else than goods: left to the other patterns.
_NO_GOODS: Final = frozenset(
    """
    again also always amount average and because before best by count different during each everything expected fewer
    first for frequently headcount how last least less like mainly month monthly more most mostly much never next not
    number off often on once online only orders over quarter rarely regularly since than their time times together too
    twice usually via when while with without year within lot many enough discount discounts sale at about it us you
    we they back until through in from to of ago day days week weeks months years nothing another others gone are there
    buy bought spend spent purchase purchased do does did is was were have has will would should can what which who new them please quarters distinct nowhere else elsewhere
    """.split()  # noqa: SIM905
)
_TAIL: Final = r"(?:^| )(?:(?:category|categories|department|range|products?|items?|goods|stuff|things|articles?|again|it|from us|with us|yet|already|both|at all|ever)(?: |$))+$"


@dataclass(frozen=True, slots=True)
class Goods:
    """What is known of the shop's words: `categories` and `channels` by their name in lower case, `others` (places,
    channels), `words` that occur in names of products, `written`: corrected words as the user wrote them, `quoted`:
    texts in quotes in their order."""

    categories: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    others: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    written: Mapping[str, str] = field(default_factory=dict)
    quoted: tuple[str, ...] = ()

    def category(self, name: str) -> str | None:
        """The category of that name, in one or many."""
        return next((self.categories[f] for f in (name, name.removesuffix("s")) if f in self.categories), None)


def named_goods(words: str, goods: Goods) -> Node | None:
    """What is bought as part of a condition ({} for anything); `any` or `all` of several; None: these are no goods."""
    words = words.replace(INSIDE, "")
    words = re.sub(rf"^(?:(?:a|an|any|the|some|one of (?:our|the|your)) )?{SOMETHING}\b ?", "", words.strip(" ,"))
    origin = bool(re.match(r"(?:from|in|of|out of)\b", words))
    words = re.sub(r"^(?:(?:from|in|of|out of|the|our|your|a|an|any|some|their|both|either)\b ?)*", "", words)
    words = re.sub(_TAIL, "", words.rstrip(" ,")).strip(" ,")
    if not words:
        return {}
    for word, group in ((" or ", "any"), (" and ", "all")):
        if word in words:
            parts = [named_goods(part, goods) for part in words.split(word)]
            return {group: parts} if all(parts) else None
    if category := goods.category(words):
        return {"category": category}
    told = words.split()
    if origin or len(told) > 6 or _NO_GOODS & set(told) or words in goods.others or told[0] in goods.others:
        return None
    if words == "<quoted>" and goods.quoted:
        return {"product": goods.quoted[0]}
    if "<" in words or not re.search(r"[a-z]", words):
        return None
    return {"product": " ".join(goods.written.get(word, word) for word in told)}


def each_of(what: Node, make: Callable[[Node], Node]) -> Node:
    """`make` for every product or category, joined as they are."""
    for group in ("any", "all"):
        if group in what:
            return {group: [each_of(part, make) for part in what[group]]}
    return make(what)
