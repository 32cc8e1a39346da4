"""What databases, mail and JSON can hold: text without zero bytes or halves of characters, numbers of 64 bits.

Every door takes JSON from outside, and JSON can say more than that ("\\u0000", "\\ud800", 1e400, a text of a gigabyte).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Unfit", "cleaned", "storable", "unfit"]

LONGEST_TEXT = 500_000  # characters; the longest text any tool takes is an email's HTML
DEEPEST = 60
LARGEST = 2**63 - 1
_HALF = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Unfit:
    """A value that cannot be kept: where it stands, and what is wrong with it, in words."""

    place: tuple[str, ...]
    why: str


def storable(text: str) -> str:
    """`text` without zero bytes, and with a question mark in place of each half of a character."""
    return text.replace("\0", "").encode(errors="replace").decode()


def cleaned(value: Any) -> Any:
    """A tree of JSON with every text in it, keys included, storable."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return {cleaned(key): cleaned(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(item) for item in value]
    return value


def unfit(value: Any) -> Unfit | None:
    """The first value of a tree of JSON that cannot be kept; None where all can."""
    for place, item in _values(value, ()):
        if why := _why_not(item, len(place)):
            return Unfit(place, why)
    return None


def _values(value: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield place, value
    if len(place) > DEEPEST:
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield place, key
            yield from _values(item, (*place, str(key)))
    elif isinstance(value, list | tuple | set | frozenset):
        for at, item in enumerate(value):
            yield from _values(item, (*place, str(at)))


def _why_not(value: Any, depth: int) -> str | None:
    if depth > DEEPEST:
        return "is nested too deep"
    if isinstance(value, str):
        if "\0" in value:
            return "holds a zero byte, which no text has"
        if _HALF.search(value):
            return "holds half of a character (a lone surrogate)"
        return f"has more than {LONGEST_TEXT:,} characters" if len(value) > LONGEST_TEXT else None
    if isinstance(value, int):
        return None if -LARGEST - 1 <= value <= LARGEST else "is a number of more than 64 bits"
    if isinstance(value, float) and not math.isfinite(value):
        return "is no finite number"
    return None
