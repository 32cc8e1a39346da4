"""All tools and jobs by name, found by walking the subjects, and the one way to call a tool."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

import tools
from core.calendar import Calendar
from core.conventions import following
from core.errors import FixArguments, NotFound
from tools.context import Context
from tools.declaration import Effect, Job, Tool
from tools.outcome import Outcome
from tools.results import ToolResult
from tools.validation import validated
from tools.wrappers import audit, in_local_time, permit, with_evidence

__all__ = ["Catalogue", "catalogue", "validated"]


class Catalogue:
    """All tools and jobs by name, and the one way to call a tool."""

    def __init__(self, declared: Iterable[Tool[Any, Any] | Job[Any]]) -> None:
        self.tools: dict[str, Tool[Any, Any]] = {}
        self.jobs: dict[str, Job[Any]] = {}
        for entry in declared:
            kept: dict[str, Any] = self.tools if isinstance(entry, Tool) else self.jobs
            if entry.name in kept:
                raise ValueError(f"two {'tools' if isinstance(entry, Tool) else 'jobs'} are named {entry.name}")
            kept[entry.name] = entry

    def get(self, name: str) -> Tool[Any, Any]:
        """The tool called `name`; NotFound lists the valid names."""
        if name not in self.tools:
            raise NotFound(f"There is no tool '{name}'.", field="tool", valid=sorted(self.tools))
        return self.tools[name]

    def call(self, name: str, arguments: Mapping[str, Any], context: Context) -> ToolResult:
        """Check rights, validate, run, attach the evidence, and tell times as the organisation's clocks show them.

        Errors: NotAllowed (scope missing), AskPerson (an operate tool called by anything but a person),
        FixArguments (invalid arguments, each named with what would be right), and what the tool itself raises.
        """
        entry = self.get(name)
        permit(entry, context.identity)
        valid = validated(entry.arguments, arguments)
        profile = context.profile()
        calendar = Calendar(profile.time_zone)
        with following(profile.conventions):
            result: ToolResult = entry.run(context, valid)
        with_evidence(entry, valid, result, calendar)
        in_local_time(result, calendar)
        if entry.recorded or entry.effect in (Effect.PROPOSE, Effect.OPERATE):
            audit(context, entry, result)
        return result

    def outcome(
        self,
        name: str,
        arguments: Mapping[str, Any],
        result: Mapping[str, Any],
        *,
        question: str = "",
        beside: tuple[str, ...] = (),
    ) -> Outcome[Any, Any]:
        """A call and its result as they came through a door (JSON), typed again."""
        entry = self.get(name)
        return Outcome(
            arguments=validated(entry.arguments, arguments),
            result=entry.result.model_validate(dict(result)),
            question=question,
            tools=beside or (name,),
        )

    def audience(self, name: str, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
        """The rule of the customers a call will speak of, as far as its arguments tell."""
        entry = self.tools.get(name)
        if entry is None or entry.audience is None:
            return None
        try:
            return entry.audience(validated(entry.arguments, arguments), None)
        except FixArguments:
            return None  # the call itself will say what is wrong


def catalogue() -> Catalogue:
    """Every tool and job there is: those declared in the packages of tools/, by package and file, in written order."""
    return Catalogue(
        entry
        for module in _modules()
        for entry in vars(module).values()
        if isinstance(entry, Tool | Job) and entry.function.__module__ == module.__name__
    )


def _modules() -> Iterator[ModuleType]:
    for subject in sorted(m.name for m in pkgutil.iter_modules(tools.__path__) if m.ispkg):
        package = import_module(f"tools.{subject}")
        for name in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
            yield import_module(f"tools.{subject}.{name}")
