"""Calling a tool in tests the way every door does: through the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from core.identity import Identity
from database.engine import Database
from database.mirror.mirror import Mirrors
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
