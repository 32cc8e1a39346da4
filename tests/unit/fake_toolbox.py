"""A toolbox with canned results for tests of the graph: the same shapes as the real tools, no database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from langgraph.checkpoint.base import BaseCheckpointSaver

from agent.graph import build_graph
from agent.offline.model import OfflineChatModel
from agent.toolbox import Toolbox
from core.errors import AimaError, FixArguments, NoSuchData
from core.identity import current_identity
from tools.catalogue import catalogue

if TYPE_CHECKING:
    from agent.graph import AgentGraph

AS_OF, UNTIL = "2011-12-10T00:00:00Z", "2011-12-09"
CATALOGUE = catalogue()


@dataclass(frozen=True)
class Spec:
    name: str
    description: str
    input_schema: Mapping[str, Any]
    effect: str = "read"


def evidence(rows: int, **arguments: Any) -> dict[str, Any]:
    return {
        "tool": "", "arguments": arguments, "rows": rows, "as_of": AS_OF, "data_until": UNTIL, "sources": ["orders"],
        "definitions": [],
    }  # fmt: skip


def offline_graph(toolbox: Toolbox, memory: BaseCheckpointSaver[Any] | None = None) -> AgentGraph:
    """The graph over the offline model, with everything the catalogue declares."""
    return build_graph(OfflineChatModel.of(CATALOGUE), toolbox, CATALOGUE, memory)


def described() -> dict[str, Any]:
    metrics = [{"name": n, "meaning": n, "unit": "money", "available": True, "dimensions": []} for n in ("revenue",)]
    countries = {"name": "country", "meaning": "Country.", "values": ["United Kingdom", "France"], "more_values": False}
    return {
        "tables": [
            {"table": "orders", "rows": 25900, "first_at": "2010-12-01T08:26:00Z", "last_at": "2011-12-09T12:50:00Z"}
        ],
        "as_of": AS_OF, "first_at": "2010-12-01T08:26:00Z", "currency": "GBP", "time_zone": "UTC", "is_demo": False,
        "metrics": metrics, "dimensions": [countries], "scores": [], "absent": [], "evidence": evidence(25900),
    }  # fmt: skip


def revenue(arguments: Mapping[str, Any]) -> dict[str, Any]:
    if set(arguments) - {"metrics", "start", "end", "dimensions", "filters", "grain", "limit"}:
        raise FixArguments("Invalid arguments.", valid=["metrics", "start", "end"])
    if unknown := [m for m in arguments["metrics"] if m not in ("revenue", "customers")]:
        raise FixArguments(f"There is no metric '{unknown[0]}'.", field="metrics", valid=["revenue", "customers"])
    if str(arguments.get("start", "")).startswith("2031"):
        raise NoSuchData("There is no such data: orders cover 2010-12-01 to 2011-12-09.")
    value = 1461756.25 if str(arguments.get("start")) == "2011-11-01" else 9747747.93
    return {
        "columns": [{"name": "revenue", "unit": "money"}], "rows": [[value]], "totals": {"revenue": value},
        "total_rows": 1, "truncated": False, "start": arguments.get("start") or "2010-12-01",
        "end": arguments.get("end") or "2011-12-09", "currency": "GBP", "evidence": evidence(3462, **arguments),
    }  # fmt: skip


@dataclass
class FakeToolbox:
    """Tools by name; every call is kept with the identity it was made as."""

    tools: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = field(
        default_factory=lambda: {"describe_data": lambda _: described(), "query_metrics": revenue}
    )
    made: list[tuple[str, dict[str, Any], str | None, str | None, str]] = field(default_factory=list)

    async def list_tools(self) -> Sequence[Spec]:
        schema = {"type": "object", "properties": {"metrics": {"type": "array", "items": {"type": "string"}}}}
        return [Spec(name, f"{name}.", schema) for name in self.tools]

    async def call(
        self, name: str, arguments: Mapping[str, Any], *, thread_id: str | None = None, call_id: str | None = None
    ) -> dict[str, Any]:
        self.made.append((name, dict(arguments), thread_id, call_id, current_identity().actor))
        if name not in self.tools:
            raise AimaError(f"no tool {name}")
        return self.tools[name](arguments)

    def calls(self, name: str) -> list[dict[str, Any]]:
        """Arguments of the calls of one tool."""
        return [arguments for called, arguments, *_ in self.made if called == name]
