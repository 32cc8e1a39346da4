"""One kind of request, as data."""

from __future__ import annotations

from dataclasses import dataclass

from agent.events import AgentName

__all__ = ["Intent"]


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
