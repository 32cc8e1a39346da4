"""One kind of request, as data."""

from __future__ import annotations

from dataclasses import dataclass

from agent.events import AgentName

__all__ = ["WHY_SCORE", "Intent"]


# One customer's score, asked for with its reason.
WHY_SCORE = (
    r"\b(?:why|how (?:healthy|loyal|price|sensitive|likely)|probability|chance|still|explain)\b.*"
    r"\b(?:health\w*|sensitiv\w*|loyal\w*|alive|leav\w*|churn\w*|risk|discounts?|customers?|active)\b"
)


@dataclass(frozen=True, slots=True)
class Intent:
    """One kind of request; `builder` names its builder.

    `cues` decide at once; `needs` are marks it cannot do without; `not_with` speaks against it, `must` is required.
    """

    name: str
    agent: AgentName
    builder: str
    examples: tuple[str, ...]
    cues: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    not_with: str = ""
    must: str = ""
