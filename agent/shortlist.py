"""What helps a small model to choose: the few tools that come near its task, and the names that exist in their schemas.

Thirty tools at once are more than a small model keeps apart; a schema with the names that exist lets a server that
constrains what is written (llama.cpp, vLLM, Ollama) rule out the others. Every tool stays callable by its name.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from langchain_core.messages import AnyMessage

if TYPE_CHECKING:
    from agent.toolbox import ToolSpec
    from tools.catalogue import Catalogue

__all__ = ["constrained", "known_names", "nearest"]

# Arguments that hold names which describe_data lists, and the list they are in.
_LISTED: Final = {"metric": "metrics", "metrics": "metrics", "dimension": "dimensions", "dimensions": "dimensions"}
_FREE: Final = frozenset({"having"})  # may name a column that only the answer has


def nearest(
    specs: Sequence[ToolSpec], task: str, catalogue: Catalogue, *, most: int, used: Collection[str] = ()
) -> list[ToolSpec]:
    """The `most` tools whose declared questions, name and first line share most with `task`; `used` ones first."""
    words = {spec.name: _words_of(spec, catalogue) for spec in specs}
    common = Counter(word for known in words.values() for word in known)
    asked = set(_words(task))

    def nearness(spec: ToolSpec) -> float:
        shared = asked & words[spec.name]
        return 100 * (spec.name in used) + sum(math.log((1 + len(specs)) / common[word]) for word in shared)

    chosen = {spec.name for spec in sorted(specs, key=nearness, reverse=True)[:most]}
    return [spec for spec in specs if spec.name in chosen]


def known_names(briefing: Sequence[AnyMessage]) -> dict[str, list[str]]:
    """The names of metrics and dimensions that the briefing lists."""
    listed: dict[str, list[str]] = {}
    for message in briefing:
        told: Any = getattr(message, "artifact", None)
        for part in set(_LISTED.values()) if isinstance(told, Mapping) else set():
            listed[part] = [entry["name"] for entry in told.get(part) or []]
    return listed


def constrained(schema: Mapping[str, Any], known: Mapping[str, list[str]]) -> dict[str, Any]:
    """`schema` with an enum wherever an argument holds one of the names in `known`."""
    parts = dict(schema)
    if isinstance(parts.get("items"), Mapping):
        parts["items"] = constrained(parts["items"], known)
    if isinstance(parts.get("properties"), Mapping):
        parts["properties"] = {
            name: dict(part)
            if name in _FREE
            else _named(constrained(part, known), known.get(_LISTED.get(name, ""), []))
            for name, part in parts["properties"].items()
        }
    return parts


def _named(part: dict[str, Any], names: list[str]) -> dict[str, Any]:
    if not names:
        return part
    if part.get("type") == "array" and part.get("items", {}).get("type") == "string":
        return {**part, "items": {**part["items"], "enum": names}}
    return {**part, "enum": names} if part.get("type") == "string" else part


def _words_of(spec: ToolSpec, catalogue: Catalogue) -> set[str]:
    declared = catalogue.tools.get(spec.name)
    said = [request.examples for request in declared.questions] if declared else []
    return set(_words(" ".join([*said, spec.name.replace("_", " "), spec.description.partition("\n")[0]])))


def _words(text: str) -> list[str]:
    """Words of three letters and more, cut to a common stem's length: customer, customers."""
    return [word[:6] for word in re.findall(r"[a-z]{3,}", text.lower())]
