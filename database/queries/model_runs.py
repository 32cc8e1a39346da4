"""Training runs: what was compared, what won, how it did on a later window, or why there is no model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, null, select, update

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


@dataclass(frozen=True, slots=True)
class State:
    """What it takes to score somebody again by the newest run of a model."""

    run_id: UUID
    as_of: datetime
    state: Mapping[str, Any]


def keep(connection: Connection, run: Run, state: Mapping[str, Any] | None = None) -> UUID:
    """Store `run`, and what it takes to score by it again in place of what earlier runs needed; returns its id."""
    forget = update(ModelRun).where(ModelRun.model == run.model, ModelRun.state.is_not(None))
    connection.execute(forget.values(state=null()))
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
        state=null() if state is None else dict(state),
    )
    return connection.execute(statement.returning(ModelRun.id)).scalar_one()


def state_of(connection: Connection, model: str) -> State | None:
    """How to score by the newest run of `model`; None where it fitted nothing."""
    found = select(ModelRun.id, ModelRun.as_of, ModelRun.state).where(ModelRun.model == model)
    row = connection.execute(found.order_by(ModelRun.created_at.desc()).limit(1)).one_or_none()
    return None if row is None or row.state is None else State(*row)


def latest(connection: Connection, model: str) -> Run | None:
    """The newest run of `model`, or None before the first."""
    fields = [getattr(ModelRun, name) for name in Run.__dataclass_fields__]
    statement = select(*fields).where(ModelRun.model == model).order_by(ModelRun.created_at.desc()).limit(1)
    row = connection.execute(statement).mappings().first()
    return Run(**row) if row else None
