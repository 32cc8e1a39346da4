"""Loads of a file, or of frames, into an organisation: read, convert, stage, merge, account for every line."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as Table
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from connectors.files.rejects import RejectsFile
from core.clock import utc_now
from core.identity import WRITE, Identity
from database.loading.load import Load, loading
from database.loading.merge import Counts
from database.loading.people import people_of
from database.loading.staging import encode
from tools.imports.fingerprint import earlier_account, fingerprint, table_versions
from tools.imports.intake import ImportProgress, Intake, OnProgress, Reading, first_rows, intake, read_only, stage
from tools.imports.record import keep, keep_given
from tools.imports.report import ImportPreview, ImportResult, Loaded, TableChange
from tools.imports.shapes import from_source

if TYPE_CHECKING:
    import polars as pl
    from sqlalchemy import Connection

    from database.engine import Database

__all__ = [
    "FEW",
    "ImportPreview",
    "ImportResult",
    "Loaded",
    "TableChange",
    "import_file",
    "load_frames",
    "preview_file",
]

PREVIEW_ROWS = 5
FEW = 2_000  # customers an import may touch and have named


def preview_file(
    database: Database,
    identity: Identity,
    path: Path,
    *,
    now: datetime | None = None,
    **how: Unpack[Reading],
) -> ImportPreview:
    """Show how a file would be read; writes nothing. FixArguments where it cannot be read."""
    identity.require(WRITE)
    plan = intake(database, identity, path, now or utc_now(), how)
    frame, problems = first_rows(plan)
    return ImportPreview(
        file=path.name,
        mapping=plan.mapping,
        saved=plan.saved,
        header=list(plan.table.header),
        encoding=plan.table.format.encoding,
        time_zone=plan.time_zone,
        rows=frame.head(PREVIEW_ROWS).to_dicts(),
        problems=[f"line {p.line}, {p.column}: {p.value!r} is {p.reason}" for p in problems[:PREVIEW_ROWS]],
        decisions=list(plan.decisions),
    )


def import_file(
    database: Database,
    identity: Identity,
    path: Path,
    *,
    on_progress: OnProgress | None = None,
    dry_run: bool = False,
    compare: bool = False,
    rejects: Path | None = None,
    now: datetime | None = None,
    **how: Unpack[Reading],
) -> ImportResult:
    """Import a file in one transaction; a mapping given by hand (`how`) is kept for the next such file.

    A file that was imported before, all of whose tables no load has changed since, is known by its fingerprint and
    not compared row by row, unless `compare` asks for it. Rejected rows go to `rejects` (default:
    `<file>.rejects.csv` in the working folder). FixArguments when the file as a whole cannot be read; then nothing is
    written.
    """
    identity.require(WRITE)
    now, tell = now or utc_now(), on_progress or (lambda _progress: None)
    started = time.perf_counter()
    plan = intake(database, identity, path, now, how)
    with RejectsFile(rejects or Path(f"{path.name}.rejects.csv")) as rejected:
        if dry_run:
            read, accepted = read_only(plan, rejected, tell)
            return _result(plan, read, accepted, {}, rejected, started, dry_run=True)
        loads = loading(database, identity.org_id, now, _waiting(tell), source=path.name, decisions=plan.decisions)
        with loads as (connection, load):
            mark = fingerprint(path, plan.conversion)
            known = None if compare else earlier_account(connection, mark)
            read, accepted, counts = known.account() if known else _stage_and_merge(plan, load, rejected, tell)
            account = partial(_result, plan, read, accepted, counts, rejected, started, known=known is not None)
            account = partial(account, touched=load.touched(FEW))
            marks = {"number": load.number, "fingerprint": mark, "same_as": known and known.number}
            by_hand = bool(how.get("kind") or how.get("overrides"))
            marks["tables"] = table_versions(connection, counts)
            keep(connection, identity, plan, account(), now, marks, confirmed=by_hand)
    return account()


def load_frames(
    database: Database,
    identity: Identity,
    tables: Iterable[tuple[str, pl.DataFrame]],
    on_progress: OnProgress | None = None,
    *,
    now: datetime | None = None,
    beside: Callable[[Connection], None] = lambda _connection: None,
    name: str = "rows",
) -> Loaded:
    """Load frames that are shaped already (customer_id is the shop's own identifier), all in one transaction.

    Tables: customers, products, orders (`is_refund`), order_items, events, campaigns, campaign_daily, channel_spend,
    assignments, mentions; or the kinds a file can hold, with their fields. A table may come in several frames, in any
    order. `beside` writes what must be kept with the rows or not at all. `name`: what the import is listed as.
    """
    identity.require(WRITE)
    tell, now, started = on_progress or (lambda _progress: None), now or utc_now(), time.perf_counter()
    rows = 0
    with loading(database, identity.org_id, now, _waiting(tell)) as (connection, load):
        for table, frame in tables:
            shape, numbered = from_source(table, frame, rows)
            people = people_of(numbered)
            load.staging.add(shape, tuple(numbered.columns), numbered.height, encode(numbered), people)
            rows += frame.height
            tell(ImportProgress(phase=f"reading {table}", rows=rows, share=0))
        counts = load.finish(lambda t: tell(ImportProgress(phase=f"writing {t}", rows=rows, share=1)))
        touched = load.touched(FEW)
        beside(connection)
        if rows:
            keep_given(connection, identity, name, load, rows, now, time.perf_counter() - started)
    return Loaded(tables=_changes(counts), touched=touched)


def _stage_and_merge(
    plan: Intake, load: Load, rejected: RejectsFile, tell: OnProgress
) -> tuple[int, int, dict[str, Counts]]:
    """Stage and merge: rows read, rows accepted, what became of them by table."""
    read, accepted = stage(plan, load, rejected, tell)
    counts = load.finish(lambda t: tell(ImportProgress(phase=f"writing {t}", rows=read, share=1)))
    return read, accepted, counts


def _waiting(tell: OnProgress) -> Callable[[], None]:
    words = "waiting for another import of this organisation"
    return lambda: tell(ImportProgress(phase=words, rows=0, share=0))


def _changes(counts: Table[str, Counts]) -> dict[str, TableChange]:
    return {
        table: TableChange(inserted=c.inserted, updated=c.updated, unchanged=c.unchanged) for table, c in counts.items()
    }


def _result(
    plan: Intake,
    read: int,
    accepted: int,
    counts: Table[str, Counts],
    rejected: RejectsFile,
    started: float,
    *,
    dry_run: bool = False,
    known: bool = False,
    touched: Sequence[int] | None = (),
) -> ImportResult:
    total, seconds = sum(counts.values(), Counts()), time.perf_counter() - started
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
        known=known,
        decisions=list(plan.decisions),
        touched=None if touched is None else list(touched),
    )
