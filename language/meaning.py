# ruff: noqa: E501  (a table)
"""A clause as what it means apart from its names, days and numbers: the text that is compared with phrasings."""

from __future__ import annotations

import re
from typing import Final

from language.slots import Slots

__all__ = ["FEATURES", "features", "spoken"]

_WORDS: Final = {
    "<period>": "", "<earlier>": "than before", "<customer>": "customer 12345", "<rule>": "who meet a condition",
    "<value>": "there", "<share>": "what share of", "<change>": "change", "<compare>": "compared with",
    "<per>": "on average per month", "<top>": "best", "<limit>": "some", "<when>": "in the evening",
    "<quoted>": "that name", "<horizon>": "in the next weeks", "<grain>": "by month", "<unclear>": "who do something",
    "<each>": "in each", "<having>": "with at least some", "<running>": "running total of", "<why>": "why did",
    "<orders>": "", "<whose>": "from some customers", "<id>": "that one",
}  # fmt: skip
FEATURES: Final = (
    "<customer>", "<rule>", "<unclear>", "<dimension>", "<period>", "<grain>", "<value>", "<quoted>", "<horizon>", "<top>",
    "<share>", "<change>", "<per>", "<when>", "<id>", "<why>", "<each>", "<compare>",
)  # fmt: skip
_THEM: Final = r"\b(?:them|those|these|they|their|him|her|she|he|it)\b"


def spoken(slots: Slots) -> str:
    """The clause with general words for what was taken out of it, metrics and dimensions by their names."""
    text = slots.text
    for mark, names in (("<metric>", slots.metrics), ("<dimension>", slots.dimensions)):
        for name in names:
            text = text.replace(mark, name.replace("_", " "), 1)
        text = text.replace(mark, "figures" if mark == "<metric>" else "kind")
    for mark, words in _WORDS.items():
        text = text.replace(mark, words)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text)).strip(" ?!.,")


def features(slots: Slots) -> list[float]:
    """1 for each kind of thing the clause holds, else 0: the kinds of FEATURES, figures, customers, and "them"."""
    marks = slots.marks()
    counted = [name for name in slots.metrics if name != "customers"]
    return [
        *(float(mark in marks) for mark in FEATURES),
        float(bool(counted)),
        float("customers" in slots.metrics),
        float(slots.has(_THEM)),
    ]
