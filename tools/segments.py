"""Groups of customers: count one, save one, list them all."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from core.identity import READ, WRITE
from tools.catalogue import Arguments, Context, Effect, ToolResult, tool
from tools.rules import Rule


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
    raise NotImplementedError


@tool(effect=Effect.COMPUTE, scope=WRITE, examples=({"name": "Win back", "rule": _EXAMPLE},))
def save_segment(context: Context, arguments: SaveSegmentArguments) -> SaveSegment:
    """Save a rule as a named segment with its present members, to use it again and in campaigns."""
    raise NotImplementedError


@tool(effect=Effect.READ, scope=READ, examples=({},))
def list_segments(context: Context, arguments: ListSegmentsArguments) -> ListSegments:
    """All segments: saved ones, and RFM segments (Champions … Lost) with size, value, churn and what to do."""
    raise NotImplementedError
