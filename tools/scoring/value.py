"""Lifetime value and next purchase of everybody, and of a few by the models of an earlier run."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from database.queries import model_runs
from database.queries.history import History
from tools.scoring.json_figures import plain
from tools.scoring.run import Run, of_run

if TYPE_CHECKING:
    import polars as pl

    from analytics.value.lifetime import ValueResult

__all__ = ["keep_value", "value_again"]

HOLDOUT_SHARE = 0.25  # of the history, at its end, for back-tests
HOLDOUT_LIMIT = timedelta(days=180)


def keep_value(run: Run) -> None:
    """Rows of value_scores of every buyer; the fit is kept as a model run."""
    from analytics.state import to_json
    from analytics.value.lifetime import customer_value
    from analytics.value.next_purchase import next_purchase
    from analytics.value.summary import transactions_of

    transactions = transactions_of(run.history.orders)
    value = customer_value(transactions, as_of=run.as_of)
    alive = value.customers.select("customer_id", "p_alive") if value.customers.height else None
    coming = next_purchase(transactions, as_of=run.as_of, alive=alive)
    state = {"model": to_json(value.model), "everybody": to_json(value.everybody), "gaps": to_json(coming.model)}
    run_id = run.keep_model(_stored(run, transactions, value), state)
    run.keep("value_scores", _rows(value.customers, coming.customers, run_id))


def value_again(state: model_runs.State, history: History) -> pl.DataFrame:
    """Rows of value_scores by the kept models; without one of them its columns are empty, as the run left them."""
    import polars as pl

    from analytics.state import from_json
    from analytics.value.bgnbd import BetaGeo
    from analytics.value.gamma_gamma import GammaGamma
    from analytics.value.lifetime import RESULT_SCHEMA, ValueModel, score_value
    from analytics.value.next_purchase import SCHEMA, GapModel, next_purchase
    from analytics.value.summary import KeptShare, transactions_of

    classes = (ValueModel, BetaGeo, GammaGamma, KeptShare, GapModel)
    models = {name: from_json(value, classes) for name, value in state.state.items()}
    transactions, as_of = transactions_of(history.orders), history.as_of
    values, alive = pl.DataFrame(schema=RESULT_SCHEMA), None
    if models["model"] is not None:
        values = score_value(transactions, models["model"], models["everybody"], as_of=as_of)
        alive = values.select("customer_id", "p_alive")
    coming = pl.DataFrame(schema=SCHEMA)
    if models["gaps"] is not None:
        coming = next_purchase(transactions, as_of=as_of, alive=alive, model=models["gaps"]).customers
    return _rows(values, coming, state.run_id)


def _rows(values: pl.DataFrame, coming: pl.DataFrame, run_id: UUID) -> pl.DataFrame:
    """What customer_value and next_purchase say of customers, side by side."""
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
    return of_run(worth.join(dates, on="customer_id", how="full", coalesce=True), run_id)


def _stored(run: Run, transactions: pl.DataFrame, value: ValueResult) -> model_runs.Run:
    return model_runs.Run(
        model="value",
        status=value.status,
        as_of=run.as_of,
        rows=value.customers.height,
        champion="BG/NBD + Gamma-Gamma" if value.status == "ok" else None,
        reason=value.reason,
        parameters={**value.parameters, **{f"log_likelihood_{k}": v for k, v in value.log_likelihood.items()}}
        | {"method": value.method, "interval": value.level, "discount_rate": value.discount_rate},
        backtest=_backtest(transactions, run.as_of),
    )


def _backtest(transactions: pl.DataFrame, as_of: datetime) -> dict[str, Any]:
    """Both models on a later window: the last quarter of the history, at most 180 days."""
    from analytics.value.backtest import backtest_value
    from analytics.value.next_purchase import backtest_next_purchase

    first = transactions["at"].min()
    if not isinstance(first, datetime):
        return {}
    begin = as_of - min((as_of - first) * HOLDOUT_SHARE, HOLDOUT_LIMIT)
    orders = backtest_value(transactions, calibration_end=begin, holdout_end=as_of)
    dates = backtest_next_purchase(transactions, cutoff=begin, holdout_end=as_of)
    return {**plain(orders), "next_purchase": plain(dates)}
