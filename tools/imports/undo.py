"""Imports taken back whole, in one transaction: by a person in the chat or at the shell, or to read a file anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from pydantic import Field

from core.clock import utc_now
from core.errors import FixArguments, NotFound
from core.identity import WRITE, Identity
from database.loading.load import taking_turns
from database.loading.undo import Stated, undo
from database.queries import coverage, imports
from database.queries.audit import record
from database.queries.imports import GIVEN, Kept
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.imports.report import Loaded, TableChange
from tools.imports.scores_after import job_after
from tools.results import Arguments, Evidence, ToolResult

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from database.engine import Database

__all__ = ["LAST", "UndoImportArguments", "Undone", "UndoneImport", "chosen", "take_back", "undo_import", "undo_named"]

LAST = "last"
SEARCHED = 1_000  # imports of a name among which the last that stands is looked for
CONVERTED = frozenset({"orders", "order_items"})  # what exchange rates are for, whichever was imported first
FEW = 2_000  # customers an undo may touch and have named


class Undone(Loaded):
    """An import that was taken back; `tables` counts the rows that it had made or changed, as changed."""

    number: int = Field(description="Number of the import.")
    file: str = Field(description="Name of the file.")
    removed: dict[str, int] = Field(description="Rows fewer than before, by table.")
    again: list[str] = Field(description="Files imported later, which were loaded anew without it.")


def undo_named(database: Database, identity: Identity, which: str = LAST, *, now: datetime | None = None) -> Undone:
    """Take back an import: its number, the name of its file (the last of that name), or `last`.

    NotFound where there is none, FixArguments where it cannot be taken back.
    """
    identity.require(WRITE)
    with taking_turns(database, identity.org_id) as connection:
        return take_back(connection, database, identity, chosen(connection, which), now or utc_now())


def chosen(connection: Connection, which: str) -> Kept:
    """The import that is meant; of several of a name, the last that stands."""
    if which.strip().isdecimal():
        found = imports.numbered(connection, int(which))
        if found is None:
            raise NotFound(f"There is no import {which}. `aima import --list` shows those there are.")
        return found
    name = None if which == LAST else which.strip()
    known = imports.latest(connection, SEARCHED, name=name)
    standing = next((one for one in known if one.undone_at is None and (name or one.source != GIVEN)), None)
    if standing is not None:
        return standing
    if known and name:
        return known[0]
    raise NotFound(f"No file '{name}' was imported." if name else "There is no import that could be taken back.")


def take_back(connection: Connection, database: Database, identity: Identity, gone: Kept, now: datetime) -> Undone:
    """Take an import back in a transaction that takes turns with loads; FixArguments where it cannot be."""
    _check(gone)
    assert gone.number is not None  # noqa: S101 - checked
    before = coverage.counted(connection)
    later = imports.standing_after(connection, gone.number)
    anew = undo(connection, database, identity.org_id, _stated(gone), map(_stated, later), now)
    imports.mark_undone(connection, gone.number, identity.actor, now)
    fewer = {table: rows - coverage.rows(connection, table) for table, rows in before.items()}
    removed = {table: rows for table, rows in fewer.items() if rows}
    names = [one.file_name for one in later if one.number in anew]
    detail = {"number": gone.number, "removed": removed, "loaded_anew": anew}
    record(
        connection,
        actor=identity.actor,
        door=identity.door,
        action="undo_import",
        subject=gone.file_name,
        detail=detail,
    )
    return Undone(
        number=gone.number,
        file=gone.file_name,
        removed=removed,
        again=list(dict.fromkeys(names)),
        tables={table: _changes(kept) for table, kept in gone.tables.items()},
        touched=None if "products" in gone.tables else imports.touched(connection, FEW),
    )


def _changes(kept: Mapping[str, int]) -> TableChange:
    return TableChange(inserted=0, updated=kept.get("inserted", 0) + kept.get("updated", 0), unchanged=0)


def _check(gone: Kept) -> None:
    if gone.number is None:
        reason = "it was imported before imports were kept so that they can be taken back"
        raise FixArguments(f"The import of '{gone.file_name}' cannot be undone: {reason}.", field="import")
    if gone.undone_at is not None:
        when = f"{gone.undone_at:%Y-%m-%d}"
        raise FixArguments(f"The import of '{gone.file_name}' was undone already, on {when}.", field="import")
    if gone.source == GIVEN:
        reason = "the source would not give these rows again"
        raise FixArguments(
            f"Import {gone.number} came from '{gone.file_name}', not from a file: {reason}.", field="import"
        )


def _stated(one: Kept) -> Stated:
    source = one.file_name if one.source != GIVEN else "import"
    assert one.number is not None  # noqa: S101 - only numbered ones are asked for
    tables = frozenset(one.tables) | (CONVERTED if "exchange_rates" in one.tables else frozenset())
    return Stated(one.number, source, one.created_at, tables, one.same_as or one.number)


class UndoImportArguments(Arguments):
    """Which import to take back."""

    which: str = Field(
        default=LAST,
        min_length=1,
        max_length=400,
        description="Its number, the name of its file, or last.",
    )


class UndoneImport(ToolResult):
    """An import was taken back."""

    number: int = figure("Number", "Number of the import.")
    file: str = figure("File", "Name of the file.")
    removed: dict[str, int] = Field(description="Rows fewer than before, by table.")
    again: list[str] = figure("Loaded anew", "Files imported later, which were loaded anew without it.")
    job_id: UUID | None = Field(description="The job that brings scores up to date; null: none rests on it.")

    @property
    def audit_subject(self) -> str:
        """What the audit entry is about."""
        return self.file


@tool(effect=Effect.OPERATE, scope=WRITE, basis="record", examples=({"which": "last"},))
def undo_import(context: Context, arguments: UndoImportArguments) -> UndoneImport:
    """A person takes an import back whole: the data become what the other imports alone would have made of them."""
    undone = undo_named(context.database, context.identity, arguments.which, now=context.now)
    job = job_after(context.database, context.identity, undone, context.now)
    return UndoneImport(
        number=undone.number,
        file=undone.file,
        removed=undone.removed,
        again=undone.again,
        job_id=context.enqueue(context.identity, *job) if job else None,
        evidence=Evidence(rows=sum(undone.removed.values()), as_of=context.now, sources=["imports"]),
    )
