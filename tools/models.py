"""Fitting the customer models of an organisation: train, back-test on a later window, keep the run and the scores."""

from __future__ import annotations

import dataclasses
import json
import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from database.queries import model_runs

if TYPE_CHECKING:
    import polars as pl

    from tools.scoring import Run

HOLDOUT_SHARE = 0.25  # of the history, at its end, for back-tests
HOLDOUT_LIMIT = timedelta(days=180)


def keep_run(run: Run, stored: model_runs.Run) -> UUID:
    """Store a model run of this scoring run's organisation; returns its id."""
    with run.database.transaction(run.identity.org_id) as connection:
        run_id = model_runs.keep(connection, stored)
    run.report.models[stored.model] = stored.champion or stored.status
    if stored.reason:
        run.report.notes.append(f"{stored.model}: {stored.reason}")
    return run_id


def plain(result: Any) -> dict[str, Any]:
    """A result's figures as JSON: dataclass fields that are numbers, words or instants; no frames, no NaN."""
    values = {f.name: getattr(result, f.name) for f in dataclasses.fields(result)}
    return {name: _json(value) for name, value in values.items() if _is_plain(value)}


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool | datetime)


def _json(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.isoformat() if isinstance(value, datetime) else value


def holdout_start(first: datetime, as_of: datetime) -> datetime:
    """Where the back-test's later window begins: the last quarter of the history, at most 180 days."""
    return as_of - min((as_of - first) * HOLDOUT_SHARE, HOLDOUT_LIMIT)


def value_scores(run: Run) -> pl.DataFrame:
    """Lifetime value and next purchase of every buyer, as rows of value_scores; the fit is kept as a model run."""
    from analytics.value.lifetime import customer_value
    from analytics.value.next_purchase import next_purchase
    from analytics.value.summary import transactions_of

    transactions = transactions_of(run.history.orders)
    value = customer_value(transactions, as_of=run.as_of)
    alive = value.customers.select("customer_id", "p_alive") if value.customers.height else None
    coming = next_purchase(transactions, as_of=run.as_of, alive=alive)
    run_id = keep_run(run, _value_run(run, transactions, value))
    dates = coming.customers.select(
        "customer_id", next_purchase_at="next_at", next_purchase_low="next_low", next_purchase_high="next_high"
    )
    worth = value.customers.select(
        "customer_id",
        "p_alive",
        expected_orders_12m="expected_orders",
        clv_12m="value",
        clv_12m_low="value_low",
        clv_12m_high="value_high",
    )
    return _with_run(worth.join(dates, on="customer_id", how="full", coalesce=True), run_id)


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


def _with_run(frame: pl.DataFrame, run_id: UUID) -> pl.DataFrame:
    import polars as pl

    return frame.with_columns(model_run_id=pl.lit(str(run_id)))


def churn_scores(run: Run) -> pl.DataFrame:
    """Churn risk of every buyer, as rows of churn_scores; the race between candidates is kept as a model run."""
    from analytics.churn.champion import train_churn
    from analytics.churn.scores import score_churn
    from analytics.features.compute import compute_features
    from analytics.features.dictionary import FEATURES, NUMBER_NAMES

    def features_at(at: datetime) -> pl.DataFrame:
        past = run.history
        return compute_features(past.orders, past.items, past.events, as_of=at, time_zone=past.time_zone)

    orders = run.history.orders.select("customer_id", "ordered_at", "revenue")
    model = train_churn(orders, features_at, as_of=run.as_of, names=NUMBER_NAMES)
    words = {f.name: f.name.replace("_", " ") for f in FEATURES}
    scores = score_churn(model, orders, run.features, as_of=run.as_of, words=words)
    return _with_run(_churn_rows(scores), keep_run(run, _churn_run(run, model, scores)))


def _churn_run(run: Run, model: Any, scores: Any) -> model_runs.Run:
    return model_runs.Run(
        model="churn",
        status=model.status,
        as_of=run.as_of,
        rows=scores.customers.height,
        champion=model.champion,
        reason=model.reason,
        candidates=_records(model.comparison),
        parameters=plain(model.definition)
        | {"definition": model.definition.in_words(), "trained_rows": model.trained_rows}
        | {"trained_events": model.trained_events},
        backtest={
            "test_cutoff": model.test_cutoff.isoformat() if model.test_cutoff else None,
            "calibration": _records(model.calibration),
        },
    )


def _records(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return [{name: _json(value) for name, value in row.items()} for row in frame.to_dicts()]


def _churn_rows(scores: Any) -> pl.DataFrame:
    import polars as pl

    drivers = (
        scores.drivers.sort("customer_id", "rank")
        .select("customer_id", pl.struct("feature", "value", "contribution", "direction", "words").alias("driver"))
        .group_by("customer_id", maintain_order=True)
        .agg(pl.col("driver"))
        .with_columns(pl.col("driver").map_elements(_driver_json, return_dtype=pl.String).alias("drivers"))
    )
    rows = scores.customers.join(drivers.select("customer_id", "drivers"), on="customer_id", how="left")
    wanted = {"risk": "risk"} | {f"p{days}": f"p_leave_{days}d" for days in (30, 60, 90)}
    found = {ours: pl.col(theirs) if theirs in rows.columns else pl.lit(None) for ours, theirs in wanted.items()}
    chosen: pl.DataFrame = rows.select("customer_id", "status", "limit_days", "drivers", **found)
    return chosen


def _driver_json(drivers: pl.Series) -> str:
    return json.dumps([{name: _json(value) for name, value in driver.items()} for driver in drivers])
