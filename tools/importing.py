"""Importing a file, or frames, into an organisation: read, convert, stage, merge, account for every line."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as Table
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from connectors.files.conversion import Conversion
from connectors.files.dates import DateOrder
from connectors.files.mapping import Mapping, header_key, propose_mapping
from connectors.files.reading import Batch, Problem, TableFile
from connectors.files.rejects import RejectsFile
from core.clock import utc_now
from core.errors import GiveUp
from core.identity import WRITE, Identity
from database.loading.load import SUMMED, Load, loading
from database.loading.merge import Counts
from database.loading.people import people_of
from database.loading.shapes import SHAPES
from database.loading.staging import encode
from database.queries.audit import record
from database.queries.imports import record_import, save_mapping, saved_mapping, time_zone_of
from tools.shaping import from_source, shaped

if TYPE_CHECKING:
    import polars as pl

    from database.engine import Database

PREVIEW_ROWS = 5
FURTHEST_AHEAD = timedelta(days=366)
SHAPE_OF = {"spend": "channel_spend"}


class ImportProgress(BaseModel):
    """How far an import is."""

    phase: str = Field(description="What is being done: reading, waiting, or the table being written.")
    rows: int = Field(description="Rows read so far.")
    share: float = Field(description="Share of the file read so far, 0 to 1.")


OnProgress = Callable[[ImportProgress], None]


class TableChange(BaseModel):
    """What an import did to one table."""

    inserted: int = Field(description="New rows.")
    updated: int = Field(description="Rows that differed and were changed.")
    unchanged: int = Field(description="Rows that were there already, just so.")


class ImportResult(BaseModel):
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
    rows_per_second: float = Field(description="Rows of the file a second.")
    rejects_path: Path | None = Field(description="The rejects file; null when nothing was rejected.")
    tables: dict[str, TableChange] = Field(description="What happened, by table.")
    dry_run: bool = Field(description="True when nothing was written to the database.")


class ImportPreview(BaseModel):
    """What an import would do, seen on the first rows."""

    file: str = Field(description="Name of the file.")
    mapping: Mapping = Field(description="Which column would be read as which field.")
    saved: bool = Field(description="True when a mapping confirmed before for this header is used.")
    header: list[str] = Field(description="Columns of the file.")
    encoding: str = Field(description="Encoding found.")
    time_zone: str = Field(description="Zone in which times without one are read.")
    rows: list[dict[str, Any]] = Field(description="The first rows as they would be written.")
    problems: list[str] = Field(description="What is wrong with rows of the sample, the first few.")


@dataclass(frozen=True, slots=True)
class _Plan:
    table: TableFile
    mapping: Mapping
    conversion: Conversion
    time_zone: str
    saved: bool

    @property
    def shape(self) -> str:
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


def preview_file(
    database: Database,
    identity: Identity,
    path: Path,
    *,
    kind: str | None = None,
    overrides: Table[str, str] | None = None,
    dates: DateOrder | None = None,
    now: datetime | None = None,
) -> ImportPreview:
    """Show how a file would be read; writes nothing. FixArguments where it cannot be read."""
    identity.require(WRITE)
    plan = _plan(database, identity, path, kind, overrides or {}, dates, now or utc_now())
    first = Batch(plan.table.sample.with_row_index("__line__", offset=2))
    frame, problems = plan.conversion.apply(first)
    return ImportPreview(
        file=path.name,
        mapping=plan.mapping,
        saved=plan.saved,
        header=list(plan.table.header),
        encoding=plan.table.format.encoding,
        time_zone=plan.time_zone,
        rows=shaped(frame, plan.mapping.kind).head(PREVIEW_ROWS).to_dicts(),
        problems=[f"line {p.line}, {p.column}: {p.value!r} is {p.reason}" for p in problems[:PREVIEW_ROWS]],
    )


def import_file(
    database: Database,
    identity: Identity,
    path: Path,
    *,
    kind: str | None = None,
    overrides: Table[str, str] | None = None,
    dates: DateOrder | None = None,
    on_progress: OnProgress | None = None,
    dry_run: bool = False,
    rejects: Path | None = None,
    now: datetime | None = None,
) -> ImportResult:
    """Import a file in one transaction; a mapping given by `kind` or `overrides` is kept for the next such file.

    Rejected rows go to `rejects` (default: `<file>.rejects.csv` in the working folder). FixArguments when the file as a
    whole cannot be read; then nothing is written.
    """
    identity.require(WRITE)
    now, tell = now or utc_now(), on_progress or (lambda _progress: None)
    started = time.perf_counter()
    plan = _plan(database, identity, path, kind, overrides or {}, dates, now)
    with RejectsFile(rejects or Path(f"{path.name}.rejects.csv")) as rejected:
        if dry_run:
            read, accepted, counts = *_read_only(plan, rejected, tell), {}
        else:
            with loading(database, identity.org_id, now, _waiting(tell)) as (connection, load):
                read, accepted = _stage(plan, load, rejected, tell)
                counts = load.finish(lambda t: tell(ImportProgress(phase=f"writing {t}", rows=read, share=1)))
                result = _result(plan, read, accepted, counts, rejected, time.perf_counter() - started, dry_run)
                _keep(connection, identity, plan, result, now, confirmed=bool(kind or overrides))
    return _result(plan, read, accepted, counts, rejected, time.perf_counter() - started, dry_run)


def load_frames(
    database: Database,
    identity: Identity,
    tables: Iterable[tuple[str, pl.DataFrame]],
    on_progress: OnProgress | None = None,
    *,
    now: datetime | None = None,
) -> dict[str, TableChange]:
    """Load frames that are shaped already (customer_id is the shop's own identifier), all in one transaction.

    Tables: customers, products, orders (`is_refund`), order_items, events, campaigns, campaign_daily, channel_spend,
    assignments, mentions. A table may come in several frames, in any order.
    """
    identity.require(WRITE)
    tell = on_progress or (lambda _progress: None)
    rows = 0
    with loading(database, identity.org_id, now or utc_now(), _waiting(tell)) as (_, load):
        for table, frame in tables:
            shape, numbered = from_source(table, frame, rows)
            people = people_of(numbered)
            load.staging.add(shape, tuple(numbered.columns), numbered.height, encode(numbered), people)
            rows += frame.height
            tell(ImportProgress(phase=f"reading {table}", rows=rows, share=0))
        counts = load.finish(lambda t: tell(ImportProgress(phase=f"writing {t}", rows=rows, share=1)))
    return _changes(counts)


def _plan(
    database: Database,
    identity: Identity,
    path: Path,
    kind: str | None,
    overrides: Table[str, str],
    dates: DateOrder | None,
    now: datetime,
) -> _Plan:
    table = TableFile.open(path)
    with database.transaction(identity.org_id) as connection:
        zone = time_zone_of(connection)
        kept = saved_mapping(connection, header_key(table.header)) if table.format.has_header and not kind else None
    if kept is not None:
        mapping = Mapping.model_validate(kept).correct(overrides, table.header)
    else:
        mapping = propose_mapping(table.header, table.sample, kind=kind, overrides=overrides)
    conversion = Conversion.plan(mapping, table.sample, time_zone=zone, latest=now + FURTHEST_AHEAD, order=dates)
    return _Plan(table, mapping, conversion, zone, kept is not None)


def _stage(plan: _Plan, load: Load, rejected: RejectsFile, tell: OnProgress) -> tuple[int, int]:
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


def _read_only(plan: _Plan, rejected: RejectsFile, tell: OnProgress) -> tuple[int, int]:
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


def _encoded(plan: _Plan) -> Iterator[_Encoded]:
    for batch in plan.table.batches():
        frame, problems = plan.conversion.apply(batch)
        rows = shaped(frame, plan.mapping.kind)
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


def _waiting(tell: OnProgress) -> Callable[[], None]:
    words = "waiting for another import of this organisation"
    return lambda: tell(ImportProgress(phase=words, rows=0, share=0))


def _changes(counts: Table[str, Counts]) -> dict[str, TableChange]:
    return {
        table: TableChange(inserted=c.inserted, updated=c.updated, unchanged=c.unchanged) for table, c in counts.items()
    }


def _result(
    plan: _Plan,
    read: int,
    accepted: int,
    counts: Table[str, Counts],
    rejected: RejectsFile,
    seconds: float,
    dry_run: bool,
) -> ImportResult:
    total = sum(counts.values(), Counts())
    return ImportResult(
        file=plan.table.path.name,
        kind=plan.mapping.kind,
        mapping=plan.mapping,
        read=read,
        accepted=accepted,
        rejected=rejected.lines,
        inserted=total.inserted,
        updated=total.updated,
        unchanged=total.unchanged,
        seconds=seconds,
        rows_per_second=read / seconds,
        rejects_path=rejected.path if rejected.lines else None,
        tables=_changes(counts),
        dry_run=dry_run,
    )


def _keep(
    connection: Any, identity: Identity, plan: _Plan, result: ImportResult, now: datetime, *, confirmed: bool
) -> None:
    """Note the import, the audit entry, and the mapping where a person confirmed it."""
    mapping = plan.mapping.model_dump()
    numbers = result.model_dump(
        include={"read", "accepted", "rejected", "inserted", "updated", "unchanged", "seconds", "kind"}
    )
    values = {"file_name": result.file, "mapping": mapping, "created_by": identity.actor, "created_at": now}
    record_import(connection, numbers | values)
    record(connection, actor=identity.actor, door=identity.door, action="import", subject=result.file, detail=numbers)
    if confirmed and plan.table.format.has_header:
        save_mapping(
            connection,
            header_key=header_key(plan.table.header),
            kind=plan.mapping.kind,
            mapping=mapping,
            actor=identity.actor,
            now=now,
        )
