"""Two groups of customers set against each other: the figures of each by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from language.conditions import Conditions
from language.measures import Measures
from language.requests import Answerable
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["each_group", "two_groups"]

_SPENT: Final = r"\b(?:spend|spent|spending|worth|bring|brought)\b"
_SIDES: Final = (
    r"<rule>(?: (?:[a-z]+|<metric>)){0,3} ?(?:<compare>|<change>|versus|against)"
    r"(?: (?:to|with|the|our|of|from|those|by|than))* ?<rule>"
)


def two_groups(slots: Slots) -> list[dict[str, Any]]:
    """The conditions of "repeat customers against those who bought once", where a figure of both is asked for."""
    nodes, asked = slots.conditions.nodes, slots.metrics or slots.has(_SPENT)
    return nodes if len(nodes) == 2 and asked and re.search(_SIDES, slots.text) else []


def each_group(
    slots: Slots, scene: Scene, sides: list[dict[str, Any]], figures: Callable[[Slots, Scene], Answerable]
) -> Answerable:
    """What `figures` makes of the clause for each of `sides`."""
    calls: list[Call] = []
    for side in sides:
        text = re.sub(_SIDES, "<rule>", slots.text)
        alone = replace(slots, text=text, conditions=Conditions([side], side, []), measures=Measures())
        built = figures(alone, scene)
        if not isinstance(built, list):
            return built
        calls += built
    return calls
