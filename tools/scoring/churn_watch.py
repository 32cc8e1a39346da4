"""Has the churn model grown old: predictions kept until their horizon is over, then held against what happened."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from database.queries import churn_watches
from database.staging import replace_rows
from tools.scoring.json_figures import plain
from tools.scoring.run import Run

if TYPE_CHECKING:
    import polars as pl

    from analytics.churn.definition import LeftDefinition
    from analytics.churn.watch import Watch

__all__ = ["keep_watching", "watch_of", "watch_words"]

WATCHED_DAYS = 30
MOST_WATCHED = 5_000  # predictions kept to be judged later, drawn at random
DRIFT = "Predictions of who will leave have been off"


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

    known = {f.name: parameters[f.name] for f in dataclasses.fields(LeftDefinition) if f.name in parameters}
    return LeftDefinition(**known)


def watch_words(watch: Watch) -> dict[str, Any]:
    """A judgement as JSON, with its sentence."""
    return plain(watch) | {"groups": watch.groups, "words": watch.in_words()}


def keep_watching(run: Run, scores: pl.DataFrame, run_id: UUID, watch: Watch | None) -> None:
    """Keep today's predictions in place of judged ones (or of none, or of ones from after today); tell of drift."""
    with run.database.transaction(run.identity.org_id) as connection:
        kept = churn_watches.kept(connection)
        if watch is None and kept is not None and kept.predicted_at <= run.as_of:
            return
        replace_rows(connection, "churn_watches", _to_watch(scores, run, run_id), whole=True)
        if watch is not None and watch.verdict == "worse":
            churn_watches.announce_drift(connection, f"{DRIFT}: {watch.in_words()}", watch_words(watch))
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
