"""What customers will be worth, and when they will buy next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from core.errors import NoSuchData
from core.identity import READ
from database.queries import customers, model_runs, scores
from tools.audience.facts import Facts
from tools.audience.fields import P_ALIVE
from tools.churn.outlook import ModelInfo, model_info
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import money, share
from tools.results import Arguments, ToolResult

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

INTERVAL = (
    "total_low, total_high: as if all customers ended at the same end of their own intervals, so wider than the "
    "interval of the total."
)


class ClvSummaryArguments(Arguments):
    """How many of the best customers to list."""

    top: int = Field(default=10, ge=0, le=100, description="Best customers to list.")


class ValuedCustomer(BaseModel):
    """One customer's predicted value."""

    customer: str = Field(description="The shop's customer id.")
    name: str | None = Field(description="Name, where known.")
    clv_12m: float = Field(description="Predicted, discounted value of the next 12 months (money).")
    clv_12m_low: float | None = Field(description="Lower end of its interval (money).")
    clv_12m_high: float | None = Field(description="Upper end of its interval (money).")
    p_alive: float | None = Field(description=f"{P_ALIVE[:1].upper()}{P_ALIVE[1:]}, 0-1.")
    expected_orders_12m: float | None = Field(description="Expected purchase days in 12 months.")


class ClvSummary(ToolResult):
    """Predicted value of the customer base."""

    customers: int = Field(description="Customers with a prediction.")
    total_clv_12m: float = Field(description="Sum of predicted values (money).")
    total_low: float | None = Field(description="Sum of the lower ends of all customers (cautious).")
    total_high: float | None = Field(description="Sum of the upper ends of all customers (cautious).")
    mean_clv_12m: float = Field(description="Mean (money).")
    median_clv_12m: float = Field(description="Median (money).")
    expected_orders_12m: float | None = Field(description="Expected purchase days of all in 12 months.")
    expected_alive: float | None = Field(
        description="Sum of p_alive (the value model's own); who is still a customer: churn_summary."
    )
    top_customers: list[ValuedCustomer] = Field(description="Most valuable first.")
    top_share: float | None = Field(description="Share of the total held by the best 20 % of customers, 0-1.")
    model: ModelInfo | None = Field(description="Model parameters and back-test; null when none was recorded.")
    currency: str = Field(description="ISO 4217 code of money.")


class NextPurchaseArguments(Arguments):
    """One customer, or everybody due soon."""

    customer: str | None = Field(default=None, description="Customer id or e-mail; absent: everybody due.")
    within_days: int = Field(default=14, ge=1, le=3650, description="Due within so many days after the data's end.")
    limit: int = Field(default=20, ge=1, le=1000, description="Rows at most.")


class ExpectedPurchase(BaseModel):
    """When one customer is expected to buy next."""

    customer: str = Field(description="The shop's customer id.")
    name: str | None = Field(description="Name, where known.")
    expected_at: datetime | None = Field(description="Expected instant (UTC); null: not expected to buy again.")
    low: datetime | None = Field(description="Lower end of the interval (UTC).")
    high: datetime | None = Field(description="Upper end of the interval (UTC).")
    churn_status: str | None = Field(description="active or left; null: no churn score.")
    churn_60: float | None = Field(description="Probability to leave within 60 days, 0-1; null: left or not scored.")


class NextPurchase(ToolResult):
    """Expected next purchases, soonest first."""

    count: int = Field(description="Customers who match, before `limit`.")
    rows: list[ExpectedPurchase] = Field(description="Customers, soonest first.")


@tool(effect=Effect.READ, scope=READ, examples=({}, {"top": 3}))
def clv_summary(context: Context, arguments: ClvSummaryArguments) -> ClvSummary:
    """Customer lifetime value: predicted 12-month value of the customer base, the best customers, model and error."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        facts.require(["clv_12m"])
        totals = scores.value_totals(connection)
        best = scores.best(connection, arguments.top)
        run = model_runs.latest(connection, "value")
    if not totals["customers"]:
        raise NoSuchData(f"There are no value predictions: {(run and run.reason) or 'no customer has enough orders'}.")
    return ClvSummary(
        customers=totals["customers"],
        total_clv_12m=money(totals["total"]) or 0.0,
        total_low=money(totals["low"]),
        total_high=money(totals["high"]),
        mean_clv_12m=money(totals["mean"]) or 0.0,
        median_clv_12m=money(totals["median"]) or 0.0,
        expected_orders_12m=money(totals["orders"]),
        expected_alive=money(totals["alive"]),
        top_customers=[_valued(row) for row in best],
        top_share=share(totals["top_share"]),
        model=None if run is None else model_info(run),
        currency=facts.profile.currency,
        evidence=facts.evidence(
            totals["customers"],
            ["value_scores", "model_runs"],
            [
                *facts.definitions_of(["clv_12m", "p_alive"]),
                "top_share: share of the best 20 % of customers.",
                INTERVAL,
            ],
        ),
    )


def _valued(row: RowMapping) -> ValuedCustomer:
    return ValuedCustomer(
        customer=row["external_id"],
        name=row["name"],
        clv_12m=money(row["clv_12m"]) or 0.0,
        clv_12m_low=money(row["clv_12m_low"]),
        clv_12m_high=money(row["clv_12m_high"]),
        p_alive=share(row["p_alive"]),
        expected_orders_12m=money(row["expected_orders_12m"]),
    )


@tool(effect=Effect.READ, scope=READ, examples=({"within_days": 30},))
def next_purchase(context: Context, arguments: NextPurchaseArguments) -> NextPurchase:
    """When a customer will buy next, or who is expected to buy within the coming days."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        facts.require(["next_purchase_at"])
        if arguments.customer is not None:
            who = customers.facts_of(connection, arguments.customer)
            row = scores.next_of(connection, who["customer_id"])
            if row is None:
                raise NoSuchData(f"No next purchase was computed for '{arguments.customer}': no orders are known.")
            rows = [row]
        else:
            until = facts.as_of + timedelta(days=arguments.within_days)
            rows = scores.due(connection, after=facts.as_of, before=until, limit=arguments.limit)
    return NextPurchase(
        count=rows[0]["total"] if rows else 0,
        rows=[_expected(row) for row in rows],
        evidence=facts.evidence(
            rows[0]["total"] if rows else 0,
            ["value_scores"],
            [
                f"Due: expected within {arguments.within_days} days after {facts.as_of:%Y-%m-%d}, the end of the data.",
                "Customers who count as having left are not due; asked for by name, they are told with their status.",
                *facts.definitions_of(["next_purchase_at", "churn_60"]),
            ],
        ),
    )


def _expected(row: RowMapping) -> ExpectedPurchase:
    return ExpectedPurchase(
        customer=row["external_id"],
        name=row["name"],
        expected_at=row["next_purchase_at"],
        low=row["next_purchase_low"],
        high=row["next_purchase_high"],
        churn_status=row["churn_status"],
        churn_60=share(row["churn_60"]),
    )
