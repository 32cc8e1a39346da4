"""What goes on from the call before: as it was said, said more plainly, or part by part."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from agent.offline.followup import follow_up
from agent.offline.scene import past
from language.followups import OF_BOTH, continues
from language.references import point_back
from language.requests import Answerable, Noted, made
from language.scene import Call, Scene
from language.slots import Slots, read_slots
from language.turned import turned
from tools.catalogue import Catalogue

__all__ = ["continued"]

_TOGETHER: Final = r"(?:together|combined|added up|in sum|both of them)"
_ENDS: Final = re.compile(
    r"(?i)[,;:.!?]+ +(?=\w)|(?<=\w) (?=(?:and|but) )|(?<=together)(?<!put together) (?!with\b)|(?<=combined) (?!with\b)"
)
_MOST: Final = 3  # parts


def continued(clause: str, slots: Slots, scene: Scene, catalogue: Catalogue) -> Answerable | None:
    """The calls that the clause turns the last one into; None where it stands by itself."""
    if scene.unanswered or scene.last is None:
        return follow_up(slots, scene, catalogue)
    plainer = turned(clause, scene.last, lambda words: _is_of(words, scene))
    if plainer != clause.strip() and (again := _carried(plainer, scene, catalogue)) is not None:
        return again
    whole = follow_up(slots, scene, catalogue)
    if whole is not None and not isinstance(whole, str):
        return whole
    parts = _in_parts(plainer, slots, scene, catalogue)
    return whole if parts is None else parts


def _carried(clause: str, scene: Scene, catalogue: Catalogue) -> list[Call] | Noted | None:
    """The calls of one part; None where it does not surely go on from those before."""
    slots = read_slots(clause, scene)
    if slots.when.problems or point_back(slots, scene) is not None:
        return None
    calls = follow_up(slots, scene, catalogue)
    return None if calls is None or isinstance(calls, str) else calls


def _in_parts(clause: str, slots: Slots, scene: Scene, catalogue: Catalogue) -> Answerable | None:
    """ "Both weeks together, marketplace only": each part changes what the parts before have made of the call."""
    parts = [part.strip(" ,;:.!?") for part in _ENDS.split(clause)]
    parts = [part for part in parts if re.search(r"\w", part)]
    read = [read_slots(part, scene) for part in parts]
    goes_on = any(map(continues, read)) or slots.has(rf"\b{_TOGETHER}\b|{OF_BOTH}")
    if not 1 < len(parts) <= _MOST or not goes_on or _speaks_twice(read):
        return None
    seen = replace(scene, past=list(scene.past))
    calls: list[Call] | Noted | None = None
    for part in parts:
        plainer = turned(part, seen.last, lambda words: _is_of(words, scene)) if seen.last else part
        calls = _carried(plainer, seen, catalogue)
        if calls is None:
            return None
        seen.past += [past(call, catalogue) for call in made(calls)]
    return calls


def _speaks_twice(read: list[Slots]) -> bool:
    """Whether two parts name something of one kind: they stand beside each other, and neither changes the other."""
    named = [
        {f["dimension"] for f in (*slots.filters, *slots.order_filters)}
        | ({"<metric>"} if slots.metrics else set())
        | ({"<period>"} if slots.periods or slots.when.against else set())
        | ({"<cut>"} if slots.dimensions or slots.grain else set())
        for slots in read
    ]
    return sum(map(len, named)) > len(set().union(*named))


def _is_of(words: str, scene: Scene) -> bool:
    """Whether words name nothing but a figure or a condition that the last call has."""
    last, slots = scene.last, read_slots(words, scene)
    if last is None or re.search(r"[a-z]", re.sub(r"<[^>]+>|\b(?:the|number|of|by|in)\b", " ", slots.text)):
        return False
    had = [f["value"] for f in last.arguments.get("filters", [])]
    figures = bool(slots.metrics) and set(slots.metrics) <= {*last.arguments.get("metrics", ())}
    values = bool(slots.filters) and all(f["value"] in had for f in slots.filters)
    return (figures and not slots.filters) or (values and set(slots.metrics) <= {"customers"})
