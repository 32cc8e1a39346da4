"""What a clause was read as."""

from __future__ import annotations

from dataclasses import dataclass, field

from language.scene import Call
from tools.declaration import SubAgent

__all__ = ["Reading"]


@dataclass(slots=True)
class Reading:
    """What one clause asks: calls for sub-agents that have the tools, or words to say.

    `note` is said beside the answers, `refers` says that it builds on calls before it, `small` that nothing was asked,
    `lost` that words were not understood, `exact` that each of them was.
    """

    clause: str
    agents: tuple[SubAgent, ...] = ()
    calls: list[Call] = field(default_factory=list)
    said: str | None = None
    note: str = ""
    refers: bool = False
    small: bool = False
    lost: bool = False
    exact: bool = False
