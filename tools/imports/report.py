"""What an import did, and what one would do: the same for the shell, the chat, HTTP and MCP."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from connectors.files.mapping import Mapping
from core.decisions import Decision

__all__ = ["ImportPreview", "ImportResult", "Loaded", "OrderFigures", "TableChange"]


class OrderFigures(BaseModel):
    """The orders of a file that came to the same, in one currency."""

    kind: str = Field(description="sale, refund, adjustment, or void: left out of revenue.")
    currency: str | None = Field(description="Their currency; null: the organisation's.")
    orders: int = Field(description="How many.")
    revenue: Decimal = Field(description="Their revenue; negative for refunds.")


class TableChange(BaseModel):
    """What an import did to one table."""

    inserted: int = Field(description="New rows.")
    updated: int = Field(description="Rows that differed and were changed.")
    unchanged: int = Field(description="Rows that were there already, just so.")

    def __add__(self, other: TableChange) -> TableChange:
        return TableChange(
            inserted=self.inserted + other.inserted,
            updated=self.updated + other.updated,
            unchanged=self.unchanged + other.unchanged,
        )


class Loaded(BaseModel):
    """What a load did."""

    tables: dict[str, TableChange] = Field(description="What happened, by table.")
    touched: list[int] | None = Field(
        exclude=True, description="Customers (internal ids) whose scores it may change; null: more than a few, or all."
    )


class ImportResult(Loaded):
    """The account of an import; accepted + rejected = read."""

    file: str = Field(description="Name of the file.")
    kind: str = Field(description="Kind of table it was read as.")
    mapping: Mapping = Field(description="Which column was read as which field.")
    read: int = Field(description="Rows in the file.")
    accepted: int = Field(description="Rows that were taken.")
    rejected: int = Field(description="Rows that were not, all of them in the rejects file.")
    inserted: int = Field(description="New rows over all tables.")
    updated: int = Field(description="Changed rows over all tables.")
    unchanged: int = Field(description="Rows over all tables that were there already, just so.")
    seconds: float = Field(description="How long it took.")
    rows_per_second: float = Field(description="Rows of the file per second.")
    rejects_path: Path | None = Field(description="The rejects file; null when nothing was rejected.")
    dry_run: bool = Field(description="True when nothing was written to the database.")
    known: bool = Field(description="True: this very file was imported before, and all of it still stands.")
    decisions: list[Decision] = Field(description="What was decided about the file that changes a figure.")
    number: int | None = Field(
        description="Number of the import, by which it can be undone; null: nothing was written."
    )
    orders: list[OrderFigures] = Field(description="Orders of the file by what became of them, as they stand now.")
    currency: str = Field(description="The organisation's currency.")


class ImportPreview(BaseModel):
    """What an import would do: exactly, where the file was small enough to be read whole; else by its first rows."""

    file: str = Field(description="Name of the file.")
    mapping: Mapping = Field(description="Which column would be read as which field.")
    saved: bool = Field(description="True when a mapping confirmed before for this header is used.")
    header: list[str] = Field(description="Columns of the file.")
    encoding: str = Field(description="Encoding found.")
    time_zone: str = Field(description="Zone in which times without one are read.")
    rows: list[dict[str, Any]] = Field(description="The first rows as they would be written.")
    problems: list[str] = Field(description="What is wrong with rows, the first few.")
    decisions: list[Decision] = Field(description="What would be decided about the file that changes a figure.")
    whole: bool = Field(description="True: the file was read whole; false: all of this speaks of its first rows.")
    read: int = Field(description="Rows in the file, or among the first ones.")
    rejected: int = Field(description="Rows that would be rejected.")
    tables: dict[str, TableChange] = Field(description="What would happen, by table; empty where not read whole.")
    orders: list[OrderFigures] = Field(description="Orders of the file by what would become of them.")
    currency: str = Field(description="The organisation's currency.")
