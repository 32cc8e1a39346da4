"""Calling a tool in tests the way every door does, through the catalogue, and looking at what there is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from core.identity import Identity
from database.engine import Database
from database.mirror.mirror import Mirrors
from language.scene import Scene
from tests.conftest import person
from tools.catalogue import catalogue
from tools.context import Context

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


def no_queue(_identity: Identity, _name: str, _arguments: Mapping[str, Any]) -> UUID:
    """A queue nobody reads."""
    return uuid4()


def ask(
    database: Database,
    org_id: UUID,
    tool: str,
    *,
    role: str = "admin",
    mirrors: Mirrors | None = None,
    **arguments: Any,
) -> dict[str, Any]:
    """The result of a tool as the JSON a door would send."""
    context = Context(person(org_id, role), database, NOW, no_queue, mirrors=mirrors)
    return catalogue().call(tool, arguments, context).model_dump(mode="json")


def named(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a table result, each with its columns' names."""
    names = [column["name"] for column in result["columns"]]
    return [dict(zip(names, row, strict=True)) for row in result["rows"]]


def rows(database: Database, org_id: UUID, query: str) -> list[Any]:
    """What the organisation itself sees of its tables."""
    with database.transaction(org_id) as connection:
        return list(connection.execute(text(query)))


def answered(database: Database, org_id: UUID, question: str) -> str:
    """What the offline model says: its calls made, its answer written from the results."""
    from agent.offline.reading import Reader
    from agent.offline.writing import write
    from agent.transcript import exchange

    found = []
    for reading in Reader(catalogue()).read_question(question, Scene()):
        assert reading.said is None, reading.said
        for number, call in enumerate(reading.calls):
            result = ask(database, org_id, call.tool, **call.arguments)
            found.append(
                {
                    "id": f"c{number}", "step": "s1", "agent": "research", "tool": call.tool, "error": None,
                    "error_code": None, "arguments": result["evidence"]["arguments"], "result": result,
                }
            )  # fmt: skip
    return write(question, exchange(found), catalogue())  # type: ignore[arg-type]
