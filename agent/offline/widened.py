""" "Plus Austria", "together with the French": a place or channel beside the one that the answer before is of."""

from __future__ import annotations

import re
from typing import Any, Final

from language.requests import Answerable
from language.scene import Call, PastCall
from language.slots import Slots

__all__ = ["widened"]

_BESIDE: Final = r"(?:added|included|on top|thrown in|counted in|taken in)(?: (?:to|of) (?:it|that|this|them))?"
_PLUS: Final = (
    r"(?:(?:and|now|ok|so|but|please|then|can you|could you)[, ]+)*"
    r"(?:(?:plus|add(?:ing)?|includ(?:e|ing)|(?:taken |put )?(?:together|<together>)(?: with)?"
    r"|combined with|along with)"
    r"(?: in| the| also)* <value>(?: <metric>)?"  # "the Belgians" are people
    rf"|(?:with )?(?:the )?<value>(?: <metric>)? (?:{_BESIDE}))"
    rf"(?:(?: (?:and|the|too|also|as well|in|to (?:it|that|this)|on top|please|{_BESIDE}))*(?: <value>)?)[?.! ]*"
)
_CANNOT: Final = (
    "The answer before is of no one such part, so I cannot add that one to it. Name all of them in one question."
)


def widened(slots: Slots, last: PastCall) -> Answerable | None:
    """The call before with more values of a kind it is limited to already; None where nothing is added."""
    if re.fullmatch(_PLUS, slots.text) is None or len(slots.filters) != 1 or slots.order_filters:
        return None
    (added,) = slots.filters
    if added["operator"] not in ("eq", "in"):
        return None
    name = {"query_metrics": "filters", "count_segment": "rule", "find_customers": "rule"}.get(last.tool)
    wider, found = _with(last.arguments.get(name or ""), added)
    return [Call(last.tool, last.arguments | {name: wider})] if name and found else _CANNOT


def _with(node: Any, added: dict[str, Any]) -> tuple[Any, bool]:
    """`node` with the values of `added` beside those of the same dimension or field, and whether there was such."""
    if isinstance(node, list):
        read = [_with(each, added) for each in node]
        return [each for each, _ in read], any(found for _, found in read)
    if not isinstance(node, dict) or "not" in node:
        return node, False  # beside what is ruled out nothing is put
    if added["dimension"] in (node.get("dimension"), node.get("field")) and node.get("operator") in ("eq", "in"):
        values = [*_values(node["value"]), *_values(added["value"])]
        return {**node, "operator": "in", "value": list(dict.fromkeys(values))}, True
    read_by = {key: _with(value, added) for key, value in node.items()}
    return {key: value for key, (value, _) in read_by.items()}, any(found for _, found in read_by.values())


def _values(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
