"""RFM segments of everybody, and of a few by the edges everybody's fifths had."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from database.queries import model_runs
from tools.scoring.run import Run

if TYPE_CHECKING:
    import polars as pl

__all__ = ["keep_rfm", "rfm_again"]


def keep_rfm(run: Run) -> None:
    """Rows of rfm_scores; the edges of the fifths are kept as a model run."""
    from analytics.rfm import edges_of, rfm_segments
    from analytics.state import to_json

    scores = rfm_segments(run.features)
    run.keep("rfm_scores", scores)
    stored = model_runs.Run(model="rfm", status="ok", as_of=run.as_of, rows=scores.height, champion="quintiles")
    with run.database.transaction(run.identity.org_id) as connection:
        model_runs.keep(connection, stored, {"edges": to_json(edges_of(run.features, scores))})


def rfm_again(state: model_runs.State, features: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """Rows of rfm_scores of the customers of `features`, by the edges of an earlier run."""
    from analytics.rfm import RfmEdges, rfm_by_edges
    from analytics.state import from_json

    edges = from_json(state.state["edges"], [RfmEdges])
    return rfm_by_edges(features, edges, later_days=(as_of - state.as_of) / timedelta(days=1))
