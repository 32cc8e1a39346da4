"""What was imported: when, by whom, from which file, what became of its rows, what was decided about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from core.decisions import Decision
from core.errors import NotFound
from core.identity import READ
from database.queries import imports
from database.queries.imports import GIVEN, Kept
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.imports.questions import IMPORTS, UNDO
from tools.results import Arguments, Evidence, ToolResult
from tools.views import table

__all__ = ["ImportInfo", "ImportList", "ListImportsArguments", "imported", "list_imports"]

SHOWN = ("number", "file", "at", "by", "read", "rejected", "inserted", "updated", "status")
NO_NUMBER = "It was imported before imports were kept so that they can be taken back."
NOT_A_FILE = "It came from a source, which would not give these rows again."


class ListImportsArguments(Arguments):
    """Which imports."""

    file: str | None = Field(default=None, max_length=400, description="Only this file's.")
    number: int | None = Field(default=None, ge=1, description="Only this one.")
    limit: int = Field(default=20, ge=1, le=200, description="At most so many, the newest first.")
    about: Literal["imports", "undo"] = Field(
        default="imports", description="What was imported, or how it is taken back."
    )


class ImportInfo(BaseModel):
    """One import."""

    number: int | None = figure("Number", "Its number; null: from before imports were numbered.")
    file: str = figure("File", "Name of the file, or of the source.")
    kind: str = figure("Kind", "What it was read as.")
    at: datetime = figure("Imported", "When.", unit="instant")
    by: str = figure("By", "Who imported it.")
    read: int = figure("Rows", "Rows read.", unit="rows")
    rejected: int = figure("Rejected", "Rows that could not be taken.", unit="rows")
    inserted: int = figure("New", "Rows that were new, over all tables.", unit="rows")
    updated: int = figure("Changed", "Rows that were changed, over all tables.", unit="rows")
    tables: dict[str, str] = Field(description="What it did, by table.")
    status: str = figure("Status", "stands, or undone.")
    why_not: str | None = Field(description="Why it cannot be taken back; null: it can.")
    decisions: list[Decision] = Field(description="What was decided about the file that changes a figure.")


class ImportList(ToolResult):
    """Imports, the newest first."""

    total: int = Field(description="How many imports there were.")
    imports: list[ImportInfo] = Field(description="The newest of them.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="imports",
    agents=("analytics", "research"),
    basis="record",
    examples=({}, {"limit": 1}),
    questions=(IMPORTS, UNDO),
    views=(table("imports", title="Imports", columns=SHOWN, total="total"),),
    next=("What data is there?",),
)
def list_imports(context: Context, arguments: ListImportsArguments) -> ImportList:
    """What was imported and what it changed, the newest first; with a number also what was decided about the file."""
    with context.transaction() as transaction:
        total, found = imported(transaction, arguments)
    return ImportList(total=total, imports=found, evidence=Evidence(rows=total, as_of=context.now, sources=["imports"]))


def imported(transaction: Any, arguments: ListImportsArguments) -> tuple[int, list[ImportInfo]]:
    """How many imports there were, and those asked for; NotFound where there is none of that number."""
    if arguments.number is not None:
        one = imports.numbered(transaction, arguments.number)
        if one is None:
            raise NotFound(f"There is no import {arguments.number}.")
        found = [one]
    else:
        found = imports.latest(transaction, arguments.limit, name=arguments.file)
    return imports.how_many(transaction), [_info(one) for one in found]


def _info(one: Kept) -> ImportInfo:
    return ImportInfo(
        number=one.number,
        file=one.file_name,
        kind=one.kind,
        at=one.created_at,
        by=one.created_by,
        read=one.read,
        rejected=one.rejected,
        inserted=one.inserted,
        updated=one.updated,
        tables={name: _change(kept) for name, kept in one.tables.items()},
        status="undone" if one.undone_at else "stands",
        why_not=NO_NUMBER if one.number is None else NOT_A_FILE if one.source == GIVEN else None,
        decisions=[Decision.model_validate(decision) for decision in one.decisions],
    )


def _change(kept: Mapping[str, int]) -> str:
    if "inserted" not in kept:
        return f"{kept['rows']:,} rows"
    unchanged = kept["rows"] - kept["inserted"] - kept["updated"]
    return f"{kept['inserted']:,} new, {kept['updated']:,} changed, {unchanged:,} unchanged"
