"""What of a message may be answered where another part of it was not understood.

A part that could not be read may be about the others: "what sells most, …, only since September". What it could
narrow, or what points to it, is not answered: the answer would be to a wider question than the one asked. Nor is a part
that only says of what or of whom the lost part asks, nor one that a part right beside it, no question of its own, says
more about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.offline.parts import ASKING, speaks_of_people
from agent.offline.roles import HARDLY, SMALL, roles_in
from analytics.text.roles import SPEECH
from language.requests import Request
from language.rules import previous_rule
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["QUESTION", "doubtful", "loses_its_rows", "says_too_little"]

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
# "With newsletter orders of 2024", "over all orders": of what is asked, and no figure that is asked for
_OF_WHAT = (
    r"(?:^|[,:;] ?)(?:and |so |but )*(?:with|over|of|in|for|from|by|per|among|across|on|at|within|during|concerning)"
    r" (?:(?:the|all|our|my|these|those|every|each|<value>|<whose>|<period>|<rule>) )*<metric>"
)
_OF_PEOPLE = r"\b(?:they|them|their|theirs)\b"
_TOTAL = r"\b(?:total|overall|altogether|everything|shop|all|whole)\b"
_THERE = (  # a place that was named before; "is there any" names none
    r"(?<!is )(?<!are )(?<!was )(?<!were )\bthere\b(?! (?:is|are|was|were|any|be|been|a|an|no|had|has|have)\b)"
)
_OF_WHAT_KINDS = frozenset({"product", "category", "sku"})
_SUBJECT_MARKS = {"<value>", "<rule>", "<customer>", "<dimension>", "<whose>"}
_SUBJECTS = ("customer", "rule", "filters", "among")  # arguments that say of whom or of what


@dataclass(frozen=True, slots=True)
class _Part:
    """One clause: its words, what was read in it, and the calls that answer it."""

    clause: str
    slots: Slots
    calls: Sequence[Call]
    acts: bool

    @property
    def asks(self) -> bool:
        return re.match(_ASKS, self.clause) is not None


def doubtful(
    clauses: Sequence[str], calls: Sequence[Sequence[Call]], acts: Sequence[bool], read: Callable[[str], Slots]
) -> list[int]:
    """Which of the understood clauses are not to be answered; `acts` says of each whether it would do something."""
    if len(clauses) < 2:
        return []
    parts = [_Part(each, read(each), made, act) for each, made, act in zip(clauses, calls, acts, strict=True)]
    alone = [at for at in range(1, len(parts)) if parts[at].calls and _leaves_its_subject(parts[at - 1], parts[at])]
    lost = [at for at, part in enumerate(parts) if not part.calls or at in alone]
    found = [at for at in range(len(parts)) if at not in lost]
    return sorted([*alone, *(at for at in found if any(_may_change(at, other, parts) for other in lost))])


def _leaves_its_subject(before: _Part, part: _Part) -> bool:
    """Whether a clause is of what the one before it names, and its calls are of something else.

    "Newcomers of May: what did they spend?" answered by another tool; "23084, what is it and how many did we sell".
    """
    if not before.calls:
        return False
    told, own = [[call.arguments for call in calls] for calls in (before.calls, part.calls)]
    if (
        part.slots.has(_THERE)
        and any(each.get("filters") for each in told)
        and (len(told) > 1 or not any(each.get("filters") for each in own))
    ):
        return True  # "Poland, Jan Feb Mar. how many people ordered there": in which of them
    if part.slots.marks() & _SUBJECT_MARKS:
        return False
    if any(name in each for each in own for name in _SUBJECTS):
        return False
    if part.slots.has(r"\b(?:they|them|their|it)\b") and not part.acts:
        return not any(each.items() & other.items() for each in map(_flat, own) for other in map(_flat, told))
    valued = any(f["dimension"] in _OF_WHAT_KINDS for each in told for f in each.get("filters", ()))
    other = part.asks and bool(set(part.slots.metrics) - set(before.slots.metrics))  # unlike "and how many in December"
    if valued and not other and not re.search(_TOTAL, part.slots.plain.replace("all time", "")):
        return True  # "do many of the teapots come back? pieces returned in % of pieces sold"
    one = any("customer" in each for each in told) and before.slots.customer is not None
    same = not re.search(_ENDS, before.clause) and not part.slots.has(_TOTAL)
    return one and same and {call.tool for call in part.calls} == {"query_metrics"}


def _flat(arguments: dict[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in arguments.items()}


def _may_change(at: int, lost: int, parts: Sequence[_Part]) -> bool:
    part, other = parts[at], parts[lost]
    if lost == at - 1 and (part.slots.has(_POINTS) or _asks_the_same(other, part)):
        return True
    if lost == at + 1 and len(part.clause.split()) < _TOPIC:  # "returns. which products …"
        return True
    if len(part.slots.metrics) <= 1 and not part.asks and re.search(_OF_WHAT, part.slots.text):
        return True
    about = lost == at + 1 and not (part.asks or part.acts)
    if about and other.slots.has(_OF_PEOPLE) and _of_people(part.slots):  # "newcomers of May. what did they spend"
        return True
    if part.acts and not other.asks:
        return True
    between = [each.clause for each in parts[min(at, lost) : max(at, lost)]]
    apart = any(re.search(_ENDS, clause) for clause in between)
    if apart and other.asks:
        return False
    if abs(at - lost) == 1 and not other.asks and not _is_talk(other.clause):
        return True
    return _is_narrowed(part, other, apart=apart, before=lost < at)


def _asks_the_same(before: _Part, part: _Part) -> bool:
    """ "How many mugs in November and how many in December": of the same, where nothing else is named."""
    told = set(part.slots.metrics)
    named = part.slots.marks() & _SUBJECT_MARKS or part.slots.has(_TOTAL)
    return bool(told) and told <= set(before.slots.metrics) and not named


def _of_people(slots: Slots) -> bool:
    return speaks_of_people(slots) or any("customers" in name for name in slots.metrics)


def _is_narrowed(part: _Part, other: _Part, *, apart: bool, before: bool) -> bool:
    """Whether the lost part may say more of this one: in the same sentence, or with a time or place of its own."""
    narrows = other.slots.has(_NARROWS)
    if not apart and (not other.asks or re.match(_SUPPOSED, other.clause) or narrows):
        return True
    slots = part.slots
    own = slots.metrics or slots.conditions.nodes or slots.customer or slots.quoted
    if before and not apart and not own:  # "…, and which day was the most": of the figure that was not understood
        return True
    if other.slots.periods and not slots.periods:
        return True
    whose = other.slots.metrics or other.slots.dimensions
    return not other.asks and not whose and bool(other.slots.filters or other.slots.order_filters or narrows)


def _is_talk(clause: str) -> bool:
    """Nothing of it may be a part of a question."""
    words = [role for role in roles_in(clause).roles if role.word[0].isalnum() and role.word.lower() not in SMALL]
    return all(role.role == SPEECH and role.speech >= HARDLY for role in words)


def says_too_little(request: Request, slots: Slots, scene: Scene) -> bool:
    """ "How quickly?", "what was on it?": words that may be said of anything, and that nobody asks for this with."""
    known = previous_rule(scene) is not None or (scene.last is not None and scene.last.arguments.get("customer"))
    if slots.marks() - {"<grain>"} or slots.quoted or known:
        return False  # "which day", after something else, is no question of its own
    said = _content(slots.plain)
    if not said:
        return slots.has(QUESTION) and slots.plain.strip(" ?.!") not in {s.strip(" ?.!") for s in request.spoken}
    return len(said) == 1 and slots.has(_POINTING) and said not in map(_content, request.spoken)


def loses_its_rows(slots: Slots, calls: Sequence[Call], scene: Scene) -> bool:
    """ "The same but ranked by orders", after a ranking, as one figure of all."""
    last = scene.last
    if last is None or not last.arguments.get("dimensions") or not slots.has(r"\bsame\b"):
        return False
    return any(call.tool == last.tool and not call.arguments.get("dimensions") for call in calls)


def _content(text: str) -> set[str]:
    """The words that say what something is about."""
    return set(re.findall(r"[a-z][a-z'-]+", text)) - ASKING - _POINTERS
