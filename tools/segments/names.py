# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Segments that a clause names: RFM segments, behaviours, and what stands in quotation marks."""

from __future__ import annotations

import re
from typing import Final

from language.slots import Slots
from language.vocabulary import phrases
from language.words import compiled

__all__ = ["name_said", "segments_in"]

_BEHAVIOURS: Final[dict[str, str]] = {
    r"high spenders?|big spenders?|top spenders?": "high_spender",
    r"frequent (?:shoppers?|buyers?)": "frequent_shopper",
    r"weekend (?:shoppers?|buyers?|ones)|weekenders?": "weekend_shopper",
    r"category[- ](?:focused|fans?|lovers?)(?: customers?)?": "category_focused",
    r"location[- ]clustered(?: customers?)?|local (?:shoppers?|customers?|buyers?)": "location_clustered",
    r"new (?:shoppers?|buyers?)": "new_shopper",
    r"inactive(?: ones| customers?)": "inactive",
    r"seasonal (?:spenders?|shoppers?|buyers?)": "seasonal_spender",
}


def segments_in(slots: Slots) -> list[str]:
    """Names in the order they occur; a longer name hides the shorter ones within it."""
    text = slots.plain
    known = [(re.escape(phrase), name) for phrase, name in phrases("segments")] + list(_BEHAVIOURS.items())
    # As names they may stand bare: "from loyal to lost", "the new ones".
    known += [(r"new(?= (?:to|into|customers|ones|segment))|(?<=from )new|(?<=to )new", "New"), (r"lost", "Lost")]
    taken: list[tuple[int, int, str]] = []
    for pattern, name in sorted(known, key=lambda pair: -len(pair[0])):
        for match in compiled(rf"\b(?:{pattern})\b").finditer(text):
            if all(match.end() <= start or match.start() >= end for start, end, _ in taken):
                taken.append((match.start(), match.end(), name))
    quoted = iter(slots.quoted)
    taken += [(m.start(), m.end(), name) for m, name in zip(re.finditer(r"<quoted>", text), quoted, strict=False)]
    return list(dict.fromkeys(name for _, _, name in sorted(taken)))


_NAME = r"[\"“'‘]?(?P<name>[\w][\w &'/-]{0,60}?)[\"”'’]?"
_NAMINGS = (
    rf"(?i)\b(?:as|called|named|titled|labelled|name it|call it|call them|name them|name (?:is|shall be|should be)|name ?:|named ?:|titled? ?:|under(?: the name)?(?: of)?)\s*:?\s+"
    rf"(?:a\s+segment\s+)?(?:called\s+|named\s+)?(?!(?:an?\s+|the\s+)?(?:new\s+)?(?:segment|group)\b){_NAME}\s*(?:$|[.?!]|[:,;(]\s|\s[-–=]\s)",
    rf"(?i)^(?:please )?(?:save|create|make|build|define|add|store|set up|new|segment)\b(?: me)?(?: an?| the| this)?(?: new)?(?: segment| group| audience)?:? +{_NAME}\s*(?::|=|[-–] )\s*\S",
    rf"(?i)^{_NAME}\s*=\s*\S",
)


def name_said(text: str) -> tuple[str, str] | None:
    """The name a segment is to get, as it is written, and the text without it."""
    named = next((match for pattern in _NAMINGS if (match := re.search(pattern, text))), None)
    if named is None:
        return None
    start, end = named.span("name")
    before, after = text[:start].rstrip(" \"“‘'"), text[end:].lstrip("\"”’'")
    return named["name"].strip(), f"{before} {after}"
