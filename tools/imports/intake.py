"""The intake of one file: the plan by which it is read; its rows typed, checked, encoded and staged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Mapping as Table
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from connectors.files.conversion import Conversion
from connectors.files.dates import DateOrder
from connectors.files.mapping import Mapping, header_key, propose_mapping
from connectors.files.reading import Problem, TableFile
from connectors.files.rejects import RejectsFile
from core.decisions import Decisions
from core.errors import GiveUp
from core.identity import Identity
from database.loading.load import SUMMED, Load
from database.loading.people import people_of
from database.loading.shapes import SHAPES
from database.loading.staging import encode
from database.queries.imports import saved_mapping, time_zone_of
from tools.imports.shapes import SHAPE_OF, shaped, staged

if TYPE_CHECKING:
    import polars as pl

    from database.engine import Database

__all__ = ["ImportProgress", "Intake", "OnProgress", "intake", "read_only", "stage"]

FURTHEST_AHEAD = timedelta(days=366)


class ImportProgress(BaseModel):
    """How far an import is."""

    phase: str = Field(description="What is being done: reading, waiting, or the table being written.")
    rows: int = Field(description="Rows read so far.")
    share: float = Field(description="Share of the file read so far, 0 to 1.")


OnProgress = Callable[[ImportProgress], None]


@dataclass(frozen=True, slots=True)
class Intake:
    """How one file will be read; `saved` when a person confirmed the mapping before."""

    table: TableFile
    mapping: Mapping
    conversion: Conversion
    time_zone: str
    saved: bool

    @property
    def decisions(self) -> Decisions:
        """What was decided about the file so far."""
        return self.table.decisions

    @property
    def shape(self) -> str:
        """Name of the staging shape its rows go into."""
        return SHAPE_OF.get(self.mapping.kind, self.mapping.kind)


@dataclass(frozen=True, slots=True)
class _Encoded:
    """A converted batch, ready for COPY."""

    columns: tuple[str, ...]
    rows: int
    csv: bytes
    people: pl.DataFrame | None
    keys: pl.Series | None
    problems: list[Problem]
    read: int
    share: float


def intake(
    database: Database,
    identity: Identity,
    path: Path,
    kind: str | None,
    overrides: Table[str, str],
    dates: DateOrder | None,
    now: datetime,
) -> Intake:
    """How a file will be read: by the mapping kept for its header, else by names and values, `overrides` first."""
    table = TableFile.open(path)
    with database.transaction(identity.org_id) as connection:
        zone = time_zone_of(connection)
        kept = saved_mapping(connection, header_key(table.header)) if table.format.has_header and not kind else None
    if kept is not None:
        mapping = Mapping.model_validate(kept).correct(overrides, table.header)
    else:
        mapping = propose_mapping(table.header, table.sample, kind=kind, overrides=overrides)
    conversion = Conversion.plan(
        mapping,
        table.sample,
        time_zone=zone,
        latest=now + FURTHEST_AHEAD,
        order=dates,
        decisions=table.decisions,
    )
    return Intake(table, mapping, conversion, zone, kept is not None)


def stage(plan: Intake, load: Load, rejected: RejectsFile, tell: OnProgress) -> tuple[int, int]:
    """Read, convert and COPY everything; rows read and accepted."""
    read = accepted = 0
    repeats = _Repeats()
    for batch in _ahead(_encoded(plan)):
        load.staging.add(plan.shape, batch.columns, batch.rows, batch.csv, batch.people)
        repeats.add(batch.keys)
        read, accepted = read + batch.read, accepted + batch.rows
        rejected.add(batch.problems)
        tell(ImportProgress(phase="reading", rows=read, share=batch.share))
    if repeats.found():
        again = load.staging.drop_repeats(plan.shape)
        key = SHAPES[plan.shape].key[0]
        column = plan.mapping.columns.get(key, key)
        rejected.add(Problem(line, column, value, f"repeats line {first}") for line, value, first in again)
        accepted -= len(again)
    _balance(read, accepted, rejected)
    return read, accepted


def read_only(plan: Intake, rejected: RejectsFile, tell: OnProgress) -> tuple[int, int]:
    """Read and check everything, write nothing; rows read and accepted."""
    read = accepted = 0
    for batch in _encoded(plan):
        read, accepted = read + batch.read, accepted + batch.rows
        rejected.add(batch.problems)
        tell(ImportProgress(phase="reading", rows=read, share=batch.share))
    _balance(read, accepted, rejected)
    return read, accepted


def _balance(read: int, accepted: int, rejected: RejectsFile) -> None:
    if accepted + rejected.lines != read:
        raise GiveUp(f"The account does not balance: {read} read, {accepted} accepted, {rejected.lines} rejected.")


def _encoded(plan: Intake) -> Iterator[_Encoded]:
    for batch in plan.table.batches():
        frame, problems = plan.conversion.apply(batch)
        rows = staged(shaped(frame, plan.mapping.kind))
        yield _Encoded(
            tuple(rows.columns),
            rows.height,
            encode(rows),
            people_of(rows),
            _keys(rows, plan.shape),
            problems,
            batch.frame.height + len(batch.problems),
            batch.share,
        )


def _ahead(batches: Iterator[_Encoded]) -> Iterator[_Encoded]:
    """Prepare the next batch in a thread while the database takes this one."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        coming = thread.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = thread.submit(next, batches, None)
            yield batch


class _Repeats:
    """Watches for keys that come twice, by 64-bit hashes: 8 bytes a row. A chance equality only costs a check."""

    def __init__(self) -> None:
        self._hashes: list[pl.Series] = []

    def add(self, keys: pl.Series | None) -> None:
        if keys is not None:
            self._hashes.append(keys)

    def found(self) -> bool:
        import polars as pl

        if not self._hashes:
            return False
        together = pl.concat(self._hashes)
        return together.n_unique() < len(together)


def _keys(frame: pl.DataFrame, shape: str) -> pl.Series | None:
    key = SHAPES[shape].key
    if not key or shape in SUMMED or not set(key) <= set(frame.columns):
        return None
    return frame.select(key).hash_rows(seed=0)
