"""How a tool is declared, and the one way to call it.

    @tool(effect=Effect.READ, scope=READ, examples=({"top": 5},))
    def best_products(context: Context, arguments: BestProductsArguments) -> BestProducts:
        '''The products that sell most.'''

`@tool` reads the argument and result models from the annotations and the description from the docstring. Doors loop
over `Catalogue.tools`; they never declare a tool again. Everything that is the same for all tools (rights, validation,
evidence, audit) happens in `Catalogue.call`, so no tool repeats it.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_type_hints
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import AskPerson, FixArguments, NotFound
from core.identity import Identity

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from database.engine import Database
    from database.mirror.mirror import Mirror


class Effect(StrEnum):
    """What calling a tool does to the world."""

    READ = "read"
    COMPUTE = "compute"
    PROPOSE = "propose"
    OPERATE = "operate"


class Arguments(BaseModel):
    """Base of argument models: unknown fields are an error, so that a typo is never ignored."""

    model_config = ConfigDict(extra="forbid")


class Evidence(BaseModel):
    """Where the figures of a result come from. `tool` and `arguments` are filled in by the catalogue."""

    tool: str = Field(default="", description="Name of the tool that was called.")
    arguments: dict[str, Any] = Field(default_factory=dict, description="Arguments of the call, defaults included.")
    rows: int = Field(description="Number of rows the figures rest on.")
    as_of: datetime | None = Field(default=None, description="Instant the figures are true for (UTC).")
    sources: list[str] = Field(default_factory=list, description="Tables that were read.")
    definitions: list[str] = Field(default_factory=list, description="What the terms mean, one sentence each.")


class ToolResult(BaseModel):
    """Base of result models."""

    evidence: Evidence = Field(description="Where these figures come from.")


@dataclass(frozen=True, slots=True)
class Context:
    """What a tool may use: who calls, the database, the time, progress, and the way to start a job.

    `thread_id` and `call_id` name the conversation and the call a proposal comes from (asking twice makes one).
    """

    identity: Identity
    database: Database
    now: datetime
    enqueue: Callable[[Identity, str, Mapping[str, Any]], UUID]
    progress: Callable[[float, str], None] = field(default=lambda _share, _what: None)
    thread_id: str | None = None
    call_id: str | None = None

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction that holds the caller's organisation only."""
        with self.database.transaction(self.identity.org_id) as connection:
            yield connection

    def mirror(self, connection: Connection) -> Mirror | None:
        """The caller's customers as columns in memory, where they are there and equal what `connection` sees."""
        return self.database.mirrors.fresh(connection, self.identity.org_id)


A = TypeVar("A", bound=Arguments)
R = TypeVar("R", bound=ToolResult)


@dataclass(frozen=True, slots=True)
class Tool(Generic[A, R]):
    """One capability: its models, what it does to the world, who may call it, and calls that show how."""

    name: str
    description: str
    arguments: type[A]
    result: type[R]
    effect: Effect
    scope: str
    examples: tuple[Mapping[str, Any], ...]
    function: Callable[[Context, A], R]

    def run(self, context: Context, arguments: A) -> R:
        """Run with validated arguments, no checks: for the catalogue and for tools that build on each other."""
        return self.function(context, arguments)


def tool(
    *, effect: Effect, scope: str, examples: tuple[Mapping[str, Any], ...]
) -> Callable[[Callable[[Context, A], R]], Tool[A, R]]:
    """Declare a function `(context, arguments) -> result` as a tool of the catalogue."""

    def declare(function: Callable[[Context, A], R]) -> Tool[A, R]:
        hints = get_type_hints(function)
        return Tool(
            name=function.__name__,
            description=inspect.cleandoc(function.__doc__ or ""),
            arguments=hints["arguments"],
            result=hints["return"],
            effect=effect,
            scope=scope,
            examples=examples,
            function=function,
        )

    return declare


class Catalogue:
    """All tools by name, and the one way to call them."""

    def __init__(self, tools: Iterable[Tool[Any, Any]]) -> None:
        self.tools: dict[str, Tool[Any, Any]] = {}
        for entry in tools:
            if entry.name in self.tools:
                raise ValueError(f"two tools are named {entry.name}")
            self.tools[entry.name] = entry

    @classmethod
    def of(cls, *modules: types.ModuleType) -> Catalogue:
        """The tools declared in `modules`, in the order they are written."""
        return cls(t for m in modules for t in vars(m).values() if isinstance(t, Tool) and _is_home(t, m))

    def get(self, name: str) -> Tool[Any, Any]:
        """The tool called `name`; NotFound lists the valid names."""
        if name not in self.tools:
            raise NotFound(f"There is no tool '{name}'.", field="tool", valid=sorted(self.tools))
        return self.tools[name]

    def call(self, name: str, arguments: Mapping[str, Any], context: Context) -> ToolResult:
        """Check rights, validate, run, and attach the evidence.

        Errors: NotAllowed (scope missing), AskPerson (an operate tool called by anything but a person),
        FixArguments (invalid arguments, each named with what would be right), and what the tool itself raises.
        """
        entry = self.get(name)
        context.identity.require(entry.scope)
        if entry.effect is Effect.OPERATE and not context.identity.person:
            raise AskPerson(f"'{name}' acts on the world: only a person can do it, in the chat or at the shell.")
        valid = validated(entry.arguments, arguments)
        result: ToolResult = entry.run(context, valid)
        result.evidence.tool = name
        result.evidence.arguments = valid.model_dump(mode="json", exclude_none=True)
        if entry.effect in (Effect.PROPOSE, Effect.OPERATE):
            _audit(context, entry, result)
        return result


def validated(model: type[A], arguments: Mapping[str, Any]) -> A:
    """`arguments` as an instance of `model`; FixArguments says which field is wrong and what is accepted."""
    try:
        return model.model_validate(dict(arguments))
    except ValidationError as error:
        raise FixArguments(_explain(model, error), valid=sorted(model.model_fields)) from None


def _explain(model: type[BaseModel], error: ValidationError) -> str:
    problems = []
    for item in error.errors(include_url=False, include_context=False):
        place = ".".join(str(part) for part in item["loc"]) or "arguments"
        given = "" if item["type"] == "missing" else f" (given: {str(item['input'])[:80]!r})"
        problems.append(f"{place}: {item['msg']}{given}")
    return "Invalid arguments. " + "; ".join(problems) + "."


def _audit(context: Context, entry: Tool[Any, Any], result: ToolResult) -> None:
    from database.queries import audit

    with context.transaction() as connection:
        audit.record(
            connection,
            actor=context.identity.actor,
            door=context.identity.door,
            action=entry.name,
            subject=getattr(result, "audit_subject", None),
            detail={"arguments": result.evidence.arguments},
        )


def _is_home(entry: Tool[Any, Any], module: types.ModuleType) -> bool:
    return entry.function.__module__ == module.__name__
