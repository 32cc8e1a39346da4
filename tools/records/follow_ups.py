"""The same orders of other days: "and in 2024?"."""

from __future__ import annotations

from language.followups import is_elliptic
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["other_days"]


def other_days(slots: Slots, scene: Scene) -> list[Call] | None:
    """The call before with other days, where the clause says nothing else."""
    last = scene.last
    said = slots.marks() - {"<period>"} or slots.metrics or slots.filters or slots.customer
    if last is None or said or len(slots.periods) != 1 or not is_elliptic(slots) or last.arguments.get("order"):
        return None
    kept = {name: value for name, value in last.arguments.items() if name not in ("start", "end")}
    return [Call(last.tool, kept | slots.periods[0].arguments())]
