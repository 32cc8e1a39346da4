"""What customers will be worth, and when they will buy next."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from core.errors import NoSuchData
from core.identity import READ
from database.queries import customers, model_runs, scores
from language.format import capital
from tools.audience.facts import Facts
from tools.audience.fields import P_ALIVE
from tools.audience.foresight import due_within
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money, share
from tools.models.report import ModelInfo, model_info
from tools.results import Arguments, ToolResult
from tools.value.questions import NEXT_PURCHASE, VALUE, another_horizon
from tools.views import bars, lines, table

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

INTERVAL = (
    "total_low, total_high: as if all customers ended at the same end of their own intervals, so wider than the "
    "interval of the total."
)

FIFTHS = ("Best fifth", "Second fifth", "Third fifth", "Fourth fifth", "Last fifth")


class ClvSummaryArguments(Arguments):
    """How many of the best customers to list."""

    top: int = Field(default=10, ge=0, le=100, description="Best customers to list.")


class ValuedCustomer(BaseModel):
    """One customer's predicted value."""

    customer: str = figure("Customer", "The shop's customer id.")
    name: str | None = figure("Name", "Name, where known.")
    clv_12m: float = figure("12-month value", "Predicted, discounted value of the next 12 months.", unit="money")
    clv_12m_low: float | None = figure("12-month value, low", "Lower end of its interval.", unit="money")
    clv_12m_high: float | None = figure("12-month value, high", "Upper end of its interval.", unit="money")
    p_alive: float | None = figure("Still buys (probability)", f"{capital(P_ALIVE)}.", unit="share")
    expected_orders_12m: float | None = figure(
        "Expected purchases, 12 months", "Expected purchase days in 12 months.", unit="purchase days"
    )


class ValueFifth(BaseModel):
    """A fifth of the customers, by predicted value."""

    fifth: str = figure("Customers by value", "Best fifth, second … last.")
    customers: int = figure("Customers", "Customers in it.", unit="customers")
    clv_12m: float = figure("12-month value", "Their predicted values, added up.", unit="money")
    share: float | None = figure("Share", "Of the predicted value of everybody.", unit="share")


class ClvSummary(ToolResult):
    """Predicted value of the customer base."""

    customers: int = figure("Customers", "Customers with a prediction.", unit="customers")
    total_clv_12m: float = figure("12-month value", "Sum of predicted values.", unit="money")
    total_low: float | None = figure("12-month value, low", "Sum of the lower ends (cautious).", unit="money")
    total_high: float | None = figure("12-month value, high", "Sum of the upper ends (cautious).", unit="money")
    mean_clv_12m: float = figure("Average 12-month value", "Mean.", unit="money")
    median_clv_12m: float = figure("Median 12-month value", "Median.", unit="money")
    expected_orders_12m: float | None = figure(
        "Expected purchases, 12 months", "Expected purchase days of all in 12 months.", unit="purchase days"
    )
    expected_alive: float | None = figure(
        "Still buying",
        "Sum of p_alive (the value model's own); who is still a customer: churn_summary.",
        unit="customers",
    )
    top_customers: list[ValuedCustomer] = figure("Most valuable customers", "Most valuable first.")
    by_fifth: list[ValueFifth] = figure("Predicted value by fifth", "Fifths of the customers, best first.")
    top_share: float | None = figure(
        "Share of the best", "Share of the total held by the best 20% of customers.", unit="share"
    )
    model: ModelInfo | None = Field(description="Model parameters and back-test; null when none was recorded.")
    currency: str = Field(description="ISO 4217 code of money.")


class NextPurchaseArguments(Arguments):
    """One customer, or everybody due soon."""

    customer: str | None = Field(default=None, description="Customer id or email; absent: everybody due.")
    within_days: int = Field(default=14, ge=1, le=3650, description="Due within so many days after the data's end.")
    limit: int = Field(default=20, ge=1, le=1000, description="Rows at most.")


_NEAREST, _FAR = 3, 365  # customers named where nobody is due, and the days they are looked for in


class ExpectedPurchase(BaseModel):
    """When one customer is expected to buy next."""

    customer: str = figure("Customer", "The shop's customer id.")
    name: str | None = figure("Name", "Name, where known.")
    expected_at: datetime | None = figure("Expected on", "Expected instant; null: not expected to buy again.")
    low: datetime | None = figure("Earliest", "Lower end of the interval.")
    high: datetime | None = figure("Latest", "Upper end of the interval.")
    churn_status: str | None = figure("Active or left", "active or left; null: no churn score.")
    churn_90: float | None = figure(
        "Leaves in 90 days", "Probability to leave within 90 days; null: left or not scored.", unit="share"
    )


class DueDay(BaseModel):
    """How many are expected to buy on one day."""

    day: date = figure("Day", "Day.", unit="date")
    customers: int = figure(
        "Customers expected to buy", "Customers whose next purchase is expected then.", unit="customers"
    )


class NextPurchase(ToolResult):
    """Expected next purchases, soonest first."""

    count: int = figure("Customers", "Customers who match, before `limit`.", unit="customers")
    by_day: list[DueDay] = figure("Expected to buy, by day", "All who match; empty of one customer.")
    rows: list[ExpectedPurchase] = figure("Expected next purchases", "Customers, soonest first.")
    nearest: list[ExpectedPurchase] = figure(
        "Nearest next purchases", "Where nobody matches: the first who are expected after that.", default_factory=list
    )


@tool(
    effect=Effect.READ,
    scope=READ,
    about="what customers will be worth",
    agents=("analytics", "optimiser", "reporting"),
    basis="prediction",
    examples=({}, {"top": 3}),
    questions=(VALUE,),
    views=(
        bars("by_fifth", x="fifth", y="clv_12m", title="Predicted value of the next 12 months, by fifth of customers"),
        table("top_customers", title="Most valuable customers over the next 12 months"),
    ),
    next=("Who is expected to buy in the next 14 days?", "Show me the segments"),
)
def clv_summary(context: Context, arguments: ClvSummaryArguments) -> ClvSummary:
    """Customer lifetime value: predicted 12-month value of the customer base, the best customers, model and error."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        facts.require(["clv_12m"])
        totals = scores.value_totals(connection)
        fifths = scores.value_fifths(connection)
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
        by_fifth=[_fifth(row, totals["total"]) for row in fifths],
        top_share=share(totals["top_share"]),
        model=None if run is None else model_info(run),
        currency=facts.profile.currency,
        evidence=facts.evidence(
            totals["customers"],
            ["value_scores", "model_runs"],
            [
                *facts.definitions_of(["clv_12m", "p_alive"]),
                "top_share: share of the best 20% of customers.",
                INTERVAL,
            ],
        ),
    )


def _fifth(row: RowMapping, total: float) -> ValueFifth:
    return ValueFifth(
        fifth=FIFTHS[row["fifth"] - 1],
        customers=row["customers"],
        clv_12m=money(row["total"]) or 0.0,
        share=share(row["total"] / total) if total > 0 else None,
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


def _due(arguments: NextPurchaseArguments, _result: NextPurchase | None) -> dict[str, Any]:
    """The rule of everybody due who has not left."""
    return due_within(arguments.within_days)


@tool(
    effect=Effect.READ,
    scope=READ,
    about="who will buy next",
    agents=("analytics",),
    basis="prediction",
    examples=({"within_days": 30},),
    questions=(NEXT_PURCHASE,),
    views=(
        lines("by_day", x="day", step="day", y=("customers",), title="Customers expected to buy, by day"),
        table("rows", title="Expected next purchases", total="count"),
    ),
    next=("Who are our most valuable customers?",),
    audience=_due,
    follow_up=another_horizon,
)
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
            rows, days, later = [row], list[tuple[date, int]](), []
        else:
            until = facts.as_of + timedelta(days=arguments.within_days)
            rows = scores.due(connection, after=facts.as_of, before=until, limit=arguments.limit)
            days = scores.due_by_day(connection, after=facts.as_of, before=until, time_zone=facts.profile.time_zone)
            far = until + timedelta(days=_FAR)
            later = [] if rows else scores.due(connection, after=until, before=far, limit=_NEAREST)
    last_day = facts.calendar.last_day(facts.as_of)
    return NextPurchase(
        count=rows[0]["total"] if rows else 0,
        by_day=_by_day(dict(days), last_day, arguments.within_days) if days else [],
        rows=[_expected(row) for row in rows],
        nearest=[_expected(row) for row in later],
        evidence=facts.evidence(
            rows[0]["total"] if rows else 0,
            ["value_scores"],
            [
                f"Due: expected within {arguments.within_days} days after {last_day}, the end of the data.",
                "Customers who count as having left are not due; asked for by name, they are told with their status.",
                *facts.definitions_of(["next_purchase_at", "churn_90"]),
            ],
        ),
    )


def _by_day(due: dict[date, int], last_day: date, within: int) -> list[DueDay]:
    """Every day of the period, those on which nobody is expected too."""
    every = [last_day + timedelta(days=ahead) for ahead in range(within + 2)]
    counted = [DueDay(day=on, customers=due.get(on, 0)) for on in every]
    first = 0 if counted[0].customers else 1
    return counted[first:] if counted[-1].customers else counted[first:-1]


def _expected(row: RowMapping) -> ExpectedPurchase:
    return ExpectedPurchase(
        customer=row["external_id"],
        name=row["name"],
        expected_at=row["next_purchase_at"],
        low=row["next_purchase_low"],
        high=row["next_purchase_high"],
        churn_status=row["churn_status"],
        churn_90=share(row["churn_90"]),
    )
