"""Alerts: what changed that a person should know, and that somebody has seen it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from core.identity import READ, WRITE
from database.queries import alerts
from tools.alerts.questions import ALERTS, SEEN
from tools.alerts.remedies import act_on, look_into
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.results import Arguments, Evidence, ToolResult

MOST = 50


class ListAlertsArguments(Arguments):
    """Which alerts."""

    unseen_only: bool = Field(default=True, description="False: those somebody has seen, too.")
    limit: int = Field(default=20, ge=1, le=MOST, description="At most so many, newest first.")


class AlertInfo(BaseModel):
    """One alert."""

    id: UUID = Field(description="Its id.")
    kind: str = Field(description="What it is about, e.g. churn_model_drift, delivery_unknown.")
    severity: str = figure("Severity", "critical, high, medium or low.")
    title: str = figure("Title", "What happened, in words.")
    look: str = Field(description="What to say to AIMA, or the page, to look into it; empty: nothing to look at.")
    act: str = Field(description="What to say to AIMA to have something done about it; empty: nothing to do.")
    detail: dict[str, Any] = Field(description="Figures and names behind it.")
    created_at: datetime = figure("Created", "When it was raised.")
    seen_at: datetime | None = figure("Seen", "When somebody marked it as seen; null: nobody has.")


class AlertList(ToolResult):
    """Alerts, newest first."""

    unseen: int = figure("Unseen", "Alerts nobody has seen.", unit="alerts")
    alerts: list[AlertInfo] = Field(description="Newest first, up to the limit.")


class MarkAlertsSeenArguments(Arguments):
    """Which alerts were seen."""

    alert_ids: list[UUID] | None = Field(
        default=None, min_length=1, max_length=500, description="Ids from list_alerts; absent: all."
    )


class AlertsSeen(ToolResult):
    """What is left."""

    marked: int = figure("Marked", "Alerts marked by this call.", unit="alerts")
    unseen: int = figure("Unseen", "Alerts nobody has seen yet.", unit="alerts")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="alerts",
    agents=("research", "reporting"),
    basis="record",
    examples=({}, {"unseen_only": False}),
    questions=(ALERTS,),
    views=(),
    next=lambda outcome: [
        *dict.fromkeys(said for alert in outcome.result.alerts[:1] for said in (alert.look, alert.act) if said),
        "Mark the alerts as seen",
    ],
)
def list_alerts(context: Context, arguments: ListAlertsArguments) -> AlertList:
    """What a person should know: segments that drift, models that age, messages whose delivery is unknown."""
    with context.transaction() as connection:
        unseen = alerts.unseen(connection)
        rows = alerts.listed(connection, unseen_only=arguments.unseen_only, limit=arguments.limit)
    return AlertList(
        unseen=unseen,
        alerts=[AlertInfo(**asdict(row), look=look_into(row), act=act_on(row)) for row in rows],
        evidence=Evidence(rows=len(rows), as_of=context.now, sources=["alerts"]),
    )


@tool(
    effect=Effect.COMPUTE,
    scope=WRITE,
    about="Marked alerts as seen",
    agents=("research",),
    basis="record",
    examples=({},),
    questions=(SEEN,),
    views=(),
    next=("Show the headline figures",),
)
def mark_alerts_seen(context: Context, arguments: MarkAlertsSeenArguments) -> AlertsSeen:
    """Mark alerts as seen, for everybody in the organisation; they stay listed with `unseen_only` false."""
    with context.transaction() as connection:
        marked = alerts.mark_seen(connection, arguments.alert_ids, context.now)
        unseen = alerts.unseen(connection)
    return AlertsSeen(
        marked=marked, unseen=unseen, evidence=Evidence(rows=marked, as_of=context.now, sources=["alerts"])
    )
