"""The fingerprint of an imported file, by which the same file is known again: its bytes and the way they are read.

The same file again can change nothing while no load has changed the tables it went into. Each change of a table by a
load raises its version (data_coverage); an import keeps the versions it left behind, and where they still stand the
rows need not be compared. Only tables that nothing but loads writes may be trusted to this.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from database.loading.merge import Counts
from database.queries import coverage, imports

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from connectors.files.conversion import Conversion

__all__ = ["earlier_account", "fingerprint", "table_versions"]

ONLY_LOADED = frozenset(
    {"customers", "products", "orders", "order_items", "events", "campaign_daily", "channel_spend", "mentions"}
)


def fingerprint(path: Path, conversion: Conversion) -> str:
    """SHA-256 (hex) of the file's bytes, of how each column is read, and of the version that reads it."""
    how = {
        "mapping": conversion.mapping.model_dump(mode="json"),
        "dates": {name: repr(reading) for name, reading in conversion.dates.items()},
        "marks": conversion.marks,
        "floated": sorted(conversion.floated),
        "aima": version("aima"),
    }
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    digest.update(json.dumps(how, sort_keys=True).encode())
    return digest.hexdigest()


def earlier_account(connection: Connection, mark: str) -> tuple[int, int, dict[str, Counts]] | None:
    """(rows read, accepted, every row unchanged by table) of a file that was imported before, where all still stands.

    None where it was not, where a line was rejected (the rejects have to be written again), or where a load has
    changed one of its tables since.
    """
    before = imports.latest_of(connection, mark)
    if before is None or before.rejected or not set(before.tables) <= ONLY_LOADED:
        return None
    now = coverage.versions(connection)
    if any(now.get(table, 0) != kept["version"] for table, kept in before.tables.items()):
        return None
    return before.read, before.read, {table: Counts(unchanged=kept["rows"]) for table, kept in before.tables.items()}


def table_versions(connection: Connection, counts: Mapping[str, Counts]) -> dict[str, Any]:
    """What an import keeps of the tables it went into: rows of the file, and the version each table now has."""
    now = coverage.versions(connection)
    return {
        table: {"rows": c.inserted + c.updated + c.unchanged, "version": now.get(table, 0)}
        for table, c in counts.items()
    }
