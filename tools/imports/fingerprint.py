"""The fingerprint of an imported file, by which the same file is known again: its bytes and the way they are read.

The same file again can change nothing while no load has changed the tables it went into. Each change of a table by a
load raises its version (data_coverage); an import keeps the versions it left behind, and where they still stand the
rows need not be compared. Only tables that nothing but loads writes may be trusted to this.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.files.readable import readable
from database.loading.merge import Counts
from database.queries import coverage, imports

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from connectors.files.conversion import Conversion

__all__ = ["Earlier", "earlier_account", "fingerprint", "table_versions"]

ONLY_LOADED = frozenset(
    {
        "customers",
        "products",
        "orders",
        "order_items",
        "events",
        "campaign_daily",
        "channel_spend",
        "mentions",
        "conversion_paths",
    }
)


def fingerprint(path: Path, conversion: Conversion) -> str:
    """SHA-256 (hex) of the file's bytes, of how each column is read, and of the version that reads it."""
    how = {
        "mapping": conversion.mapping.model_dump(mode="json"),
        "dates": {name: repr(reading) for name, reading in conversion.dates.items()},
        "numbers": {name: repr(reading) for name, reading in conversion.numbers.items()},
        "floated": sorted(conversion.floated),
        "refused": conversion.refused,  # told by the file's name
        "aima": version("aima"),
    }
    with readable(path), path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    digest.update(json.dumps(how, sort_keys=True).encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Earlier:
    """A file that was imported before and still stands: rows read, every row unchanged by table.

    `number`: the import that staged its rows, where there is one.
    """

    number: int | None
    read: int
    counts: dict[str, Counts]

    def account(self) -> tuple[int, int, dict[str, Counts]]:
        """Rows read, rows accepted, what became of them by table."""
        return self.read, self.read, self.counts


def earlier_account(connection: Connection, mark: str) -> Earlier | None:
    """The account of a file that was imported before, where all of it still stands.

    None where it was not, where a line was rejected (the rejects have to be written again), or where a load has
    changed one of its tables since.
    """
    before = imports.latest_of(connection, mark)
    if before is None or before.rejected or not set(before.tables) <= ONLY_LOADED:
        return None
    now = coverage.versions(connection)
    if any(now.get(table, 0) != kept["version"] for table, kept in before.tables.items()):
        return None
    counts = {table: Counts(unchanged=kept["rows"]) for table, kept in before.tables.items()}
    return Earlier(before.number, before.read, counts)


def table_versions(connection: Connection, counts: Mapping[str, Counts]) -> dict[str, Any]:
    """What an import keeps of the tables it went into: its rows, new and changed ones, the version each now has."""
    now = coverage.versions(connection)
    return {
        table: {
            "rows": c.inserted + c.updated + c.unchanged,
            "version": now.get(table, 0),
            "inserted": c.inserted,
            "updated": c.updated,
        }
        for table, c in counts.items()
    }
