"""The intake of one file: the plan by which it is read; its rows typed, checked, encoded and staged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Mapping as Table
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from pydantic import BaseModel, Field

from connectors.files.consents import NEVER_AGREED, refused_list
from connectors.files.conversion import Conversion
from connectors.files.dates import DateOrder
from connectors.files.doubts import note_doubts
from connectors.files.identifiers import without_lost_ids
from connectors.files.known_exports import recognised
from connectors.files.mapping import Mapping, header_key, mapping_by, propose_mapping
from connectors.files.notation import DecimalName
from connectors.files.order_level import with_lines
from connectors.files.preparation import Preparation, rows_of
from connectors.files.readable import readable
from connectors.files.reading import Batch, Problem, TableFile
from connectors.files.rejects import RejectsFile
from connectors.files.statuses import parse_statuses
from core.conventions import following
from core.decisions import Decisions
from core.errors import GiveUp
from core.identity import Identity
from database.loading.load import SUMMED, Load
from database.loading.people import people_of
from database.loading.shapes import SHAPES
from database.loading.staging import encode
from database.queries.imports import saved_mapping
from database.queries.organisations import profile
from tools.imports.clocks import zone_by_offsets
from tools.imports.columns import note_columns
from tools.imports.shapes import SHAPE_OF, shaped, staged

if TYPE_CHECKING:
    import polars as pl

    from database.engine import Database

__all__ = ["ImportProgress", "Intake", "OnProgress", "Reading", "first_rows", "intake", "read_only", "stage"]

FURTHEST_AHEAD = timedelta(days=366)


class Reading(TypedDict, total=False):
    """What a person says of how a file is to be read; what is not said is found out."""

    kind: str | None  # what the file holds
    overrides: Table[str, str] | None  # field → column
    dates: DateOrder | None  # day or month first
    decimal: DecimalName | None  # the mark before the decimals
    statuses: Table[str, str] | None  # what words for what became of an order mean
    sheet: str | None  # which sheet, file of an archive, or list of a document


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
    conversions: tuple[Conversion, ...]
    time_zone: str
    currency: str
    saved: bool
    told_zone: str | None = None  # the organisation's, as the file tells it for the first time

    @property
    def conversion(self) -> Conversion:
        """How the rows of its main table are read."""
        return self.conversions[0]

    @property
    def read_zone(self) -> str | None:
        """The time zone in which its times are read that bear none; None where it has no such times."""
        return self.time_zone if any(one.has_local_times for one in self.conversions) else None

    @property
    def decisions(self) -> Decisions:
        """What was decided about the file so far."""
        return self.table.decisions

    @property
    def shape(self) -> str:
        """Name of the staging shape that the rows of its main table go into."""
        return _shape(self.mapping.kind)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of one table, ready for COPY."""

    shape: str
    columns: tuple[str, ...]
    rows: int
    csv: bytes
    people: pl.DataFrame | None
    keys: pl.Series | None


@dataclass(frozen=True, slots=True)
class _Encoded:
    """A converted batch: rows of each table of the file, and how many lines of it were read and taken."""

    tables: list[_Rows]
    problems: list[Problem]
    read: int
    accepted: int
    share: float


def intake(
    database: Database, identity: Identity, path: Path, now: datetime, how: Reading, *, afresh: bool = False
) -> Intake:
    """How a file will be read: as `how` says, else by the mapping kept for its header, else by names and values.

    `afresh`: whatever was kept before.
    """
    with readable(path):
        table = TableFile.open(path, how.get("sheet"))
    kind, overrides = how.get("kind"), how.get("overrides") or {}
    look_up = table.format.has_header and not kind and not afresh
    with database.transaction(identity.org_id) as connection:
        shop = profile(connection)
        kept = saved_mapping(connection, header_key(table.header)) if look_up else None
    mapping = without_lost_ids(_mapping(table, kept, kind, overrides), table.sample, table.decisions)
    if how.get("statuses"):
        set_by_hand = parse_statuses(how.get("statuses") or {})
        mapping = mapping.model_copy(update={"statuses": {**mapping.statuses, **set_by_hand}})
    prepared = Preparation(mapping, table.header, Decisions()).rows
    sample = prepared(table.sample)
    with following(shop.conventions):
        conversions = tuple(
            Conversion.plan(
                part,
                sample,
                time_zone=shop.time_zone,
                latest=now + FURTHEST_AHEAD,
                order=how.get("dates"),
                decimal=how.get("decimal"),
                delimiter=table.format.delimiter,
                further=lambda: map(prepared, table.further()),
                decisions=table.decisions,
                main=part is mapping,
                refused=_refused(path, part, table.decisions),
            )
            for part in mapping.tables()
        )
    note_columns(mapping, table.sample, table.decisions)
    zone = zone_by_offsets(conversions[0], sample, shop, table.decisions)
    return Intake(table, mapping, conversions, shop.time_zone, shop.currency, kept is not None, zone)


def _mapping(table: TableFile, kept: dict[str, Any] | None, kind: str | None, overrides: Table[str, str]) -> Mapping:
    """The mapping kept for the header, else that of the vendor's export it is, else the likeliest."""
    if kept is not None:
        table.decisions.add("kind", "The file was read as a person confirmed for such a header before.")
        return Mapping.model_validate(kept).correct(overrides, table.header)
    preset = recognised(table.header)
    if preset is not None and kind in (None, *(part.kind for part in preset.parts)):
        found = mapping_by(preset, table.header)
        table.decisions.add("kind", f"The file was read as {preset.title}.")
        if preset.note:
            table.decisions.add("money", preset.note)
        return found.correct(overrides, table.header) if overrides else found
    found = propose_mapping(table.header, table.sample, kind=kind, overrides=overrides)
    found = with_lines(found, table.header, table.sample, overrides, table.decisions, table.exploded)
    note_doubts(found, table.sample, overrides, table.decisions, asked=kind is not None)
    return found


def _refused(path: Path, mapping: Mapping, decisions: Decisions) -> str | None:
    """Why the people of a file are not to be written to, where its name says so."""
    reason = refused_list(path.name, set(mapping.columns)) if mapping.kind == "customers" else None
    if reason == NEVER_AGREED:
        said = "The name of the file says that its people never subscribed: nobody in it counts as having agreed."
        decisions.add("consent", said, doubtful=True)
    elif reason is not None:
        said = f"The name of the file says that its people are {reason}: none of them is written to any more."
        decisions.add("consent", said, doubtful=True)
    return reason


def stage(plan: Intake, load: Load, rejected: RejectsFile, tell: OnProgress) -> tuple[int, int]:
    """Read, convert and COPY everything; rows read and accepted."""
    read = accepted = 0
    repeats: dict[str, _Repeats] = {}
    for batch in _ahead(_encoded(plan)):
        for part in batch.tables:
            load.staging.add(part.shape, part.columns, part.rows, part.csv, part.people)
            repeats.setdefault(part.shape, _Repeats()).add(part.keys)
        read, accepted = read + batch.read, accepted + batch.accepted
        rejected.add(batch.problems)
        tell(ImportProgress(phase="reading", rows=read, share=batch.share))
    for shape, watched in repeats.items():
        if shape != "customers" and watched.found():  # those are put together (database/loading/persons.py)
            accepted -= _drop_repeats(plan, load, shape, rejected)
    _balance(read, accepted, rejected)
    return read, accepted


def _drop_repeats(plan: Intake, load: Load, shape: str, rejected: RejectsFile) -> int:
    """Take out rows whose key came before; how many lines are rejected for it: none where lines hold more tables."""
    again = load.staging.drop_repeats(shape)
    if plan.mapping.further:
        if shape == "orders" and again:
            said = (
                "Rows of an order do not stand together: its amount was taken once, as said first, and all its lines."
            )
            plan.decisions.add("rows", said, rows=len(again), doubtful=True)
        return 0
    key = SHAPES[shape].key[0]
    column = plan.mapping.columns.get(key, key)
    rejected.add(Problem(line, column, value, f"repeats line {first}") for line, value, first in again)
    return len(again)


def read_only(plan: Intake, rejected: RejectsFile, tell: OnProgress) -> tuple[int, int]:
    """Read and check everything, write nothing; rows read and accepted."""
    read = accepted = 0
    for batch in _encoded(plan):
        read, accepted = read + batch.read, accepted + batch.accepted
        rejected.add(batch.problems)
        tell(ImportProgress(phase="reading", rows=read, share=batch.share))
    _balance(read, accepted, rejected)
    return read, accepted


def first_rows(plan: Intake) -> tuple[pl.DataFrame, list[Problem]]:
    """The sample as rows of the main table, and what is wrong with it."""
    ready = Preparation(plan.mapping, plan.table.header, plan.decisions).rows(plan.table.first.frame)
    frame, problems = plan.conversion.apply(Batch(rows_of(ready, plan.mapping, plan.mapping.kind)))
    return shaped(frame, plan.mapping.kind), problems


def _balance(read: int, accepted: int, rejected: RejectsFile) -> None:
    if accepted + rejected.lines != read:
        raise GiveUp(f"The account does not balance: {read} read, {accepted} accepted, {rejected.lines} rejected.")


def _encoded(plan: Intake) -> Iterator[_Encoded]:
    with readable(plan.table.path):
        yield from _batches(plan)


def _batches(plan: Intake) -> Iterator[_Encoded]:
    preparation = Preparation(plan.mapping, plan.table.header, plan.decisions)
    for batch in plan.table.batches():
        ready = preparation.rows(batch.frame)
        tables, problems = [], batch.problems
        for conversion in plan.conversions:
            frame, faults = conversion.apply(Batch(rows_of(ready, plan.mapping, conversion.mapping.kind)))
            problems = problems + faults
            tables.append(_rows(staged(shaped(frame, conversion.mapping.kind)), conversion.mapping.kind))
        read = batch.frame.height + len(batch.problems)
        yield _Encoded(tables, problems, read, read - len({p.line for p in problems}), batch.share)


def _rows(rows: pl.DataFrame, kind: str) -> _Rows:
    shape = _shape(kind)
    return _Rows(shape, tuple(rows.columns), rows.height, encode(rows), people_of(rows), _keys(rows, shape))


def _shape(kind: str) -> str:
    return SHAPE_OF.get(kind, kind)


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
