"""What goes on from a change taken apart: "which products?", "and by channel"."""

from __future__ import annotations

import re
from typing import Final

from language.requests import Answerable
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["by_another"]

_CUT: Final = (
    r"(?:(?:and|so|but|now|then|which|what|by|per|for each|in which|the|our|of|split|broken down)[, ]+)*<dimension>"
    r"(?: (?:was|were|is|are|did|it|that|those|please|then|too))*[?.! ]*"
)


def by_another(slots: Slots, scene: Scene) -> Answerable | None:
    """The same change by what is named; None where the clause stands by itself."""
    if scene.last is None or slots.metrics or slots.periods or slots.filters or not re.fullmatch(_CUT, slots.text):
        return None
    return [Call("explain_change", dict(scene.last.arguments) | {"dimensions": list(slots.dimensions)})]
