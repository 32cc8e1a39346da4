"""One scoring run: an organisation's history at one instant, its features, and what has been kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from pydantic import BaseModel

from core.identity import Identity
from database.engine import Database
from database.queries import model_runs
from database.queries.history import History
from database.staging import replace_rows

if TYPE_CHECKING:
    import polars as pl

__all__ = ["SCORES", "Run", "Score", "ScoreReport", "of_run"]

Score = Literal["features", "rfm", "churn", "value"]
SCORES: tuple[Score, ...] = ("features", "rfm", "churn", "value")


class ScoreReport(BaseModel):
    """What a run computed: rows written per table, and why a model was not fitted where it was not."""

    as_of: datetime
    customers: int
    written: dict[str, int] = {}
    models: dict[str, str] = {}
    notes: list[str] = []


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
        """The instant the scores are true for."""
        return self.history.as_of

    def keep(self, table: str, frame: pl.DataFrame) -> None:
        """Replace this organisation's rows of `table` by `frame`."""
        with self.database.transaction(self.identity.org_id) as connection:
            self.report.written[table] = replace_rows(connection, table, frame, whole=True)

    def keep_model(self, stored: model_runs.Run, state: Mapping[str, Any] | None = None) -> UUID:
        """Store a model run of this organisation, with what it takes to score again; returns its id."""
        with self.database.transaction(self.identity.org_id) as connection:
            run_id = model_runs.keep(connection, stored, state)
        self.report.models[stored.model] = stored.champion or stored.status
        if stored.reason:
            self.report.notes.append(f"{stored.model}: {stored.reason}")
        return run_id


def of_run(frame: pl.DataFrame, run_id: UUID) -> pl.DataFrame:
    """The frame with a column saying which model run its scores are of."""
    import polars as pl

    return frame.with_columns(model_run_id=pl.lit(str(run_id)))
