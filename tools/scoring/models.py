"""Fitting the customer models of an organisation: train, back-test on a later window, keep the run and the scores."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.identity import Identity
from database.engine import Database
from database.queries import coverage, model_runs, organisations
from database.queries.history import History, read_history

if TYPE_CHECKING:
    import polars as pl

    from tools.scoring.scores import Run

HOLDOUT_SHARE = 0.25  # of the history, at its end, for back-tests
HOLDOUT_LIMIT = timedelta(days=180)


def history_of(database: Database, identity: Identity, now: datetime) -> History:
    """All an organisation knows of its customers, up to the instant its data are true for."""
    with database.transaction(identity.org_id) as connection:
        as_of = coverage.reference_instant(connection, now)
        zone = organisations.profile(connection).time_zone
    return read_history(database, identity.org_id, as_of=as_of, time_zone=zone)


def keep_run(run: Run, stored: model_runs.Run, state: Mapping[str, Any] | None = None) -> UUID:
    """Store a model run of this scoring run's organisation, with what it takes to score again; returns its id."""
    with run.database.transaction(run.identity.org_id) as connection:
        run_id = model_runs.keep(connection, stored, state)
    run.report.models[stored.model] = stored.champion or stored.status
    if stored.reason:
        run.report.notes.append(f"{stored.model}: {stored.reason}")
    return run_id


def plain(result: Any) -> dict[str, Any]:
    """A result's figures as JSON: dataclass fields that are numbers, words or instants; no frames, no NaN."""
    values = {f.name: getattr(result, f.name) for f in dataclasses.fields(result)}
    return {name: json_value(value) for name, value in values.items() if _is_plain(value)}


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool | datetime)


def json_value(value: Any) -> Any:
    """A figure as JSON holds it: not a number → null, instants in ISO form."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.isoformat() if isinstance(value, datetime) else value


def holdout_start(first: datetime, as_of: datetime) -> datetime:
    """Where the back-test's later window begins: the last quarter of the history, at most 180 days."""
    return as_of - min((as_of - first) * HOLDOUT_SHARE, HOLDOUT_LIMIT)


def value_scores(run: Run) -> pl.DataFrame:
    """Lifetime value and next purchase of every buyer, as rows of value_scores; the fit is kept as a model run."""
    from analytics.state import to_json
    from analytics.value.lifetime import customer_value
    from analytics.value.next_purchase import next_purchase
    from analytics.value.summary import transactions_of

    transactions = transactions_of(run.history.orders)
    value = customer_value(transactions, as_of=run.as_of)
    alive = value.customers.select("customer_id", "p_alive") if value.customers.height else None
    coming = next_purchase(transactions, as_of=run.as_of, alive=alive)
    state = {"model": to_json(value.model), "everybody": to_json(value.everybody), "gaps": to_json(coming.model)}
    run_id = keep_run(run, _value_run(run, transactions, value), state)
    return value_rows(value.customers, coming.customers, run_id)


def value_rows(values: pl.DataFrame, coming: pl.DataFrame, run_id: UUID) -> pl.DataFrame:
    """Rows of value_scores from what customer_value and next_purchase say of customers."""
    dates = coming.select(
        "customer_id", next_purchase_at="next_at", next_purchase_low="next_low", next_purchase_high="next_high"
    )
    worth = values.select(
        "customer_id",
        "p_alive",
        expected_orders_12m="expected_orders",
        clv_12m="value",
        clv_12m_low="value_low",
        clv_12m_high="value_high",
    )
    return with_run(worth.join(dates, on="customer_id", how="full", coalesce=True), run_id)


def _value_run(run: Run, transactions: pl.DataFrame, value: Any) -> model_runs.Run:
    return model_runs.Run(
        model="value",
        status=value.status,
        as_of=run.as_of,
        rows=value.customers.height,
        champion="BG/NBD + Gamma-Gamma" if value.status == "ok" else None,
        reason=value.reason,
        parameters={**value.parameters, **{f"log_likelihood_{k}": v for k, v in value.log_likelihood.items()}}
        | {"method": value.method, "interval": value.level, "discount_rate": value.discount_rate},
        backtest=_value_backtest(transactions, run.as_of),
    )


def _value_backtest(transactions: pl.DataFrame, as_of: datetime) -> dict[str, Any]:
    from analytics.value.backtest import backtest_value
    from analytics.value.next_purchase import backtest_next_purchase

    first = transactions["at"].min()
    if not isinstance(first, datetime):
        return {}
    begin = holdout_start(first, as_of)
    orders = backtest_value(transactions, calibration_end=begin, holdout_end=as_of)
    dates = backtest_next_purchase(transactions, cutoff=begin, holdout_end=as_of)
    return {**plain(orders), "next_purchase": plain(dates)}


def with_run(frame: pl.DataFrame, run_id: UUID) -> pl.DataFrame:
    """The frame with a column saying which model run its scores are of."""
    import polars as pl

    return frame.with_columns(model_run_id=pl.lit(str(run_id)))


def records(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows of a frame of figures as JSON."""
    return [{name: json_value(value) for name, value in row.items()} for row in frame.to_dicts()]
