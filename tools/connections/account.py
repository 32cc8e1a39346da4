"""What a sync has done: records read, rows by table, rows left out and why."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import Field

from connectors.sources.reading import Batch
from tools.imports.load import FEW, Loaded, TableChange

__all__ = ["Account", "SyncResult"]

PROBLEMS_KEPT = 5


class SyncResult(Loaded):
    """What a sync did."""

    connection: str = Field(description="Name of the connection.")
    records: int = Field(description="Records read.")
    left_out: int = Field(description="Rows that could not be taken.")
    problems: list[str] = Field(description="Why, the first few.")
    complete: bool = Field(description="False: there is more, which another sync goes on with.")


@dataclass(slots=True)
class Account:
    """The account of a sync while it is at work."""

    name: str
    tables: dict[str, TableChange] = field(default_factory=dict)
    touched: set[int] | None = field(default_factory=set)
    records: int = 0
    left_out: int = 0
    problems: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    complete: bool = True

    def add(self, batch: Batch, loaded: Loaded) -> None:
        """Count a batch that was loaded."""
        self.records += batch.records
        self.left_out += batch.left_out
        words = (f"{p.column}: {p.value[:80]!r} is {p.reason}" for p in batch.problems)
        self.problems = [*self.problems, *words][:PROBLEMS_KEPT]
        for table, change in loaded.tables.items():
            self.tables[table] = change + self.tables[table] if table in self.tables else change
        if self.touched is not None:
            self.touched = None if loaded.touched is None else self.touched | set(loaded.touched)

    def result(self) -> SyncResult:
        """The account as it is kept."""
        touched = None if self.touched is None or len(self.touched) > FEW else sorted(self.touched)
        return SyncResult(
            connection=self.name,
            tables=self.tables,
            touched=touched,
            records=self.records,
            left_out=self.left_out,
            problems=self.problems,
            complete=self.complete,
        )
