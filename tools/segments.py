"""Groups of customers: count one, save one, list them all."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from core.identity import READ, WRITE
from database.queries import saved_segments, segments
from tools.catalogue import Arguments, Context, Effect, ToolResult, tool
from tools.facts import Facts
from tools.figures import money, share
from tools.rules import Rule

SIZE_WORDS = [
    "share: share of all customers. Revenue is net of refunds. Averages are over the customers who have the value."
]

RFM_WORDS = "RFM segments: recency, frequency and monetary value scored 1 to 5 by rank; who never ordered is in none."


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


class CountSegmentArguments(Arguments):
    """Which customers."""

    rule: Rule = Field(description="Which customers.")


class CountSegment(ToolResult):
    """Size and value of the customers a rule picks."""

    segment: SegmentSize = Field(description="Size and value.")
    currency: str = Field(description="ISO 4217 code of money.")


class SaveSegmentArguments(Arguments):
    """A name and a rule."""

    name: str = Field(min_length=1, max_length=120, description="Name; saving the same name again updates it.")
    rule: Rule = Field(description="Which customers.")
    description: str | None = Field(default=None, max_length=2000, description="What it is for.")


class SavedSegment(BaseModel):
    """A segment somebody saved."""

    id: UUID = Field(description="Its id.")
    name: str = Field(description="Its name.")
    description: str | None = Field(description="What it is for.")
    rule: dict[str, Any] = Field(description="The rule it was saved with.")
    size: int = Field(description="Customers in it when last refreshed.")
    refreshed_at: datetime = Field(description="When its members were last computed (UTC).")


class SaveSegment(ToolResult):
    """The segment as saved."""

    segment: SavedSegment = Field(description="The saved segment.")
    created: bool = Field(description="True: new; false: one of that name was updated.")


class RfmSegment(BaseModel):
    """One of the eleven RFM segments."""

    name: str = Field(description="Champions, Loyal, At Risk …; usable as rule field rfm_segment.")
    description: str = Field(description="Who they are.")
    strategy: str = Field(description="What to do with them.")
    size: SegmentSize = Field(description="Size and value.")


class ListSegmentsArguments(Arguments):
    """Nothing to say."""


class ListSegments(ToolResult):
    """Saved segments and the RFM segments."""

    saved: list[SavedSegment] = Field(description="Saved segments, newest first.")
    rfm: list[RfmSegment] = Field(description="RFM segments with customers, largest first; empty: not computed yet.")
    currency: str = Field(description="ISO 4217 code of money.")


_EXAMPLE = {"field": "rfm_segment", "op": "eq", "value": "At Risk"}


@tool(effect=Effect.READ, scope=READ, examples=({"rule": _EXAMPLE},))
def count_segment(context: Context, arguments: CountSegmentArguments) -> CountSegment:
    """How many customers a rule picks, their share, revenue, predicted value and churn. Changes nothing."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        size = facts.size(arguments.rule, context.mirror(connection))
        used = facts.definitions_of_rule(arguments.rule)
    return CountSegment(
        segment=_size(size),
        currency=facts.profile.currency,
        evidence=facts.evidence(
            size.customers,
            ["customer_facts"],
            [*used, *SIZE_WORDS],
        ),
    )


def _size(size: segments.Size) -> SegmentSize:
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


@tool(effect=Effect.COMPUTE, scope=WRITE, examples=({"name": "Win back", "rule": _EXAMPLE},))
def save_segment(context: Context, arguments: SaveSegmentArguments) -> SaveSegment:
    """Save a rule as a named segment with its present members, to use it again and in campaigns."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        condition, values = facts.where(arguments.rule)
        saved, created = saved_segments.save(
            connection,
            name=arguments.name.strip(),
            description=arguments.description,
            rule=arguments.rule.plain(),
            condition=condition,
            values=values,
            created_by=context.identity.actor,
        )
        used = facts.definitions_of_rule(arguments.rule)
    return SaveSegment(
        segment=_saved(saved),
        created=created,
        evidence=facts.evidence(
            saved.size,
            ["customer_facts", "segments"],
            used,
        ),
    )


def _saved(row: saved_segments.SegmentRow) -> SavedSegment:
    return SavedSegment(**asdict(row))


@tool(effect=Effect.READ, scope=READ, examples=({},))
def list_segments(context: Context, arguments: ListSegmentsArguments) -> ListSegments:
    """All segments: saved ones, and RFM segments (Champions … Lost) with size, value, churn and what to do."""
    from analytics.rfm import SEGMENTS

    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        saved = saved_segments.every(connection)
        sizes = segments.sizes(connection)
    words = {segment.name: segment for segment in SEGMENTS}
    return ListSegments(
        saved=[_saved(row) for row in saved],
        rfm=[
            RfmSegment(
                name=s.name, description=words[s.name].description, strategy=words[s.name].strategy, size=_size(s)
            )
            for s in sizes
            if s.name in words
        ],
        currency=facts.profile.currency,
        evidence=facts.evidence(
            sum(s.customers for s in sizes),
            ["segments", "customer_facts"],
            [RFM_WORDS, *SIZE_WORDS],
        ),
    )
