"""How a capability is declared: `@tool` for what can be called, `@job` for long work in the background.

    @tool(effect=Effect.READ, scope=READ, agents=("analytics",), basis="measured", examples=({"top": 5},),
          questions=(BEST,), views=(table("rows", title="Best products"),), next=("And by country?",))
    def best_products(context: Context, arguments: BestProductsArguments) -> BestProducts:
        '''The products that sell most.'''

The argument and result models are read from the annotations, the description from the docstring. The wording of the
answer (`@answers`) and views that a declaration cannot express (`@shows`) stand in files of their own beside the tool.
Doors, agent, chat, workers and docs loop over what is declared; none of them names a capability again.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, Literal, TypedDict, TypeVar, Unpack, get_type_hints

from pydantic import BaseModel

from core.identity import Identity
from language.requests import Answerable, Request
from language.scene import Scene
from language.slots import Slots
from tools.outcome import Outcome, plain_words
from tools.results import Arguments, ToolResult
from tools.views import View

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from database.engine import Database
    from tools.context import Context

__all__ = ["Basis", "Effect", "Every", "Job", "SubAgent", "Tool", "Work", "answers", "compares", "job", "shows", "tool"]

SubAgent = Literal["research", "analytics", "content", "optimiser", "reporting"]
Basis = Literal["measured", "prediction", "record"]
"""What kind of figure a result gives: counted from the data, foreseen by a model, or kept as somebody entered it."""

FollowUp = Callable[[Slots, Scene], Answerable | None]

A = TypeVar("A", bound=Arguments)
R = TypeVar("R", bound=ToolResult)
J = TypeVar("J", bound=Arguments)


class Effect(StrEnum):
    """What calling a tool does to the world."""

    READ = "read"
    COMPUTE = "compute"
    PROPOSE = "propose"
    OPERATE = "operate"


@dataclass(slots=True)
class Tool(Generic[A, R]):
    """One capability: its models, what it does to the world, who may call it, how it is asked for and shown."""

    name: str
    description: str
    arguments: type[A]
    result: type[R]
    effect: Effect
    scope: str
    examples: tuple[Mapping[str, Any], ...]
    function: Callable[[Context, A], R]
    about: str | Callable[[A], str] = ""
    agents: tuple[SubAgent, ...] = ()
    basis: Basis = "measured"
    questions: tuple[Request, ...] = ()
    views: tuple[View[A, R], ...] | None = None
    next: tuple[str, ...] | Callable[[Outcome[A, R]], Sequence[str]] = ()
    audience: Callable[[A, R | None], dict[str, Any] | None] | None = None
    follow_up: FollowUp | None = None
    why: FollowUp | None = None
    uri: str | None = None
    recorded: bool = False
    answer: Callable[[Outcome[A, R]], str] | None = field(default=None, init=False)
    comparison: Callable[[Sequence[Outcome[A, R]]], str] | None = field(default=None, init=False)

    def run(self, context: Context, arguments: A) -> R:
        """Run with validated arguments, no checks: for the catalogue and for tools that build on each other."""
        return self.function(context, arguments)

    def worded(self, outcome: Outcome[A, R]) -> str:
        """The answer in words, as Markdown: as declared, else the result's own figures, each with its title.

        What stands in the data is text there, whatever signs it holds.
        """
        plain = outcome.as_text()
        return self.answer(plain) if self.answer else plain_words(plain)

    def follow_ups(self, outcome: Outcome[A, R]) -> Sequence[str]:
        """What could be asked next."""
        return self.next(outcome) if callable(self.next) else self.next

    @property
    def subject(self) -> str:
        """The package of tools/ it belongs to."""
        return self.function.__module__.split(".")[1]

    @property
    def title(self) -> str:
        """The name as people read it."""
        return self.name.replace("_", " ").capitalize()


class Declared(TypedDict, total=False):
    """What a tool may declare beside its effect, scope and examples; the fields of Tool of the same names."""

    about: str | Callable[[Any], str]
    agents: tuple[SubAgent, ...]
    basis: Basis
    questions: tuple[Request, ...]
    views: tuple[View[Any, Any], ...]
    next: tuple[str, ...] | Callable[[Outcome[Any, Any]], Sequence[str]]
    audience: Callable[[Any, Any], dict[str, Any] | None]
    follow_up: FollowUp
    why: FollowUp
    uri: str
    recorded: bool


def tool(
    *, effect: Effect, scope: str, examples: tuple[Mapping[str, Any], ...], **declared: Unpack[Declared]
) -> Callable[[Callable[[Context, A], R]], Tool[A, R]]:
    """Declare a function `(context, arguments) -> result` as a tool of the catalogue.

    `about`: what is looked up, as a person says it ("who is likely to leave"), or of a tool that changes something what
    was done ("Saved a segment"). `agents`: the sub-agents that may call it, its own first. `questions`: how people ask
    for it. `views`: charts and tables; without any each list of records is a table. `next`: what could be asked after
    it. `audience`: the rule of the customers a result (or, before there is one, a call) speaks of, so that "them" is
    understood. `follow_up` and `why`: what "only Germany" or "why?" asks for when this was called before; None where it
    stands by itself. `uri`:
    where assistants find the result as a resource, with the arguments named in braces ("aima://customers/{customer}").
    `recorded`: each call leaves a line in the audit log, as those that propose and act do anyway: what changes what
    others work with, or takes people's addresses out.
    """

    def declare(function: Callable[[Context, A], R]) -> Tool[A, R]:
        hints = get_type_hints(function, localns=_names())
        return Tool(
            name=function.__name__,
            description=inspect.cleandoc(function.__doc__ or ""),
            arguments=hints["arguments"],
            result=hints["return"],
            effect=effect,
            scope=scope,
            examples=examples,
            function=function,
            **declared,
        )

    return declare


def answers(declared: Tool[A, R]) -> Callable[[Callable[[Outcome[A, R]], str]], Callable[[Outcome[A, R]], str]]:
    """Declare the wording of a tool's answer: for the chat, and the text content at the MCP door."""

    def declare(function: Callable[[Outcome[A, R]], str]) -> Callable[[Outcome[A, R]], str]:
        if declared.answer is not None:
            raise ValueError(f"{declared.name} has two answers")
        declared.answer = function
        return function

    return declare


def compares(declared: Tool[A, R]) -> Callable[[Callable[[Sequence[Outcome[A, R]]], str]], Any]:
    """Declare words over several calls of a tool for one question (one a period), after the answer to each."""

    def declare(function: Callable[[Sequence[Outcome[A, R]]], str]) -> Callable[[Sequence[Outcome[A, R]]], str]:
        declared.comparison = function
        return function

    return declare


def shows(declared: Tool[A, R]) -> Callable[[View[A, R]], View[A, R]]:
    """Declare a view of a tool's result that the builders of tools/views.py cannot express."""

    def declare(view: View[A, R]) -> View[A, R]:
        declared.views = (*(declared.views or ()), view)
        return view

    return declare


@dataclass(frozen=True, slots=True)
class Work:
    """What a job's function is given beside its arguments."""

    database: Database
    identity: Identity
    now: datetime
    progress: Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Every:
    """A time of asking for a job in every organisation: `cron` in UTC ("minute hour day month weekday")."""

    cron: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Job(Generic[J]):
    """Long work by name; the result is kept as JSON.

    `retries` is how often passing trouble is tried again. `then` says from the arguments which job follows once it has
    succeeded: its name and arguments, or None. The clock asks for it in organisations where `needs` holds only.
    """

    name: str
    arguments: type[J]
    function: Callable[[Work, J], BaseModel | Mapping[str, Any]]
    retries: int = 2
    every: tuple[Every, ...] = ()
    then: Callable[[J], tuple[str, Mapping[str, Any]] | None] = lambda _arguments: None
    needs: Callable[[Connection], bool] = lambda _connection: True


def job(
    *,
    retries: int = 2,
    every: Iterable[Every] = (),
    then: Callable[[J], tuple[str, Mapping[str, Any]] | None] = lambda _arguments: None,
    needs: Callable[[Connection], bool] = lambda _connection: True,
) -> Callable[[Callable[[Work, J], BaseModel | Mapping[str, Any]]], Job[J]]:
    """Declare a function `(work, arguments) -> result` as a job that workers know by its name."""

    def declare(function: Callable[[Work, J], BaseModel | Mapping[str, Any]]) -> Job[J]:
        _work, arguments, *_ = get_type_hints(function, localns=_names()).values()
        return Job(function.__name__, arguments, function, retries, tuple(every), then, needs)

    return declare


def _names() -> dict[str, Any]:
    """Names that modules import for the type checker alone."""
    from tools.context import Context

    return {"Context": Context}
