"""All that is known of one customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from connectors.channels.discovery import channels
from core.identity import READ
from database.queries import customers, saved_segments, scores
from database.queries.segments import RuleField
from tools.audience.drivers import driver_words
from tools.audience.facts import Facts
from tools.audience.fields import rule_fields
from tools.audience.rule import rule_of_customer
from tools.context import Context
from tools.customers.questions import PROFILE, again, another
from tools.declaration import Effect, tool
from tools.figures import Cell, cell, figure, money, rounded, share
from tools.results import Arguments, ToolResult

NO_DISCOUNTS = "No order has a discount recorded, so the price sensitivity score is 0 for everybody and tells nothing."
RECENT = 10  # orders of a profile
HORIZONS = (30, 60, 90)
SCORES = ("rfm", "churn", "value", "groups")


class CustomerProfileArguments(Arguments):
    """Which customer."""

    customer: str = Field(min_length=1, description="The shop's customer id (customer_id in lists) or email address.")
    about: Literal["value", "churn"] | None = Field(
        default=None, description="Answer with this prediction alone: the predicted value, or the leaving."
    )
    horizon_days: int | None = Field(
        default=None, ge=1, le=3650, description="Days asked about; the nearest that is modelled is given, and said."
    )


class FeatureValue(BaseModel):
    """One feature of one customer."""

    name: str = figure("Name", "Feature name.")
    title: str = figure("Title", "Heading for people.")
    value: Cell = figure("Value", "Value; null = undefined for this customer.")
    unit: str = figure("Unit", "Unit of the value.")
    meaning: str = figure("Meaning", "Definition, one line.")


class ScorePoints(BaseModel):
    """One part of a score."""

    part: str = figure("Part", "Part of the score.")
    points: float = figure("Points", "Points won.")
    max_points: float = figure("Possible points", "Points possible.")
    why: str = figure("Why", "Reason in words.")


class OrderSummary(BaseModel):
    """One order."""

    order_id: str = figure("Order", "The shop's order number.")
    ordered_at: datetime = figure("Ordered", "When.")
    kind: str = figure("Kind", "sale, refund or adjustment.")
    revenue: float = figure("Revenue", "Amount charged; negative for refunds.", unit="money")
    quantity: float | None = figure("Units", "Units.", unit="units")


class SurvivalPoint(BaseModel):
    """One point of a survival curve."""

    days: float = figure("Days from now", "Days from the instant of the scores.", unit="days")
    probability: float = figure("Probability", "Probability that the customer has not left by then.", unit="share")


class CustomerProfile(ToolResult):
    """All that is known of one customer."""

    customer_id: str = figure("Customer", "The shop's customer id.")
    attributes: dict[str, Cell] = Field(description="Name, contact, country, city, consent.")
    features: list[FeatureValue] = Field(description="Features with a value.")
    health: list[ScorePoints] = Field(description="Why customer_health_score is what it is; parts sum to it.")
    price_sensitivity: list[ScorePoints] = Field(description="The same for price_sensitivity_score; empty: no order.")
    brand_loyalty: list[ScorePoints] = Field(description="The same for brand_loyalty_score; empty: no order.")
    scores: dict[str, Cell] = Field(description="RFM, churn, value, next purchase and groups (null: not computed).")
    churn_drivers: list[str] = Field(description="What drives the churn score, strongest first.")
    leaves_after_days: float | None = figure(
        "Counts as having left", "After so many days without an order, by their own rhythm.", unit="days"
    )
    reachable_by: list[str] = Field(
        description="Channels (email, sms …) on which they have an address and agreed to messages."
    )
    survival: list[SurvivalPoint] = Field(
        description="Probability of still being a customer over the coming days; empty when left or not computed."
    )
    recent_orders: list[OrderSummary] = Field(description="The last ten orders, newest first.")
    segments: list[str] = Field(description="RFM segment and saved segments the customer is in.")
    currency: str = Field(description="ISO 4217 code of money.")


def _audience(arguments: CustomerProfileArguments, _result: CustomerProfile | None) -> dict[str, Any] | None:
    return rule_of_customer(arguments.customer)


@tool(
    effect=Effect.READ,
    scope=READ,
    about="a customer's profile",
    uri="aima://customers/{customer}",
    agents=("research", "analytics"),
    basis="prediction",
    examples=({"customer": "17850"},),
    questions=(PROFILE,),
    next=("What should I do for them?", "Find customers like them", "What will they buy next?"),
    audience=_audience,
    follow_up=another,
    why=again,
)
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
    said = [f"{f.name} ({f.unit}): {f.meaning}" for f in _of_group(*SCORES)]
    return CustomerProfile(
        customer_id=row["external_id"],
        attributes={f.name: cell(row[f.column], f.unit) for f in _of_group("attribute")},
        features=[_feature(f, row[f.column]) for f in _features() if row[f.column] is not None],
        **_explained(row),
        scores={f.name: cell(row[f.column], f.unit) for f in _of_group(*SCORES)},
        churn_drivers=driver_words(row["churn_drivers"], facts.profile.currency),
        leaves_after_days=rounded(row["churn_limit_days"], "days"),
        reachable_by=_reachable_by(row),
        survival=[SurvivalPoint(days=days, probability=share(left) or 0.0) for days, left in curve],
        recent_orders=[
            OrderSummary(**{**o, "revenue": money(o["revenue"]), "quantity": rounded(o["quantity"], "units")})
            for o in orders
        ],
        segments=[*rfm, *saved],
        currency=facts.profile.currency,
        evidence=facts.evidence(1, ["customer_facts", "orders", "segment_members"], [*cautions, *said]),
    )


def _reachable_by(row: Mapping[str, Any]) -> list[str]:
    """Names of the channels this person may be written to on."""
    every = channels().values()
    return [channel.name for channel in every if row[channel.address.name] and row[channel.consent] is True]


def _features() -> list[RuleField]:
    return [f for f in rule_fields().values() if f.score == "features"]


def _of_group(*groups: str) -> list[RuleField]:
    return [f for f in rule_fields().values() if f.group in groups and f.score != "features"]


def _feature(field: RuleField, value: Any) -> FeatureValue:
    return FeatureValue(
        name=field.name, title=field.title, value=cell(value, field.unit), unit=field.unit, meaning=field.meaning
    )


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
