"""Customers one by one: lists by rule, a single customer's profile, and what every feature means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from core.identity import READ
from database.queries import customers, saved_segments, scores
from database.queries.segments import RuleField
from tools.audience.facts import Facts
from tools.audience.fields import rule_fields
from tools.audience.rule import Rule
from tools.churn.outlook import driver_words
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import Cell, Column, cell, money, rounded, share
from tools.results import Arguments, ToolResult

NO_DISCOUNTS = "No order has a discount recorded, so the price sensitivity score is 0 for everybody and tells nothing."
RECENT = 10  # orders of a profile
DEFAULT_FIELDS = (
    "name",
    "country",
    "orders_all",
    "monetary_value",
    "recency_days",
    "rfm_segment",
    "churn_60",
    "clv_12m",
)


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


class ScorePoints(BaseModel):
    """One part of a score."""

    part: str = Field(description="Part of the score.")
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


class SurvivalPoint(BaseModel):
    """One point of a survival curve."""

    days: float = Field(description="Days from the instant of the scores.")
    probability: float = Field(description="Probability that the customer has not left by then, 0-1.")


class CustomerProfile(ToolResult):
    """All that is known of one customer."""

    customer_id: str = Field(description="The shop's customer id.")
    attributes: dict[str, Cell] = Field(description="Name, contact, country, city, consent.")
    features: list[FeatureValue] = Field(description="Features with a value.")
    health: list[ScorePoints] = Field(description="Why customer_health_score is what it is; parts sum to it.")
    price_sensitivity: list[ScorePoints] = Field(description="The same for price_sensitivity_score; empty: no order.")
    brand_loyalty: list[ScorePoints] = Field(description="The same for brand_loyalty_score; empty: no order.")
    scores: dict[str, Cell] = Field(description="RFM, churn, value, next purchase and groups (null: not computed).")
    churn_drivers: list[str] = Field(description="What drives the churn score, strongest first.")
    survival: list[SurvivalPoint] = Field(
        description="Probability of still being a customer over the coming days; empty when left or not computed."
    )
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
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        chosen = facts.fields(["customer_id", *(arguments.fields or _default(facts))])
        (sort,) = facts.fields([arguments.sort_by])
        found = facts.find(
            arguments.rule,
            context.mirror(connection),
            columns=[f.column for f in chosen],
            sort=sort.column,
            descending=arguments.descending,
            limit=arguments.limit,
            offset=arguments.offset,
        )
        used = facts.definitions_of_rule(arguments.rule)
    kept = [i for i, f in enumerate(chosen) if i == 0 or arguments.fields or any(r[i] is not None for r in found.rows)]
    return FindCustomers(
        total=found.total,
        total_value=money(found.total_value),
        columns=[Column(name=chosen[i].name, unit=chosen[i].unit) for i in kept],
        rows=[[cell(row[i], chosen[i].unit) for i in kept] for row in found.rows],
        currency=facts.profile.currency,
        evidence=facts.evidence(
            found.total,
            ["customer_facts"],
            list(dict.fromkeys([*used, *facts.definitions_of([sort.name, *(chosen[i].name for i in kept[1:])])])),
        ),
    )


def _default(facts: Facts) -> list[str]:
    """The columns of a list when none are asked for: those whose scores have been computed."""
    known = rule_fields()
    return [name for name in DEFAULT_FIELDS if known[name].score in (None, *facts.scores)]


@tool(effect=Effect.READ, scope=READ, examples=({"customer": "17850"},))
def customer_profile(context: Context, arguments: CustomerProfileArguments) -> CustomerProfile:
    """Everything about one customer: contact, features, health and why, scores, recent orders, segments."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        row = customers.facts_of(connection, arguments.customer)
        orders = customers.recent_orders(connection, row["customer_id"], as_of=facts.data_as_of, limit=RECENT)
        saved = saved_segments.names_of(connection, row["customer_id"])
        curve = scores.survival_of(connection, row["customer_id"])
        discounted = row["price_sensitivity_score"] != 0 or customers.anybody_discounted(connection)
    cautions = () if discounted else (NO_DISCOUNTS,)
    rfm = [row["rfm_segment"]] if row["rfm_segment"] else []
    return CustomerProfile(
        customer_id=row["external_id"],
        attributes={f.name: cell(row[f.column], f.unit) for f in _of_group("attribute")},
        features=[
            FeatureValue(name=f.name, value=cell(row[f.column], f.unit), unit=f.unit, meaning=f.meaning)
            for f in rule_fields().values()
            if f.score == "features" and row[f.column] is not None
        ],
        **_explained(row),
        scores={f.name: cell(row[f.column], f.unit) for f in _of_group("rfm", "churn", "value", "groups")},
        churn_drivers=driver_words(row["churn_drivers"]),
        survival=[SurvivalPoint(days=days, probability=share(left) or 0.0) for days, left in curve],
        recent_orders=[
            OrderSummary(**{**o, "revenue": money(o["revenue"]), "quantity": rounded(o["quantity"], "units")})
            for o in orders
        ],
        segments=[*rfm, *saved],
        currency=facts.profile.currency,
        evidence=facts.evidence(
            1,
            ["customer_facts", "orders", "segment_members"],
            [*cautions, *(f"{f.name} ({f.unit}): {f.meaning}" for f in _of_group("rfm", "churn", "value", "groups"))],
        ),
    )


def _of_group(*groups: str) -> list[RuleField]:
    return [f for f in rule_fields().values() if f.group in groups and f.score != "features"]


def _explained(row: Mapping[str, Any]) -> dict[str, list[ScorePoints]]:
    """The parts of each of the three scores; none where the score was not computed."""
    from analytics.features.dictionary import NUMBER_NAMES
    from analytics.features.health import explain_health
    from analytics.features.scores import explain_loyalty, explain_price_sensitivity

    makers = {
        "health": ("customer_health_score", explain_health),
        "price_sensitivity": ("price_sensitivity_score", explain_price_sensitivity),
        "brand_loyalty": ("brand_loyalty_score", explain_loyalty),
    }
    features = {name: row[name] for name in NUMBER_NAMES}
    return {
        name: [
            ScorePoints(part=p.name, points=round(p.points, 2), max_points=round(p.max_points, 2), why=p.why)
            for p in (explain(features) if row[score] is not None else ())
        ]
        for name, (score, explain) in makers.items()
    }


@tool(effect=Effect.READ, scope=READ, examples=({},))
def feature_dictionary(context: Context, arguments: FeatureDictionaryArguments) -> FeatureDictionary:
    """Name, unit and meaning of every customer feature, attribute and score that rules and lists can use."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
    features: list[FeatureInfo] = []
    others: list[FeatureInfo] = []
    for f in rule_fields().values():
        chosen = features if f.score == "features" else others
        chosen.append(FeatureInfo(name=f.name, unit=f.unit, meaning=f.meaning, group=f.group))
    return FeatureDictionary(
        features=features,
        other_fields=others,
        evidence=facts.evidence(len(features) + len(others), ["customer_facts"]),
    )
