"""What customers will be worth, and when they will buy next."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from core.identity import READ
from tools.catalogue import Arguments, Context, Effect, ToolResult, tool
from tools.churn import ModelInfo


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
    p_alive: float | None = Field(description="Probability that the customer still buys, 0-1.")
    expected_orders_12m: float | None = Field(description="Expected purchase days in 12 months.")


class ClvSummary(ToolResult):
    """Predicted value of the customer base."""

    customers: int = Field(description="Customers with a prediction.")
    total_clv_12m: float = Field(description="Sum of predicted values (money).")
    total_low: float | None = Field(description="Lower end of the total's interval, where the model run states one.")
    total_high: float | None = Field(description="Upper end of the total's interval, where the model run states one.")
    mean_clv_12m: float = Field(description="Mean (money).")
    median_clv_12m: float = Field(description="Median (money).")
    expected_orders_12m: float | None = Field(description="Expected purchase days of all in 12 months.")
    expected_alive: float | None = Field(description="Sum of p_alive: customers expected still to buy.")
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
    p_alive: float | None = Field(description="Probability that the customer still buys, 0-1.")


class NextPurchase(ToolResult):
    """Expected next purchases, soonest first."""

    count: int = Field(description="Customers who match, before `limit`.")
    rows: list[ExpectedPurchase] = Field(description="Customers, soonest first.")


@tool(effect=Effect.READ, scope=READ, examples=({}, {"top": 3}))
def clv_summary(context: Context, arguments: ClvSummaryArguments) -> ClvSummary:
    """Customer lifetime value: predicted 12-month value of the customer base, the best customers, model and error."""
    raise NotImplementedError


@tool(effect=Effect.READ, scope=READ, examples=({"within_days": 30},))
def next_purchase(context: Context, arguments: NextPurchaseArguments) -> NextPurchase:
    """When a customer will buy next, or who is expected to buy within the coming days."""
    raise NotImplementedError
