"""What an import would do. A file small enough is imported and the import not kept: so the counts are true."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from connectors.files.packing import PLAIN
from connectors.files.reading import Problem
from connectors.files.rejects import RejectsFile
from core.clock import utc_now
from core.identity import WRITE, Identity
from database.loading.load import loading
from tools.imports.account import Account, changes, order_figures, write
from tools.imports.intake import Intake, Reading, first_rows, intake
from tools.imports.report import ImportPreview

if TYPE_CHECKING:
    from database.engine import Database

__all__ = ["WHOLE", "preview_file"]

PREVIEW_ROWS = 5
WHOLE = 20_000_000  # bytes of a file that is read whole for a look; packed files become several times as large
PACKED = 10


class _NotKept(Exception):
    """Ends the transaction of a look."""


def preview_file(
    database: Database,
    identity: Identity,
    path: Path,
    *,
    now: datetime | None = None,
    **how: Unpack[Reading],
) -> ImportPreview:
    """Show what an import would do; nothing is kept. FixArguments where the file cannot be read."""
    identity.require(WRITE)
    now = now or utc_now()
    plan = intake(database, identity, path, now, how)
    frame, problems = first_rows(plan)
    shown: dict[str, Any] = {
        "file": path.name,
        "mapping": plan.mapping,
        "saved": plan.saved,
        "header": list(plan.table.header),
        "encoding": plan.table.format.encoding,
        "time_zone": plan.time_zone,
        "rows": frame.head(PREVIEW_ROWS).to_dicts(),
    }
    if _size(plan) > WHOLE:
        return ImportPreview(**shown, **_of_first_rows(plan, problems))
    return ImportPreview(**shown, **_of_whole(database, identity, intake(database, identity, path, now, how), now))


def _size(plan: Intake) -> int:
    """Bytes of the file, unpacked."""
    plain = plan.table.format.form == "text" and plan.table.format.packing == PLAIN
    return plan.table.path.stat().st_size * (1 if plain else PACKED)


def _of_first_rows(plan: Intake, problems: list[Problem]) -> dict[str, Any]:
    return {
        "problems": _words(problems),
        "decisions": list(plan.decisions),
        "whole": False,
        "read": plan.table.sample.height,
        "rejected": len({problem.line for problem in problems}),
        "tables": {},
        "orders": [],
        "currency": plan.currency,
    }


def _of_whole(database: Database, identity: Identity, plan: Intake, now: datetime) -> dict[str, Any]:
    with RejectsFile(None) as rejected:
        account = _tried(database, identity, plan, rejected, now)
    return {
        "problems": _words(rejected.first),
        "decisions": list(plan.decisions),
        "whole": True,
        "read": account.read,
        "rejected": rejected.lines,
        "tables": changes(account.counts),
        "orders": order_figures(account.orders),
        "currency": account.currency,
    }


def _tried(database: Database, identity: Identity, plan: Intake, rejected: RejectsFile, now: datetime) -> Account:
    """The account of an import that is not kept."""
    account: Account | None = None
    try:
        with loading(database, identity.org_id, now, source=plan.table.path.name, decisions=plan.decisions) as (
            connection,
            load,
        ):
            account = write(connection, plan, load, rejected, lambda _progress: None, time.perf_counter())
            raise _NotKept
    except _NotKept:
        assert account is not None  # noqa: S101 - it is what was raised after
        return account


def _words(problems: list[Problem]) -> list[str]:
    return [f"line {p.line}, {p.column}: {p.value!r} is {p.reason}" for p in problems[:PREVIEW_ROWS]]
