"""Loads of a file, or of frames, into an organisation: read, convert, stage, merge, account for every line."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from connectors.files.rejects import RejectsFile
from core.clock import utc_now
from core.identity import WRITE, Identity
from database.loading.journal import resume
from database.loading.load import Load, loading
from database.loading.people import people_of
from database.loading.staging import encode
from database.queries.imports import latest
from tools.imports.account import FEW, Account, changes, waiting, write
from tools.imports.fingerprint import earlier_account, fingerprint, table_versions
from tools.imports.intake import ImportProgress, OnProgress, Reading, intake, read_only
from tools.imports.preview import preview_file
from tools.imports.record import keep, keep_given
from tools.imports.report import ImportPreview, ImportResult, Loaded, TableChange
from tools.imports.shapes import from_source
from tools.imports.undo import SEARCHED, take_back

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


def import_file(
    database: Database,
    identity: Identity,
    path: Path,
    *,
    on_progress: OnProgress | None = None,
    dry_run: bool = False,
    compare: bool = False,
    again: bool = False,
    rejects: Path | None = None,
    now: datetime | None = None,
    **how: Unpack[Reading],
) -> ImportResult:
    """Import a file in one transaction; a mapping given by hand (`how`) is kept for the next such file.

    A file that was imported before, all of whose tables no load has changed since, is known by its fingerprint and
    not compared row by row, unless `compare` asks for it. `again`: the last import of this name is undone first, and
    no mapping kept is used. Rejected rows go to `rejects` (`<file>.rejects.csv` here). FixArguments for no table.
    """
    identity.require(WRITE)
    now, tell, started = now or utc_now(), on_progress or (lambda _progress: None), time.perf_counter()
    plan = intake(database, identity, path, now, how, afresh=again)
    with RejectsFile(rejects or Path(f"{path.name}.rejects.csv")) as rejected:
        if dry_run:
            return Account(plan, rejected, started, *read_only(plan, rejected, tell)).result(dry_run=True)
        loads = loading(database, identity.org_id, now, waiting(tell), source=path.name, decisions=plan.decisions)
        with loads as (connection, load):
            if again:
                _make_room(connection, database, identity, load, path.name, now)
            mark = fingerprint(path, plan.conversion)
            known = None if compare or again else earlier_account(connection, mark)
            account = Account.known(plan, rejected, started, known) if known else None
            account = account or write(connection, plan, load, rejected, tell, started)
            tables, kept = table_versions(connection, account.counts), None if load.left_out else mark
            marks = {"number": load.number, "fingerprint": kept, "same_as": known and known.number, "tables": tables}
            result = account.result(number=load.number, known=known is not None)
            by_hand = any(how.get(said) for said in ("kind", "overrides", "statuses"))
            keep(connection, identity, plan, result, now, marks, confirmed=by_hand)
    return account.result(number=load.number, known=known is not None, anew=again)


def _make_room(
    connection: Connection, database: Database, identity: Identity, load: Load, name: str, now: datetime
) -> None:
    """Undo the last import of a file of this name, if there is one, before it is imported anew."""
    standing = next((one for one in latest(connection, SEARCHED, name=name) if one.undone_at is None), None)
    if standing is not None:
        take_back(connection, database, identity, standing, now)
        resume(connection, load.number)
        load.months_within = True


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
    with loading(database, identity.org_id, now, waiting(tell)) as (connection, load):
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
    return Loaded(tables=changes(counts), touched=touched)
