"""Several months (days, quarters, years) in a row: their figure in all and that of each, in one answer."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final

from core.calendar import whole_months
from language.periods import Period
from language.scene import Call
from language.slots import Slots

__all__ = ["in_a_row"]

_LISTED: Final = r"<period>(?:(?: ?,(?: and)?| and) <period>)+"
_APART: Final = r"\b(?:compare\w*|versus|against|or|each|respectively|separately|apart|than|difference|between)\b"
_GRAINS: Final = {1: "month", 3: "quarter", 12: "year"}


def in_a_row(slots: Slots, base: dict[str, Any]) -> Call | None:
    """One call for "orders in May and June"; None where periods are compared, or do not follow on each other."""
    periods = sorted(slots.periods, key=lambda p: str(p.start))
    steps = slots.measures.change and len(periods) > 2 and not slots.measures.per  # "growth Q1 to Q2 to Q3"
    together = slots.when.added_up or slots.when.against
    if len(periods) < 2 or together or (slots.measures.any() and not steps) or slots.has(_APART):
        return None
    if {"grain", "dimensions", "per", "share", "ratio"} & set(base) or not re.search(_LISTED, slots.text):
        return None
    grain = _grain(periods)
    follows = all(a.end and b.start == a.end + timedelta(days=1) for a, b in pairwise(periods))
    if grain is None or not follows:
        return None
    whole = Period(periods[0].start, periods[-1].end)
    rows = {name: value for name, value in base.items() if name != "limit"}
    return Call("query_metrics", rows | {"grain": grain} | ({"steps": True} if steps else {}) | whole.arguments())


def _grain(periods: list[Period]) -> str | None:
    """The unit that every one of the periods is one of."""
    if all(p.start and p.start == p.end for p in periods):
        return "day"
    lengths = {whole_months(p.start, p.end) if p.start and p.end else None for p in periods}
    return _GRAINS.get(lengths.pop() or 0) if len(lengths) == 1 else None
