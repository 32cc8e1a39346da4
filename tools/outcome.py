"""One call of a tool with its result, as wording, views and follow-ups see it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Generic, TypeVar

from language.format import amount, bullets
from tools.figures import unit_of
from tools.results import Arguments, ToolResult

__all__ = ["Outcome", "plain_words"]

A = TypeVar("A", bound=Arguments)
R = TypeVar("R", bound=ToolResult)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[A, R]):
    """Arguments and result of one call; the question it was made for and the tools called for the same question."""

    arguments: A
    result: R
    question: str = ""
    tools: tuple[str, ...] = ()

    @property
    def currency(self) -> str:
        """ISO code of money in the result."""
        return str(getattr(self.result, "currency", "") or "")

    def definition(self, name: str) -> str:
        """What `name` means, from the evidence; empty when it is not said there."""
        for said in self.result.evidence.definitions:
            if said.lower().startswith(f"{name}:"):
                return said.partition(":")[2].strip()
        return ""

    def said(self, start: str) -> str:
        """What the evidence says in lines that begin with `start`, as sentences after a space; empty without any."""
        lines = self.result.evidence.definitions
        return "".join(f" {line[:1].upper()}{line[1:]}" for line in lines if line.startswith(start))

    def asks(self, pattern: str) -> bool:
        """True when the question contains `pattern`."""
        return re.search(pattern, self.question, re.I) is not None


def plain_words(outcome: Outcome[A, R]) -> str:
    """The figures and texts of a result, a line each, for tools without a wording of their own."""
    model = type(outcome.result)
    said = []
    for name, field in model.model_fields.items():
        value = getattr(outcome.result, name)
        title = field.title or name.replace("_", " ").capitalize()
        if isinstance(value, int | float) and not isinstance(value, bool):
            said.append(f"{title}: {amount(value, unit_of(model, name), outcome.currency)}")
        elif isinstance(value, str) and name != "currency":
            said.append(f"{title}: {value}")
        elif isinstance(value, list):
            said.append(f"{title}: {len(value):,}")
    return bullets(said)
