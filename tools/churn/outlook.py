"""Who is likely to leave, and what they are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field

from core.errors import NoSuchData
from core.identity import READ
from database.queries import model_runs, scores
from language.grammar import LIKELY
from tools.audience.drivers import driver_words
from tools.audience.facts import Facts
from tools.audience.risk import LONGEST, Risk, at_risk
from tools.churn.questions import CHURN_MODEL, CHURN_OVERVIEW, CHURN_WHO, churn_follow_up, why_churn
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money, share
from tools.models.report import ModelInfo, model_info
from tools.results import Arguments, ToolResult
from tools.views import bars, table

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

DEFINITION = "A customer counts as having left after a silence far beyond the customer's own rhythm."
WORDS = [
    "risk: by the probability to leave within the days named: high above 70%, medium from 40%, else low.",
    "expected_leavers: sum of the probabilities of active customers.",
    "value_at_risk: probability to leave × predicted value of the next 12 months, summed.",
]

VALUE_AT_RISK = "Sum of probability × predicted value."

Horizon = Literal[30, 60, 90]


class ChurnSummaryArguments(Arguments):
    """Which horizon."""

    horizon_days: Horizon = Field(default=LONGEST, description="Leaves within so many days: 30, 60 or 90.")


class RiskGroup(BaseModel):
    """Active customers of one risk level, judged on the horizon asked for."""

    risk: str = figure("Risk", "high (leaves within the horizon with p > 0.70), medium (0.40-0.70) or low.")
    customers: int = figure("Customers", "Customers.", unit="customers")
    expected_leavers: float = figure("Expected leavers", "Sum of their probabilities to leave.", unit="customers")
    clv_12m: float | None = figure("12-month value", "Their predicted value of the next 12 months.", unit="money")
    value_at_risk: float | None = figure("Value at risk", VALUE_AT_RISK, unit="money")


class ChurnSummary(ToolResult):
    """Churn of the whole organisation."""

    horizon_days: int = figure("Horizon", "Days.", unit="days")
    active: int = figure("Active customers", "Customers who have not left yet.", unit="customers")
    left: int = figure("Have left", "Customers counted as having left already.", unit="customers")
    scored: int = figure("Scored", "Active customers with a probability.", unit="customers")
    expected_leavers: float = figure("Expected leavers", "Sum of the probabilities.", unit="customers")
    average_probability: float | None = figure("Average probability", "Mean probability of the scored.", unit="share")
    clv_12m: float | None = figure("12-month value", "Predicted value of the scored over 12 months.", unit="money")
    value_at_risk: float | None = figure("Value at risk", VALUE_AT_RISK, unit="money")
    by_risk: list[RiskGroup] = figure("Risk levels", "By risk level, high first.")
    definition: str = figure("Definition", "What 'left' means here.")
    model: ModelInfo | None = Field(description="Model and its back-test; null when none was recorded.")
    currency: str = Field(description="ISO 4217 code of money.")


class ChurnTableArguments(Arguments):
    """Which customers, in which order."""

    horizon_days: Horizon = Field(default=LONGEST, description="Leaves within so many days: 30, 60 or 90.")
    risk: Risk | None = Field(default=None, description="Only this risk level.")
    min_probability: float | None = Field(default=None, ge=0, le=1, description="Only with at least this probability.")
    order: Literal["value_at_risk", "probability", "clv"] = Field(
        default="value_at_risk", description="Largest first by this."
    )
    limit: int = Field(default=20, ge=1, le=1000, description="Rows at most.")
    offset: int = Field(default=0, ge=0, description="Rows to skip, for paging.")


class ChurnRow(BaseModel):
    """One active customer."""

    customer: str = figure("Customer", "The shop's customer id.")
    name: str | None = figure("Name", "Name, where known.")
    probability: float = figure("Leaves (probability)", "P(leaves within the horizon).", unit="share")
    risk: str | None = figure("Risk", "high, medium or low within the horizon.")
    clv_12m: float | None = figure("12-month value", "Predicted value of the next 12 months.", unit="money")
    value_at_risk: float | None = figure("Value at risk", "probability × clv_12m.", unit="money")
    drivers: list[str] = figure("Drivers", "What drives the score, strongest first.")


class ChurnTable(ToolResult):
    """Active customers with their probability to leave."""

    horizon_days: int = figure("Horizon", "Days.", unit="days")
    total: int = figure("Customers", "Customers who match, before `limit`.", unit="customers")
    expected_leavers: float = figure("Expected leavers", "Sum of the probabilities of all who match.", unit="customers")
    clv_total: float | None = figure("12-month value", "Predicted 12-month value of all who match.", unit="money")
    value_at_risk_total: float | None = figure(
        "Value at risk", "Sum of probability × value of all who match.", unit="money"
    )
    rows: list[ChurnRow] = figure("Customers", "Customers.")
    currency: str = Field(description="ISO 4217 code of money.")


def likely(horizon_days: int, *, risk: Risk | None = None, least: float | None = None) -> dict[str, Any]:
    """The rule of those who may leave: of a risk level, else with a probability of at least `least`."""
    if risk:
        return at_risk(risk, horizon_days)
    return {"field": f"churn_{horizon_days}", "operator": "ge", "value": least or LIKELY}


@tool(
    effect=Effect.READ,
    scope=READ,
    about="how many are likely to leave",
    agents=("analytics", "optimiser", "reporting"),
    basis="prediction",
    examples=({}, {"horizon_days": 90}),
    questions=(CHURN_MODEL, CHURN_OVERVIEW),
    views=(
        bars(
            "by_risk",
            x="risk",
            y="customers",
            least=1,
            title="Active customers by risk to leave within {horizon_days} days",
        ),
    ),
    next=("Which segments hold the most value at risk?", "How good is the churn model?"),
    audience=lambda arguments, _result: likely(arguments.horizon_days),
    follow_up=churn_follow_up,
    why=why_churn,
)
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


@tool(
    effect=Effect.READ,
    scope=READ,
    about="who is likely to leave",
    agents=("analytics", "optimiser"),
    basis="prediction",
    examples=({"limit": 10}, {"risk": "high", "order": "probability"}),
    questions=(CHURN_WHO,),
    views=(table("rows", title="Customers by value at risk", total="total"),),
    next=("What should I do for them?", "Write them an email", "Find customers like them"),
    audience=lambda a, _result: likely(a.horizon_days, risk=a.risk, least=a.min_probability),
    follow_up=churn_follow_up,
    why=why_churn,
)
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
        rows=[_row(row, facts.profile.currency) for row in rows],
        currency=facts.profile.currency,
        evidence=facts.evidence(totals["customers"], ["churn_scores", "value_scores"], [_definition(run), *WORDS]),
    )


def _row(row: RowMapping, currency: str) -> ChurnRow:
    return ChurnRow(
        customer=row["external_id"],
        name=row["name"],
        probability=share(row["probability"]) or 0.0,
        risk=row["risk"],
        clv_12m=money(row["clv_12m"]),
        value_at_risk=money(row["value_at_risk"]),
        drivers=driver_words(row["drivers"], currency),
    )
