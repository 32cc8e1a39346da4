"""A clause read by a grammar that has to explain each of its words: what it does not know, it does not read.

Customers, periods and values that were found stand in it as marks; a bare number such as "T156" or "536365" stays.
"""

from __future__ import annotations

import re
from typing import Any, Final

from language.calendar_phrases import as_dates
from language.periods import Period
from language.scene import Scene
from language.slots import Slots
from language.words import Draft

__all__ = ["CODE", "WholeClause", "customer_before", "whole_clause"]

CODE: Final = r"(?!(?:q|h|cw|kw|wk|fy|top)\d)(?:[a-z]{1,4}-?\d{3,}|(?!(?:19|20)\d\d\b)\d{5,}[a-z]{0,2})(?![\w.-])"
"""A number that customers, orders or products go by."""
_KEPT: Final = ("<period>", "<value>")
_PLACES: Final = ("country",)
_FILLER: Final = frozenset(
    """
    show list give tell me us a an the of in for with and or from our we have do does did was were is are it that this
    to please also there those these its all i need want see you can could at on what which as well so ok then
    """.split()  # noqa: SIM905
)


class WholeClause(Draft):
    """What is left to be explained of a clause, with the days and the country that were found in it."""

    def __init__(self, text: str, slots: Slots) -> None:
        super().__init__(text)
        self.customer = slots.customer
        self.period: Period | None = slots.periods[0] if slots.periods else None
        self.country: str | None = next((f["value"] for f in slots.filters), None)
        self.original = slots.original

    def drop(self, pattern: str) -> bool:
        """Take out every match of what says nothing more; whether there was any."""
        found = False
        while self.take(pattern, " "):
            found = True
        return found

    def is_explained(self) -> bool:
        """Whether nothing is left but marks and words that ask."""
        left = re.sub(r"<(?:period|value|customer)>", " ", self.text)
        return all(word in _FILLER for word in re.findall(r"[^\s,.;:?!()&-]+", left.replace("'s", " ")))

    def days(self) -> dict[str, str]:
        """The days as arguments."""
        return self.period.arguments() if self.period else {}

    def as_written(self, name: str) -> str:
        """Numbers may have capitals."""
        said = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self.original, re.I)
        return said[0] if said else name


def whole_clause(slots: Slots, scene: Scene) -> WholeClause | None:
    """The clause with marks for what was found; None where more was found than one period and one country."""
    if slots.when.problems or slots.when.against or len(slots.periods) > 1 or slots.quoted:
        return None
    if [f for f in slots.filters if f["dimension"] not in _PLACES or f["operator"] != "eq"] or len(slots.filters) > 1:
        return None
    text = as_dates(slots.plain, scene.today)[0]
    for mark, words in slots.taken:
        if mark in _KEPT or "<customer>" in mark:
            bare = re.sub(r"<[^>]*>", " ", words).strip()
            at = re.search(rf"(?<![\w<]){re.escape(bare)}(?![\w>])", text) if bare and bare == words else None
            if at is None:
                return None
            text = f"{text[: at.start()]}{mark}{text[at.end() :]}"
    return WholeClause(re.sub(r"\s+", " ", text).strip(), slots)


def customer_before(scene: Scene) -> str | None:
    """The one customer that the call before was about."""
    if scene.last is None:
        return None
    named: Any = scene.last.arguments.get("customer")
    filters = scene.last.arguments.get("filters") or ()
    of = [f["value"] for f in filters if f.get("dimension") == "customer" and f.get("operator") == "eq"]
    return named or (of[0] if len(of) == 1 else None)
