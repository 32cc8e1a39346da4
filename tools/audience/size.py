"""How large and how valuable a group of customers is."""

from __future__ import annotations

from pydantic import BaseModel

from database.queries.segments import Size
from tools.figures import figure, money, share

__all__ = ["SIZE_WORDS", "SegmentSize", "size_of"]

SIZE_WORDS = [
    "share: share of all customers. Revenue is net of refunds. Averages are over the customers who have the value."
]


class SegmentSize(BaseModel):
    """How large and how valuable a group is. Averages are over customers with a value; null: not computed."""

    customers: int = figure("Customers", "Customers in it.", unit="customers")
    share: float = figure("Share", "Share of all customers.", unit="share")
    revenue_365d: float | None = figure("Revenue, 365 days", "Their revenue in the last 365 days.", unit="money")
    revenue_all: float | None = figure("Revenue", "Their revenue since the beginning.", unit="money")
    average_value: float | None = figure(
        "Average spent", "Mean revenue since the beginning per customer.", unit="money"
    )
    average_clv_12m: float | None = figure(
        "Average 12-month value", "Mean predicted value of the next 12 months.", unit="money"
    )
    average_churn_90: float | None = figure(
        "Leave in 90 days", "Mean probability to leave within 90 days.", unit="share"
    )
    average_health: float | None = figure("Average health", "Mean health score, 0-100.")
    with_email: int = figure("With email", "Customers with an email address.", unit="customers")
    with_consent_email: int = figure(
        "May get email", "Customers with an email address who agreed to emails.", unit="customers"
    )


def size_of(size: Size) -> SegmentSize:
    """A size as results carry it."""
    return SegmentSize(
        customers=size.customers,
        share=share(size.customers / size.all_customers) or 0.0 if size.all_customers else 0.0,
        revenue_365d=money(size.revenue_365d),
        revenue_all=money(size.revenue_all),
        average_value=money(size.average_value),
        average_clv_12m=money(size.average_clv_12m),
        average_churn_90=share(size.average_churn_90),
        average_health=money(size.average_health),
        with_email=size.with_email,
        with_consent_email=size.with_consent_email,
    )
