"""How one number is set against another in words: "more than", "at least", "up to", "exactly"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final

__all__ = ["BOUNDS", "COMPARED", "EQUAL", "bounds_first", "either"]

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

_COUNTED: Final = (
    "times?|orders?|purchases?|invoices?|units?|pieces?|items?|products?|articles?|lines?|customers?|buyers?|people"
    "|visits?|clicks?|opens?|days?|weeks?|months?|years?|categories|countries"
)
_NUMBER: Final = r"(?<![\w.,/+-])(?P<n>\d+(?:\.\d+)?(?: ?%)?)"
_MORE: Final = r"(?: ?\+| (?:or|and) (?:more|above|over|upwards|up)| upwards| or (?:higher|longer))"
_LESS: Final = r"(?: or (?:less|fewer|lower|shorter)| (?:or|and) (?:below|under))"
_AFTER: Final = tuple(
    (re.compile(rf"{_NUMBER}(?P<what> (?:{_COUNTED}))?(?:{said}|(?(what){more}|(?!)))(?![\w+])"), way)
    for said, more, way in (
        (_MORE, "(?: minimum| min| at (?:the )?least)", "at least"),
        (_LESS, "(?: maximum| max| tops| at (?:the )?most)", "at most"),
    )
)
_LED: Final = re.compile(rf"(?:\b(?:{'|'.join(BOUNDS)})|[<>=]) ?(?:the |a )?$")


def bounds_first(text: str) -> str:
    """ "3 times or more", "50+ units", "4 orders max": "at least 3 times", "at least 50 units", "at most 4 orders"."""
    for pattern, way in _AFTER:
        text = pattern.sub(partial(_turned, way), text)
    return re.sub(r"(?<![\w.-])(\d) or (\d) (?=(?:times|orders|purchases|invoices)\b)", _neighbours, text)


def _turned(way: str, match: re.Match[str]) -> str:
    if _LED.search(match.string[: match.start()]):
        return match[0]
    return f"{way} {match['n']}{match['what'] or ''}"


def _neighbours(match: re.Match[str]) -> str:
    low, high = int(match[1]), int(match[2])
    return f"between {low} and {high} " if high == low + 1 else match[0]


def either(words: Iterable[str]) -> str:
    """A pattern for one of `words`, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))
