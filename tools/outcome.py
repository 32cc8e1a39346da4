"""One call of a tool with its result, as wording, views and follow-ups see it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from language.format import amount, bullets
from language.markdown import as_text
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

    def as_text(self) -> Outcome[A, R]:
        """The same, with every text in arguments and result made one that Markdown shows as it is."""
        return replace(self, arguments=_as_text(self.arguments), result=_as_text(self.result))

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


M = TypeVar("M", bound=BaseModel)


def _as_text(model: M) -> M:
    """A copy of `model` with its texts escaped; the model itself where nothing in it needs that."""
    return _escaped(model.model_copy(deep=True)) if _has_signs(model) else model


def _has_signs(value: Any) -> bool:
    if isinstance(value, str):
        return as_text(value) != value
    if isinstance(value, BaseModel):
        return any(_has_signs(getattr(value, name)) for name in type(value).model_fields)
    if isinstance(value, Mapping):
        return any(_has_signs(item) for item in value.values())
    return isinstance(value, list | tuple) and any(map(_has_signs, value))


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return as_text(value)
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            inner = getattr(value, name)
            if (changed := _escaped(inner)) is not inner:
                object.__setattr__(value, name, changed)
        return value
    if isinstance(value, dict):
        return {key: _escaped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_escaped(item) for item in value]
    return tuple(map(_escaped, value)) if type(value) is tuple else value


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
