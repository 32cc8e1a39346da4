"""Who is likely to leave, and what they are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field

from core.errors import NoSuchData
from core.identity import READ
from database.queries import model_runs, scores
from tools.audience.facts import Facts
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import money, share
from tools.results import Arguments, ToolResult

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

DEFINITION = "A customer counts as having left after a silence far beyond the customer's own rhythm."
WORDS = [
    "risk: by the probability to leave within 90 days, whatever horizon is asked for: high > 0.70, medium 0.40-0.70.",
    "expected_leavers: sum of the probabilities of active customers.",
    "value_at_risk: probability to leave × predicted value of the next 12 months, summed.",
]

Horizon = Literal[30, 60, 90]
Risk = Literal["high", "medium", "low"]


class ModelInfo(BaseModel):
    """The model behind the scores and how good it was on a later time window."""

    model: str = Field(description="churn, value, value_posterior or vectors.")
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
    """Active customers of one risk level (which is judged on the longest horizon, 90 days)."""

    risk: str = Field(description="high (leaves within 90 days with p > 0.70), medium (0.40-0.70) or low.")
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
    horizon = arguments.horizon_days
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        facts.require(["churn_60"])
        states = scores.churn_states(connection)
        totals = scores.churn_totals(connection, horizon, None, None)
        groups = {row["risk"]: row for row in scores.churn_by_risk(connection, horizon)}
        run = model_runs.latest(connection, "churn")
    if not totals["customers"]:
        _refuse(run)
    return ChurnSummary(
        horizon_days=horizon,
        active=states.get("active", 0),
        left=states.get("left", 0),
        scored=totals["customers"],
        expected_leavers=round(totals["expected_leavers"], 2),
        average_probability=share(totals["average_probability"]),
        clv_12m=money(totals["clv_12m"]),
        value_at_risk=money(totals["value_at_risk"]),
        by_risk=[_group(groups[risk]) for risk in ("high", "medium", "low") if risk in groups],
        definition=_definition(run),
        model=None if run is None else model_info(run),
        currency=facts.profile.currency,
        evidence=facts.evidence(
            sum(states.values()), ["churn_scores", "value_scores", "model_runs"], [_definition(run), *WORDS]
        ),
    )


def _group(row: RowMapping) -> RiskGroup:
    return RiskGroup(
        risk=row["risk"],
        customers=row["customers"],
        expected_leavers=round(row["expected_leavers"], 2),
        clv_12m=money(row["clv_12m"]),
        value_at_risk=money(row["value_at_risk"]),
    )


def _definition(run: model_runs.Run | None) -> str:
    told = (run.parameters or {}).get("definition") if run else None
    return str(told) if told else DEFINITION


def _refuse(run: model_runs.Run | None) -> None:
    why = "no active customer has one" if run is None else run.reason or f"the model run ended as {run.status}"
    raise NoSuchData(f"There are no churn probabilities: {why}.")


def model_info(run: model_runs.Run) -> ModelInfo:
    """A stored model run as results carry it."""
    return ModelInfo(
        model=run.model,
        status=run.status,
        champion=run.champion,
        reason=run.reason,
        as_of=run.as_of,
        rows=run.rows,
        candidates=list(run.candidates),
        parameters=dict(run.parameters or {}),
        backtest=dict(run.backtest or {}),
        trained_at=run.created_at or run.as_of,
    )


def driver_words(drivers: Sequence[Mapping[str, Any]] | None) -> list[str]:
    """The drivers of a score in words, strongest first."""
    return [str(driver.get("words") or driver["feature"]) for driver in drivers or ()]


@tool(effect=Effect.READ, scope=READ, examples=({"limit": 10}, {"risk": "high", "order": "probability"}))
def churn_table(context: Context, arguments: ChurnTableArguments) -> ChurnTable:
    """Which customers are likely to leave, with probability, predicted value, value at risk and the reasons."""
    horizon, risk, least = arguments.horizon_days, arguments.risk, arguments.min_probability
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        facts.require(["churn_60"])
        totals = scores.churn_totals(connection, horizon, risk, least)
        rows = scores.churn_rows(
            connection,
            horizon,
            risk=risk,
            least=least,
            order=arguments.order,
            limit=arguments.limit,
            offset=arguments.offset,
        )
        run = model_runs.latest(connection, "churn")
        if not totals["customers"] and not scores.churn_totals(connection, horizon, None, None)["customers"]:
            _refuse(run)
    return ChurnTable(
        horizon_days=horizon,
        total=totals["customers"],
        expected_leavers=round(totals["expected_leavers"], 2),
        clv_total=money(totals["clv_12m"]),
        value_at_risk_total=money(totals["value_at_risk"]),
        rows=[_row(row) for row in rows],
        currency=facts.profile.currency,
        evidence=facts.evidence(totals["customers"], ["churn_scores", "value_scores"], [_definition(run), *WORDS]),
    )


def _row(row: RowMapping) -> ChurnRow:
    return ChurnRow(
        customer=row["external_id"],
        name=row["name"],
        probability=share(row["probability"]) or 0.0,
        risk=row["risk"],
        clv_12m=money(row["clv_12m"]),
        value_at_risk=money(row["value_at_risk"]),
        drivers=driver_words(row["drivers"]),
    )
