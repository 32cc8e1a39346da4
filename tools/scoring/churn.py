"""The churn model of an organisation: trained, scored, and its earlier predictions held against what happened."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from database.queries import churn_watches, model_runs
from database.staging import replace_rows
from tools.scoring.churn_state import kept_model, model_of
from tools.scoring.models import keep_run, plain, records, with_run

if TYPE_CHECKING:
    import polars as pl

    from analytics.churn.champion import ChurnModel
    from analytics.churn.definition import LeftDefinition
    from analytics.churn.scores import ChurnScores
    from analytics.churn.watch import Watch
    from tools.scoring.scores import Run

WATCHED_DAYS = 30
MOST_WATCHED = 5_000  # predictions kept to be judged later, drawn at random
DRIFT = "The churn model foretells worse than it should"


def churn_scores(run: Run, watch: Watch | None) -> tuple[pl.DataFrame, UUID]:
    """Churn risk of every buyer, as rows of churn_scores, and the id of the model run they are of.

    The run keeps the race between the candidates and, with `watch`, how earlier predictions turned out.
    """
    from analytics.churn.scores import score_churn

    model = _trained(run)
    orders = run.history.orders.select("customer_id", "ordered_at", "revenue")
    scores = score_churn(model, orders, run.features, as_of=run.as_of)
    run_id = keep_run(run, _stored(run, model, scores, watch), kept_model(model, scores.average))
    return with_run(_rows(scores), run_id), run_id


def churn_again(state: model_runs.State, orders: pl.DataFrame, features: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """Rows of churn_scores of the customers of `orders`, by the champion of an earlier run."""
    from analytics.churn.scores import score_churn

    model, average = model_of(state.state)
    told = orders.select("customer_id", "ordered_at", "revenue")
    scores = score_churn(model, told, features, as_of=as_of, average=average)
    return with_run(_rows(scores), state.run_id)


def _trained(run: Run) -> ChurnModel:
    """The race on the customers `training_customers` draws; what "left" means is taken from everybody."""
    from analytics.churn.champion import ChurnSettings, train_churn
    from analytics.churn.definition import define_left
    from analytics.churn.training import training_customers
    from analytics.features.compute import compute_features
    from analytics.features.dictionary import NUMBER_NAMES

    past, settings = run.history, ChurnSettings()
    orders = past.orders.select("customer_id", "ordered_at", "revenue")
    since = run.as_of - timedelta(days=settings.reach_days)
    drawn = training_customers(orders, since=since, most=settings.most_customers, seed=settings.seed)
    rows = [frame.join(drawn, on="customer_id", how="semi", maintain_order="left") for frame in
            (past.orders, past.items, past.events)]  # fmt: skip

    def features_at(at: datetime) -> pl.DataFrame:
        return compute_features(*rows, as_of=at, time_zone=past.time_zone)

    return train_churn(
        rows[0].select("customer_id", "ordered_at", "revenue"),
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
            "watch": _told(watch) if watch else _last_watch(run),
        },
    )


def _told(watch: Watch) -> dict[str, Any]:
    return plain(watch) | {"groups": watch.groups, "words": watch.in_words()}


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


def watch_of(run: Run) -> Watch | None:
    """How the predictions kept turned out, once their horizon is over; None before, or without any."""
    import polars as pl

    from analytics.churn.watch import watch_churn

    with run.database.transaction(run.identity.org_id) as connection:
        kept = churn_watches.kept(connection)
        if kept is None or kept.predicted_at + timedelta(days=kept.horizon_days) > run.as_of:
            return None
        told = churn_watches.probabilities(connection)
    predictions = pl.DataFrame(told, schema={"customer_id": pl.Int64, "probability": pl.Float64}, orient="row")
    return watch_churn(
        run.history.orders.select("customer_id", "ordered_at", "revenue"),
        predictions,
        _definition(kept.parameters),
        predicted_at=kept.predicted_at,
        horizon_days=kept.horizon_days,
        as_of=run.as_of,
    )


def _definition(parameters: Mapping[str, Any]) -> LeftDefinition:
    from analytics.churn.definition import LeftDefinition

    return LeftDefinition(**{f.name: float(parameters[f.name]) for f in dataclasses.fields(LeftDefinition)})


def keep_watching(run: Run, scores: pl.DataFrame, run_id: UUID, watch: Watch | None) -> None:
    """Keep today's predictions in place of judged ones (or of none, or of ones from after today); tell of drift."""
    with run.database.transaction(run.identity.org_id) as connection:
        kept = churn_watches.kept(connection)
        if watch is None and kept is not None and kept.predicted_at <= run.as_of:
            return
        replace_rows(connection, "churn_watches", _to_watch(scores, run, run_id), whole=True)
        if watch is not None and watch.verdict == "worse":
            churn_watches.announce_drift(connection, f"{DRIFT}: {watch.in_words()}", _told(watch))
            run.report.notes.append(f"churn: {watch.in_words()}")


def _to_watch(scores: pl.DataFrame, run: Run, run_id: UUID) -> pl.DataFrame:
    import polars as pl

    known = scores.filter(pl.col("p30").is_not_null()).select("customer_id", probability="p30")
    drawn = known.sample(min(known.height, MOST_WATCHED), seed=0).sort("customer_id")
    return drawn.with_columns(
        horizon_days=pl.lit(WATCHED_DAYS),
        predicted_at=pl.lit(run.as_of),
        model_run_id=pl.lit(str(run_id)),
    )
