"""Predictions kept until their horizon is over, one set at a time, and word of a model that has grown old."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

__all__ = ["Kept", "announce_drift", "kept", "probabilities"]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is being watched: predictions of a model run, true at `predicted_at`; parameters are that run's."""

    predicted_at: datetime
    horizon_days: int
    model_run_id: UUID
    parameters: Mapping[str, Any]


def kept(connection: Connection) -> Kept | None:
    """The predictions being watched, or None."""
    row = connection.execute(
        text(
            """
            select w.predicted_at, w.horizon_days, w.model_run_id, r.parameters
            from churn_watches w join model_runs r on r.org_id = w.org_id and r.id = w.model_run_id limit 1
            """
        )
    ).first()
    return Kept(*row) if row else None


def probabilities(connection: Connection) -> list[tuple[int, float]]:
    """(customer_id, probability) of everybody watched."""
    rows = connection.execute(text("select customer_id, probability from churn_watches order by customer_id"))
    return [(row.customer_id, row.probability) for row in rows]


def announce_drift(connection: Connection, title: str, detail: Mapping[str, Any]) -> None:
    """Tell people that the churn model predicts worse than it should."""
    connection.execute(
        text(
            "insert into alerts (kind, severity, title, detail)"
            " values ('churn_model_drift', 'medium', :title, cast(:detail as jsonb))"
        ),
        {"title": title, "detail": json.dumps(dict(detail))},
    )
