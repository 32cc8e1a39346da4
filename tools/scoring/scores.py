"""Keeping scores fresh: features, RFM segments, churn and value of a whole organisation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from core.identity import WRITE, Identity
from database.engine import Database
from database.queries import coverage, model_runs, organisations
from database.queries.history import History, read_history
from database.staging import replace_rows
from tools.context import Context
from tools.declaration import Effect, tool
from tools.results import Arguments, Evidence, ToolResult

if TYPE_CHECKING:
    import polars as pl

Score = Literal["features", "rfm", "churn", "value"]
SCORES: tuple[Score, ...] = ("features", "rfm", "churn", "value")
JOB = "refresh_scores"


class RefreshScoresArguments(Arguments):
    """Which scores to compute."""

    what: list[Score] = Field(default=list(SCORES), min_length=1, description="Scores to compute; all by default.")


class RefreshScores(ToolResult):
    """The job that was started."""

    job_id: UUID = Field(description="Ask job_status with this id for progress and result.")


@tool(effect=Effect.COMPUTE, scope=WRITE, examples=({}, {"what": ["rfm"]}))
def refresh_scores(context: Context, arguments: RefreshScoresArguments) -> RefreshScores:
    """Compute customer features, RFM segments, churn risk and lifetime value anew, in the background.

    Scores are kept fresh by themselves; call this after an import, or when a result says its scores are older than
    the data.
    """
    job_id = context.enqueue(context.identity, JOB, {"what": list(arguments.what)})
    return RefreshScores(job_id=job_id, evidence=Evidence(rows=0, as_of=context.now))


class ScoreReport(BaseModel):
    """What a run computed: rows written a score, and why a model was not fitted where it was not."""

    as_of: datetime
    customers: int
    written: dict[str, int]
    models: dict[str, str]
    notes: list[str]


@dataclass(slots=True)
class Run:
    """One scoring run over one organisation's history at one instant."""

    database: Database
    identity: Identity
    history: History
    features: pl.DataFrame
    report: ScoreReport

    @property
    def as_of(self) -> datetime:
        return self.history.as_of

    def keep(self, table: str, frame: pl.DataFrame) -> None:
        """Replace this organisation's rows of `table` by `frame`."""
        with self.database.transaction(self.identity.org_id) as connection:
            self.report.written[table] = replace_rows(connection, table, frame, whole=True)


def score_organisation(
    database: Database,
    identity: Identity,
    now: datetime,
    progress: Callable[[float, str], None],
    what: tuple[Score, ...] = SCORES,
) -> ScoreReport:
    """Compute and keep the scores in `what` for everybody in `identity`'s organisation.

    Each score is replaced in a transaction of its own: a run that is killed leaves the older scores standing and is
    simply run again. `progress(share, words)` is called at each stage.
    """
    progress(0.0, "reading orders and events")
    run = _begin(database, identity, now)
    if run.features.is_empty():
        run.report.notes.append("There are no customers with orders or events yet.")
        progress(1.0, "no customers to score yet")
        return run.report
    stages: dict[Score, Callable[[Run], None]] = {
        "features": _keep_features,
        "rfm": _keep_rfm,
        "value": _keep_value,
        "churn": _keep_churn,
    }
    chosen = [name for name in stages if name in what]
    for position, name in enumerate(chosen):
        progress((position + 1) / (len(chosen) + 1), f"computing {name} for {run.features.height:,} customers")
        stages[name](run)
    progress(1.0, f"scored {run.features.height:,} customers as of {run.as_of:%Y-%m-%d}")
    return run.report


def _begin(database: Database, identity: Identity, now: datetime) -> Run:
    from analytics.features.compute import compute_features

    with database.transaction(identity.org_id) as connection:
        as_of = coverage.reference_instant(connection, now)
        zone = organisations.profile(connection).time_zone
    history = read_history(database, identity.org_id, as_of=as_of, time_zone=zone)
    features = compute_features(history.orders, history.items, history.events, as_of=as_of, time_zone=zone)
    report = ScoreReport(as_of=as_of, customers=features.height, written={}, models={}, notes=[])
    return Run(database, identity, history, features, report)


def _keep_features(run: Run) -> None:
    run.keep("features", feature_rows(run.features, run.history))


def _keep_rfm(run: Run) -> None:
    from analytics.rfm import edges_of, rfm_segments
    from analytics.state import to_json

    scores = rfm_segments(run.features)
    run.keep("rfm_scores", scores)
    stored = model_runs.Run(model="rfm", status="ok", as_of=run.as_of, rows=scores.height, champion="quintiles")
    with run.database.transaction(run.identity.org_id) as connection:
        model_runs.keep(connection, stored, {"edges": to_json(edges_of(run.features, scores))})


def _keep_value(run: Run) -> None:
    from tools.scoring.models import value_scores

    run.keep("value_scores", value_scores(run))


def _keep_churn(run: Run) -> None:
    from tools.scoring.churn import churn_scores, keep_watching, watch_of

    watch = watch_of(run)
    scores, run_id = churn_scores(run, watch)
    run.keep("churn_scores", scores)
    keep_watching(run, scores, run_id, watch)


def feature_rows(features: pl.DataFrame, history: History) -> pl.DataFrame:
    """Rows of the table of features."""
    import polars as pl

    return decoded(features, history).with_columns(as_of=pl.lit(history.as_of))


def decoded(features: pl.DataFrame, history: History) -> pl.DataFrame:
    """Features with the names of categories, channels and places in place of their codes."""
    import polars as pl

    columns = {"favourite_category": "category", "main_channel": "channel", "main_location": "location"}
    names: dict[str, Any] = {
        column: pl.col(column).replace_strict(
            range(len(history.names[source])), history.names[source], default=None, return_dtype=pl.String
        )
        for column, source in columns.items()
    }
    return features.with_columns(**names)
