"""Customers one by one: lists by rule, a single customer's profile, and what every feature means."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from core.identity import READ
from tools.catalogue import Arguments, Context, Effect, ToolResult, tool
from tools.figures import Cell, Column
from tools.rules import Rule


class FindCustomersArguments(Arguments):
    """Which customers, in which order, which columns."""

    rule: Rule | None = Field(default=None, description="Which customers; absent: all.")
    sort_by: str = Field(default="monetary_value", description="Any field of rules; null values come last.")
    descending: bool = Field(default=True, description="Largest first.")
    limit: int = Field(default=20, ge=1, le=1000, description="Rows at most.")
    offset: int = Field(default=0, ge=0, description="Rows to skip, for paging.")
    fields: list[str] | None = Field(
        default=None, min_length=1, max_length=30, description="Columns; absent: a useful default."
    )


class FindCustomers(ToolResult):
    """Customers a rule picks."""

    total: int = Field(description="Customers who match, before `limit`.")
    total_value: float | None = Field(description="Their revenue since the beginning, refunds taken off (money).")
    columns: list[Column] = Field(description="Columns of `rows`; customer_id first.")
    rows: list[list[Cell]] = Field(description="One row a customer.")
    currency: str = Field(description="ISO 4217 code of money.")


class CustomerProfileArguments(Arguments):
    """Which customer."""

    customer: str = Field(min_length=1, description="The shop's customer id (customer_id in lists) or e-mail address.")


class FeatureValue(BaseModel):
    """One feature of one customer."""

    name: str = Field(description="Feature name.")
    value: Cell = Field(description="Value; null = undefined for this customer.")
    unit: str = Field(description="Unit of the value.")
    meaning: str = Field(description="Definition, one line.")


class HealthPoints(BaseModel):
    """One part of the health score."""

    part: str = Field(description="Part of customer_health_score.")
    points: float = Field(description="Points won.")
    max_points: float = Field(description="Points possible.")
    why: str = Field(description="Reason in words.")


class OrderSummary(BaseModel):
    """One order."""

    order_id: str = Field(description="The shop's order number.")
    ordered_at: datetime = Field(description="When (UTC).")
    kind: str = Field(description="sale, refund or adjustment.")
    revenue: float = Field(description="Amount charged (money; negative for refunds).")
    quantity: float | None = Field(description="Units.")


class CustomerProfile(ToolResult):
    """All that is known of one customer."""

    customer_id: str = Field(description="The shop's customer id.")
    attributes: dict[str, Cell] = Field(description="Name, contact, country, city, consent.")
    features: list[FeatureValue] = Field(description="Features with a value.")
    health: list[HealthPoints] = Field(description="Why the health score is what it is; parts sum to it.")
    scores: dict[str, Cell] = Field(description="RFM, churn, value and next purchase scores (null: not computed).")
    churn_drivers: list[str] = Field(description="What drives the churn score, strongest first.")
    recent_orders: list[OrderSummary] = Field(description="The last ten orders, newest first.")
    segments: list[str] = Field(description="RFM segment and saved segments the customer is in.")
    currency: str = Field(description="ISO 4217 code of money.")


class FeatureDictionaryArguments(Arguments):
    """Nothing to say."""


class FeatureInfo(BaseModel):
    """One feature."""

    name: str = Field(description="Name, usable as a rule field.")
    unit: str = Field(description="Unit.")
    meaning: str = Field(description="Definition, one line.")
    group: str = Field(description="Topic it belongs to.")


class FeatureDictionary(ToolResult):
    """Every feature and every other field a rule may use."""

    features: list[FeatureInfo] = Field(description="Customer features.")
    other_fields: list[FeatureInfo] = Field(description="Attributes and scores, usable in rules too.")


@tool(
    effect=Effect.READ,
    scope=READ,
    examples=(
        {"sort_by": "monetary_value", "limit": 5},
        {
            "rule": {
                "all": [
                    {"field": "monetary_value", "op": "gt", "value": 1000},
                    {"field": "recency_days", "op": "ge", "value": 90},
                ]
            }
        },
    ),
)
def find_customers(context: Context, arguments: FindCustomersArguments) -> FindCustomers:
    """List and count the customers a rule picks, e.g. spent over 1,000 and silent for 90 days; best customers first."""
    raise NotImplementedError


@tool(effect=Effect.READ, scope=READ, examples=({"customer": "17850"},))
def customer_profile(context: Context, arguments: CustomerProfileArguments) -> CustomerProfile:
    """Everything about one customer: contact, features, health and why, scores, recent orders, segments."""
    raise NotImplementedError


@tool(effect=Effect.READ, scope=READ, examples=({},))
def feature_dictionary(context: Context, arguments: FeatureDictionaryArguments) -> FeatureDictionary:
    """Name, unit and meaning of every customer feature, attribute and score that rules and lists can use."""
    raise NotImplementedError
