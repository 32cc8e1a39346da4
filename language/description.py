"""A description of customers in words as a rule tree: what the segment editor puts on its card."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from language.foreign import is_foreign
from language.residue import unexplained
from language.rules import asked_rule, untold_days
from language.scene import scene_of_data
from language.slots import read_slots

__all__ = ["Described", "described"]

_JOIN = re.compile(r"^(?:(?:and|or|but|who|that)\b[ ,]*)+")


@dataclass(frozen=True, slots=True)
class Described:
    """The rule of what was understood, and the parts that were not, in the writer's words."""

    rule: dict[str, Any] | None
    unclear: list[str]


def described(words: str, data: Mapping[str, Any]) -> Described:
    """`words` as a rule over `data` (a result of describe_data). Nothing is guessed: the rest is named."""
    if is_foreign(words):
        return Described(None, [words])
    slots = read_slots(words, scene_of_data(data))
    rule = asked_rule(slots)
    unclear = [_JOIN.sub("", part) for part in (*slots.conditions.unclear, *unexplained(slots))]
    if untold_days(slots):
        unclear += [f"{period.start or '…'} to {period.end or '…'}" for period in slots.periods]
    return Described(rule, list(dict.fromkeys(unclear)) or ([] if rule else [words]))
