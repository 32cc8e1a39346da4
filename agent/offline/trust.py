"""What of a message may be answered where another part of it was not understood.

A part that could not be read may be about the others: "what sells most, …, only since September". What it could
narrow, or what points to it, is not answered: the answer would be to a wider question than the one asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from language.slots import Slots

__all__ = ["doubtful"]

_POINTS = (
    r"\b(?:it|its|they|them|their|those|these|she|he|him|her|his)\b"
    r"|\b(?:is|was|does|did|of|about|with|from|by|for|to) (?:that|this)\b(?! (?:year|month|week|quarter|day|time)\b)"
)
_ASKS = (
    r"(?i)(?:(?:and|but|then|also|so|now|ok|please|first|second|third)[, ]+)*"
    r"(?:what|how|who|which|whom|whose|when|where|why|is|are|do|does|did|can|could|was|were|show|list|give|tell|compare|find|count)\b"
)
_TOPIC = 2  # words: fewer only say what the rest is about
_ENDS = r"[?!.;:]\s*$"
_NARROWS = (
    r"\b(?:only|just|not|no|without|except|excluding|excl|but|other than|leave out|leaving out|ignor\w+|skip\w*)\b"
)


def doubtful(
    clauses: Sequence[str], understood: Sequence[bool], acts: Sequence[bool], read: Callable[[str], Slots]
) -> list[int]:
    """Which of the understood clauses are not to be answered; `acts` says of each whether it would do something."""
    lost = [at for at, known in enumerate(understood) if not known]
    found = [at for at, known in enumerate(understood) if known]
    if not lost or not found:
        return []
    slots = {at: read(clauses[at]) for at in range(len(clauses))}
    return [at for at in found if any(_may_change(at, other, clauses, slots, acts=acts[at]) for other in lost)]


def _may_change(at: int, lost: int, clauses: Sequence[str], slots: dict[int, Slots], *, acts: bool) -> bool:
    if lost == at - 1 and slots[at].has(_POINTS):
        return True
    if lost == at + 1 and len(clauses[at].split()) < _TOPIC:  # "returns. which products …"
        return True
    asks = re.match(_ASKS, clauses[lost]) is not None
    if acts and not asks:
        return True
    between = clauses[min(at, lost) : max(at, lost)]
    apart = any(re.search(_ENDS, clause) for clause in between)
    if apart and asks:
        return False
    own = slots[at].metrics or slots[at].conditions.nodes or slots[at].customer or slots[at].quoted
    if lost < at and not apart and not own:  # "…, and which day was the most": of the figure that was not understood
        return True
    other = slots[lost]
    if other.periods and not slots[at].periods:
        return True
    whose = other.metrics or other.dimensions
    return not asks and not whose and bool(other.filters or other.order_filters or other.has(_NARROWS))
