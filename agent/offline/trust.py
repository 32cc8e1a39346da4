"""What of a message may be answered where another part of it was not understood.

A part that could not be read may be about the others: "what sells most, …, only since September". What it could
narrow, or what points to it, is not answered: the answer would be to a wider question than the one asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from agent.offline.parts import ASKING
from language.requests import Request
from language.rules import previous_rule
from language.scene import Scene
from language.slots import Slots

__all__ = ["QUESTION", "doubtful", "says_too_little"]

QUESTION = r"^(?:and |so )*(?:how|which|who|whose|why|what|when|where|is|are|do|does|did|has|have|was|were)\b"
_POINTERS = frozenset(
    """
    it its that this those these they them their he she his her him one ones so then now again when where why who whom
    whose quickly fast soon long day days time times be been being can could will would may should does doing done go
    goes going say says said anything something everything nothing
    """.split()  # noqa: SIM905
)
"""Words that point to what was spoken of, or ask for a time, a place or a way of it."""
_POINTING = r"\b(?:it|they|them|that|those|these|she|he|her|his|him)\b"
_POINTS = (
    r"\b(?:it|its|they|them|their|those|these|she|he|him|her|his)\b"
    r"|\b(?:is|was|does|did|of|about|with|from|by|for|to) (?:that|this)\b(?! (?:year|month|week|quarter|day|time)\b)"
)
_ASKS = (
    r"(?i)(?:(?:and|but|then|also|so|now|ok|please|first|second|third)[, ]+)*"
    r"(?:what|how|who|which|whom|whose|when|where|why|is|are|do|does|did|can|could|was|were|show|list|give|tell|compare|find|count)\b"
)
_SUPPOSED = r"(?i)(?:and |but |so )*(?:what (?:if|would)|how would|if|suppos\w+|assum\w+|imagin\w+)\b"
_TOPIC = 2  # words: fewer only say what the rest is about
_ENDS = r"[?!.;:]\s*$"
_NARROWS = (
    r"\b(?:only|just|not|no|without|except|excluding|excl|but|other than|leave out|leaving out|ignor\w+|skip\w*|aside"
    r"|excluded|apart)\b"
)


def doubtful(
    clauses: Sequence[str], understood: Sequence[bool], acts: Sequence[bool], read: Callable[[str], Slots]
) -> list[int]:
    """Which of the understood clauses are not to be answered; `acts` says of each whether it would do something."""
    lost = [at for at, known in enumerate(understood) if not known]
    found = [at for at, known in enumerate(understood) if known]
    if not lost or not found:
        return []
    slots = {at: read(clauses[at]) for at in range(len(clauses))}
    return [at for at in found if any(_may_change(at, other, clauses, slots, acts=acts[at]) for other in lost)]


def _may_change(at: int, lost: int, clauses: Sequence[str], slots: dict[int, Slots], *, acts: bool) -> bool:
    if lost == at - 1 and slots[at].has(_POINTS):
        return True
    if lost == at + 1 and len(clauses[at].split()) < _TOPIC:  # "returns. which products …"
        return True
    asks = re.match(_ASKS, clauses[lost]) is not None
    if acts and not asks:
        return True
    between = clauses[min(at, lost) : max(at, lost)]
    apart = any(re.search(_ENDS, clause) for clause in between)
    if apart and asks:
        return False
    if not apart and (
        not asks or re.match(_SUPPOSED, clauses[lost]) or slots[lost].has(_NARROWS)
    ):  # a part of the same sentence
        return True
    own = slots[at].metrics or slots[at].conditions.nodes or slots[at].customer or slots[at].quoted
    if lost < at and not apart and not own:  # "…, and which day was the most": of the figure that was not understood
        return True
    other = slots[lost]
    if other.periods and not slots[at].periods:
        return True
    whose = other.metrics or other.dimensions
    return not asks and not whose and bool(other.filters or other.order_filters or other.has(_NARROWS))


def says_too_little(request: Request, slots: Slots, scene: Scene) -> bool:
    """ "How quickly?", "what was on it?": words that may be said of anything, and that nobody asks for this with."""
    known = previous_rule(scene) is not None or (scene.last is not None and scene.last.arguments.get("customer"))
    if slots.marks() - {"<grain>"} or slots.quoted or known:
        return False  # "which day", after something else, is no question of its own
    said = _content(slots.plain)
    if not said:
        return slots.has(QUESTION) and slots.plain.strip(" ?.!") not in {s.strip(" ?.!") for s in request.spoken}
    return len(said) == 1 and slots.has(_POINTING) and said not in map(_content, request.spoken)


def _content(text: str) -> set[str]:
    """The words that say what something is about."""
    return set(re.findall(r"[a-z][a-z'-]+", text)) - ASKING - _POINTERS
