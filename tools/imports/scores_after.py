"""Which scores to bring up to date after a load: those of the customers it touched, or everybody's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from core.identity import Identity
from database.engine import Database
from database.queries import coverage, model_runs
from tools.imports.report import Loaded

__all__ = ["EVERYBODY", "SOME", "job_after"]

EVERYBODY, SOME = "refresh_scores", "refresh_customers"
SCORED = frozenset({"orders", "order_items", "events", "products"})
LARGE = 10_000  # customers; in a smaller shop everybody is scored anew in seconds, models included
WAIT = timedelta(hours=6)  # everybody is scored anew this often (jobs.py)


def job_after(
    database: Database, identity: Identity, result: Loaded, now: datetime
) -> tuple[str, dict[str, Any]] | None:
    """The job that brings scores up to date after a load, and its arguments; None where no score rests on it.

    Few customers of many touched, soon after everybody was scored: theirs. Otherwise everybody's.
    """
    if not any(c.inserted or c.updated for table, c in result.tables.items() if table in SCORED):
        return None
    with database.transaction(identity.org_id) as connection:
        large = coverage.rows(connection, "customers") >= LARGE
        whole = model_runs.latest(connection, "rfm")  # every run of everybody keeps one
        soon = whole is not None and coverage.reference_instant(connection, now) - whole.as_of < WAIT
    if result.touched is None or not (large and soon):
        return EVERYBODY, {}
    return (SOME, {"customers": result.touched}) if result.touched else None
