"""How one number is set against another in words: "more than", "at least", "up to", "exactly"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

__all__ = ["BOUNDS", "COMPARED", "EQUAL", "either"]

_SAID: Final = {
    "gt": "more than, greater than, higher than, bigger than, larger than, over, above, exceeding, beyond, north of, >",
    "ge": "at least, no less than, no fewer than, minimum, min, a minimum of, upwards of, more than or equal to, >=",
    "lt": "less than, fewer than, lower than, smaller than, cheaper than, under, below, <",
    "le": "at most, no more than, not more than, up to, maximum, max, a maximum of, less than or equal to, <=",
}
BOUNDS: Final[Mapping[str, str]] = {words: way for way, said in _SAID.items() for words in said.split(", ")}
"""Words that bound a number, with the operator they mean."""
EQUAL: Final[Mapping[str, str]] = dict.fromkeys(("exactly", "only", "just", "equal to", "precisely", "="), "eq")
COMPARED: Final[Mapping[str, str]] = {**BOUNDS, **EQUAL}


def either(words: Iterable[str]) -> str:
    """A pattern for one of `words`, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))
