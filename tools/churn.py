"""Who is likely to leave, and what they are worth."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from core.identity import READ
from tools.catalogue import Arguments, Context, Effect, ToolResult, tool

Horizon = Literal[30, 60, 90]
Risk = Literal["high", "medium", "low"]


class ModelInfo(BaseModel):
    """The model behind the scores and how good it was on a later time window."""

    model: str = Field(description="churn or value.")
    status: str = Field(description="State of the run, e.g. ready, or why there is no model.")
    champion: str | None = Field(description="Candidate that won.")
    reason: str | None = Field(description="Why it won, or why there is no model.")
    as_of: datetime = Field(description="Instant the run is true for (UTC).")
    rows: int = Field(description="Rows it was trained on.")
    candidates: list[Any] = Field(description="Candidates with their back-test figures.")
    parameters: dict[str, Any] = Field(description="Fitted parameters and definitions.")
    backtest: dict[str, Any] = Field(description="Figures on the later time window.")
    trained_at: datetime = Field(description="When (UTC).")


class ChurnSummaryArguments(Arguments):
    """Which horizon."""

    horizon_days: Horizon = Field(default=60, description="Leaves within so many days: 30, 60 or 90.")


class RiskGroup(BaseModel):
    """Active customers of one risk level."""

    risk: str = Field(description="high (p > 0.70), medium (0.40-0.70) or low, by the stored risk level.")
    customers: int = Field(description="Customers.")
    expected_leavers: float = Field(description="Sum of their probabilities to leave (customers).")
    clv_12m: float | None = Field(description="Their predicted value of the next 12 months (money).")
    value_at_risk: float | None = Field(description="Sum of probability × predicted value (money).")


class ChurnSummary(ToolResult):
    """Churn of the whole organisation."""

    horizon_days: int = Field(description="Days.")
    active: int = Field(description="Customers who have not left yet.")
    left: int = Field(description="Customers counted as having left already.")
    scored: int = Field(description="Active customers with a probability.")
    expected_leavers: float = Field(description="Sum of the probabilities (customers).")
    average_probability: float | None = Field(description="Mean probability of the scored, 0-1.")
    clv_12m: float | None = Field(description="Predicted value of the scored over 12 months (money).")
    value_at_risk: float | None = Field(description="Sum of probability × predicted value (money).")
    by_risk: list[RiskGroup] = Field(description="By risk level, high first.")
    definition: str = Field(description="What 'left' means here.")
    model: ModelInfo | None = Field(description="Model and its back-test; null when none was recorded.")
    currency: str = Field(description="ISO 4217 code of money.")


class ChurnTableArguments(Arguments):
    """Which customers, in which order."""

    horizon_days: Horizon = Field(default=60, description="Leaves within so many days: 30, 60 or 90.")
    risk: Risk | None = Field(default=None, description="Only this risk level.")
    min_probability: float | None = Field(default=None, ge=0, le=1, description="Only with at least this probability.")
    order: Literal["value_at_risk", "probability", "clv"] = Field(
        default="value_at_risk", description="Largest first by this."
    )
    limit: int = Field(default=20, ge=1, le=1000, description="Rows at most.")
    offset: int = Field(default=0, ge=0, description="Rows to skip, for paging.")


class ChurnRow(BaseModel):
    """One active customer."""

    customer: str = Field(description="The shop's customer id.")
    name: str | None = Field(description="Name, where known.")
    probability: float = Field(description="P(leaves within the horizon), 0-1.")
    risk: str | None = Field(description="high, medium or low.")
    clv_12m: float | None = Field(description="Predicted value of the next 12 months (money).")
    value_at_risk: float | None = Field(description="probability × clv_12m (money).")
    drivers: list[str] = Field(description="What drives the score, strongest first.")


class ChurnTable(ToolResult):
    """Active customers with their probability to leave."""

    horizon_days: int = Field(description="Days.")
    total: int = Field(description="Customers who match, before `limit`.")
    expected_leavers: float = Field(description="Sum of the probabilities of all who match (customers).")
    clv_total: float | None = Field(description="Predicted 12-month value of all who match (money).")
    value_at_risk_total: float | None = Field(description="Sum of probability × value of all who match (money).")
    rows: list[ChurnRow] = Field(description="Customers.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(effect=Effect.READ, scope=READ, examples=({}, {"horizon_days": 90}))
def churn_summary(context: Context, arguments: ChurnSummaryArguments) -> ChurnSummary:
    """How many customers are likely to leave within 30, 60 or 90 days, the value at risk, and how good the model is."""
    raise NotImplementedError


@tool(effect=Effect.READ, scope=READ, examples=({"limit": 10}, {"risk": "high", "order": "probability"}))
def churn_table(context: Context, arguments: ChurnTableArguments) -> ChurnTable:
    """Which customers are likely to leave, with probability, predicted value, value at risk and the reasons."""
    raise NotImplementedError
