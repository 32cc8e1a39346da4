"""Where value is at risk: groups of customers by what may be lost with them, and how that moved."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from core.errors import NoSuchData
from core.identity import READ
from database.queries import response
from tools.audience.facts import Facts
from tools.churn.questions import AT_RISK, why_at_risk
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, growth, money, share
from tools.results import Arguments, ToolResult

WORDS = [
    "value_at_risk: probability to leave within the horizon × predicted value of the next 12 months, summed over "
    "active customers; customers who have left already are not in it.",
    "trend: value at risk now over the latest one kept at least `trend_days` ago, less 1 (90-day horizon).",
]
Dimension = Literal["rfm_segment", "country", "churn_risk", "main_channel", "favourite_category"]


class AtRiskSegmentsArguments(Arguments):
    """How to group."""

    by: Dimension = Field(default="rfm_segment", description="What to group customers by.")
    horizon_days: Literal[30, 60, 90] = Field(default=90, description="Leaves within so many days.")
    trend_days: int = Field(default=28, ge=1, le=365, description="Days back to compare with, at least.")
    limit: int = Field(default=20, ge=1, le=200, description="Groups at most.")


class AtRiskSegment(BaseModel):
    """One group of active customers."""

    name: str = figure("Name", "Name of the group; '(unknown)' where the value is missing.")
    customers: int = figure("Customers", "Active customers in it.", unit="customers")
    high_risk: int = figure("At high risk", "Of them with high risk (p > 0.70 within the horizon).", unit="customers")
    expected_leavers: float = figure("Expected leavers", "Sum of their probabilities to leave.", unit="customers")
    average_probability: float | None = figure("Average probability", "Mean probability.", unit="share")
    clv_12m: float | None = figure("12-month value", "Their predicted value of the next 12 months.", unit="money")
    value_at_risk: float | None = figure("Value at risk", "Sum of probability × predicted value.", unit="money")
    share: float | None = figure("Share", "Share of all value at risk.", unit="share")
    trend: float | None = figure(
        "Trend", "Change against the earlier figure, 0.1 = 10% more; null: no history.", unit="share"
    )
    rule: dict[str, Any] | None = Field(description="Rule that picks them, for campaigns; null for '(unknown)'.")


class AtRiskSegments(ToolResult):
    """Groups by value at risk, the largest first."""

    by: str = figure("By", "What customers are grouped by.")
    horizon_days: int = figure("Horizon", "Days.", unit="days")
    groups: int = figure("Groups", "Groups there are, before `limit`.", unit="groups")
    value_at_risk: float | None = figure("Value at risk", "Of all groups.", unit="money")
    compared_with: datetime | None = Field(description="Instant of the earlier figures; null: none kept yet.")
    rows: list[AtRiskSegment] = figure("Groups", "Groups.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="where value is at risk",
    agents=("analytics", "optimiser", "reporting"),
    basis="prediction",
    examples=({}, {"by": "country", "limit": 5}),
    questions=(AT_RISK,),
    next=("What should I do for them?", "Write them an email", "Why?"),
    audience=lambda _arguments, result: result.rows[0].rule if result and result.rows else None,
    why=why_at_risk,
)
def at_risk_segments(context: Context, arguments: AtRiskSegmentsArguments) -> AtRiskSegments:
    """Which groups of customers hold the most value at risk (RFM segment, country …), with trend and a rule each."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        facts.require(["churn_90", "clv_12m", arguments.by])
        rows = response.at_risk(connection, arguments.by, arguments.horizon_days)
        before = facts.data_as_of - timedelta(days=arguments.trend_days)
        compared, earlier = response.earlier_at_risk(connection, arguments.by, before)
        today = {r["name"]: r["value_at_risk"] for r in response.at_risk(connection, arguments.by, 90)}
    if not rows:
        raise NoSuchData("No active customer has a churn probability, so no value can be said to be at risk.")
    total = sum(row["value_at_risk"] or 0.0 for row in rows)
    return AtRiskSegments(
        by=arguments.by,
        horizon_days=arguments.horizon_days,
        groups=len(rows),
        value_at_risk=money(total),
        compared_with=compared,
        rows=[
            _group(row, arguments.by, total, growth(today.get(row["name"]), earlier.get(row["name"])))
            for row in rows[: arguments.limit]
        ],
        currency=facts.profile.currency,
        evidence=facts.evidence(
            sum(row["customers"] for row in rows), ["churn_scores", "value_scores", "value_at_risk"], WORDS
        ),
    )


def _group(row: RowMapping, by: str, total: float, trend: float | None) -> AtRiskSegment:
    known = row["name"] != "(unknown)"
    rule = {"all": [{"field": by, "operator": "eq", "value": row["name"]}, _ACTIVE]} if known else None
    return AtRiskSegment(
        name=row["name"],
        customers=row["customers"],
        high_risk=row["high_risk"],
        expected_leavers=round(row["expected_leavers"], 2),
        average_probability=share(row["average_probability"]),
        clv_12m=money(row["clv_12m"]),
        value_at_risk=money(row["value_at_risk"]),
        share=share((row["value_at_risk"] or 0.0) / total) if total > 0 else None,
        trend=trend,
        rule=rule,
    )


_ACTIVE = {"field": "churn_status", "operator": "eq", "value": "active"}
