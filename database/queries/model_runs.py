"""Training runs: what was compared, what won, how it did on a later window, or why there is no model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select

from database.tables.intelligence import ModelRun


@dataclass(frozen=True, slots=True)
class Run:
    """A model run as stored."""

    model: str
    status: str
    as_of: datetime
    rows: int
    champion: str | None = None
    reason: str | None = None
    candidates: Sequence[Mapping[str, Any]] = ()
    parameters: Mapping[str, Any] | None = None
    backtest: Mapping[str, Any] | None = None
    created_at: datetime | None = None


def keep(connection: Connection, run: Run) -> UUID:
    """Store `run`; returns its id."""
    statement = insert(ModelRun).values(
        model=run.model,
        status=run.status,
        as_of=run.as_of,
        rows=run.rows,
        champion=run.champion,
        reason=run.reason,
        candidates=[dict(c) for c in run.candidates],
        parameters=dict(run.parameters or {}),
        backtest=dict(run.backtest or {}),
    )
    return connection.execute(statement.returning(ModelRun.id)).scalar_one()


def latest(connection: Connection, model: str) -> Run | None:
    """The newest run of `model`, or None before the first."""
    fields = [getattr(ModelRun, name) for name in Run.__dataclass_fields__]
    statement = select(*fields).where(ModelRun.model == model).order_by(ModelRun.created_at.desc()).limit(1)
    row = connection.execute(statement).mappings().first()
    return Run(**row) if row else None
