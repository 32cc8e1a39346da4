"""Churn risk of everybody by a model trained for it, and of a few by the champion of an earlier run."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from database.queries import model_runs
from tools.scoring.churn_champion import champion_of, state_of
from tools.scoring.churn_watch import keep_watching, watch_of, watch_words
from tools.scoring.json_figures import plain, records
from tools.scoring.run import Run, of_run

if TYPE_CHECKING:
    import polars as pl

    from analytics.churn.champion import ChurnModel
    from analytics.churn.scores import ChurnScores
    from analytics.churn.watch import Watch

__all__ = ["churn_again", "keep_churn"]


def keep_churn(run: Run) -> None:
    """Rows of churn_scores of every buyer.

    The model run keeps the race between the candidates, and how earlier predictions turned out.
    """
    from analytics.churn.scores import score_churn

    watch = watch_of(run)
    model = _trained(run)
    scores = score_churn(model, _orders(run.history.orders), run.features, as_of=run.as_of)
    run_id = run.keep_model(_stored(run, model, scores, watch), state_of(model, scores.average))
    rows = of_run(_rows(scores), run_id)
    run.keep("churn_scores", rows)
    keep_watching(run, rows, run_id, watch)


def churn_again(state: model_runs.State, orders: pl.DataFrame, features: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """Rows of churn_scores of the customers of `orders`, by the champion of an earlier run."""
    from analytics.churn.scores import score_churn

    model, average = champion_of(state.state)
    scores = score_churn(model, _orders(orders), features, as_of=as_of, average=average)
    return of_run(_rows(scores), state.run_id)


def _orders(orders: pl.DataFrame) -> pl.DataFrame:
    return orders.select("customer_id", "ordered_at", "revenue")


def _trained(run: Run) -> ChurnModel:
    """The race on the customers `training_customers` draws; what "left" means is taken from everybody."""
    from analytics.churn.champion import ChurnSettings, train_churn
    from analytics.churn.definition import define_left
    from analytics.churn.training import training_customers
    from analytics.features.compute import compute_features
    from analytics.features.dictionary import NUMBER_NAMES

    past, settings = run.history, ChurnSettings()
    orders = _orders(past.orders)
    since = run.as_of - timedelta(days=settings.reach_days)
    drawn = training_customers(orders, since=since, most=settings.most_customers, seed=settings.seed)
    rows = [frame.join(drawn, on="customer_id", how="semi", maintain_order="left") for frame in
            (past.orders, past.items, past.events)]  # fmt: skip

    def features_at(at: datetime) -> pl.DataFrame:
        return compute_features(*rows, as_of=at, time_zone=past.time_zone)

    return train_churn(
        _orders(rows[0]),
        features_at,
        as_of=run.as_of,
        settings=settings,
        names=NUMBER_NAMES,
        definition=define_left(orders, as_of=run.as_of),
    )


def _stored(run: Run, model: ChurnModel, scores: ChurnScores, watch: Watch | None) -> model_runs.Run:
    return model_runs.Run(
        model="churn",
        status=model.status,
        as_of=run.as_of,
        rows=scores.customers.height,
        champion=model.champion,
        reason=model.reason,
        candidates=records(model.comparison),
        parameters=plain(model.definition)
        | {"definition": model.definition.in_words(), "trained_rows": model.trained_rows}
        | {"trained_events": model.trained_events, "survival_days": list(scores.times)},
        backtest={
            "test_cutoff": model.test_cutoff.isoformat() if model.test_cutoff else None,
            "calibration": records(model.calibration),
            "watch": watch_words(watch) if watch else _last_watch(run),
        },
    )


def _last_watch(run: Run) -> Any:
    """What the run before knew, so that the newest run always tells the latest judgement."""
    with run.database.transaction(run.identity.org_id) as connection:
        before = model_runs.latest(connection, "churn")
    return (before.backtest or {}).get("watch") if before else None


def _rows(scores: ChurnScores) -> pl.DataFrame:
    import polars as pl

    drivers = (
        scores.drivers.sort("customer_id", "rank")
        .select(
            "customer_id",
            pl.struct("feature", "value", "contribution", "direction", "words").struct.json_encode().alias("driver"),
        )
        .group_by("customer_id", maintain_order=True)
        .agg(pl.format("[{}]", pl.col("driver").str.join(",")).alias("drivers"))
    )
    rows = scores.customers.join(drivers, on="customer_id", how="left")
    wanted = {"risk": "risk"} | {f"p{days}": f"p_leave_{days}d" for days in (30, 60, 90)}
    found = {ours: pl.col(theirs) if theirs in rows.columns else pl.lit(None) for ours, theirs in wanted.items()}
    chosen: pl.DataFrame = rows.select("customer_id", "status", "limit_days", "drivers", _curve(rows), **found)
    return chosen


def _curve(rows: pl.DataFrame) -> pl.Expr:
    import polars as pl

    if "survival" not in rows.columns:
        return pl.lit(None, dtype=pl.List(pl.Float32)).alias("survival")
    return pl.col("survival").cast(pl.List(pl.Float32))
