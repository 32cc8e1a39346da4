"""How large and how valuable a group of customers is."""

from __future__ import annotations

from pydantic import BaseModel, Field

from database.queries.segments import Size
from tools.figures import money, share

__all__ = ["SIZE_WORDS", "SegmentSize", "size_of"]

SIZE_WORDS = [
    "share: share of all customers. Revenue is net of refunds. Averages are over the customers who have the value."
]


class SegmentSize(BaseModel):
    """How large and how valuable a group is. Averages are over customers with a value; null: not computed."""

    customers: int = Field(description="Customers in it.")
    share: float = Field(description="Share of all customers, 0-1.")
    revenue_365d: float | None = Field(description="Their revenue in the last 365 days (money).")
    revenue_all: float | None = Field(description="Their revenue since the beginning (money).")
    average_value: float | None = Field(description="Mean revenue since the beginning per customer (money).")
    average_clv_12m: float | None = Field(description="Mean predicted value of the next 12 months (money).")
    average_churn_60: float | None = Field(description="Mean probability to leave within 60 days, 0-1.")
    average_health: float | None = Field(description="Mean health score, 0-100.")
    with_email: int = Field(description="Customers with an e-mail address.")
    with_consent_email: int = Field(description="Customers with an e-mail address who agreed to e-mails.")


def size_of(size: Size) -> SegmentSize:
    """A size as results carry it."""
    return SegmentSize(
        customers=size.customers,
        share=share(size.customers / size.all_customers) or 0.0 if size.all_customers else 0.0,
        revenue_365d=money(size.revenue_365d),
        revenue_all=money(size.revenue_all),
        average_value=money(size.average_value),
        average_clv_12m=money(size.average_clv_12m),
        average_churn_60=share(size.average_churn_60),
        average_health=money(size.average_health),
        with_email=size.with_email,
        with_consent_email=size.with_consent_email,
    )
