"""The two-dimensional map of customers: who is near is alike."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from core.errors import NoSuchData
from core.identity import READ
from database.queries import groupings
from tools.audience.facts import Facts
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.results import Arguments, ToolResult
from tools.segments.groups_questions import SEGMENT_MAP

_COLUMNS = {"rfm": "rfm_segment", "cluster": "cluster", "discovered": "discovered_group", "risk": "churn_risk"}
_NOBODY = "(none)"


class SegmentMapArguments(Arguments):
    """What the points show."""

    by: Literal["cluster", "rfm", "discovered", "risk"] = Field(
        default="cluster", description="Segments the points belong to: clusters, RFM, discovered groups, churn risk."
    )
    limit: int = Field(default=1_000, ge=10, le=4_000, description="Points at most.")


class MapGroup(BaseModel):
    """The customers of one segment on the map."""

    name: str = figure("Segment", "Segment; '(none)' for customers in none.")
    customers: int = figure("Customers", "Of the customers drawn, those in it.", unit="customers")


class MapPoint(BaseModel):
    """One customer on the map. The axes have no unit: near is alike, far is different."""

    customer: str = figure("Customer", "The shop's customer id.")
    segment: str = figure("Segment", "Segment.")
    x: float = Field(description="Place across.")
    y: float = Field(description="Place up.")


class SegmentMap(ToolResult):
    """A sample of customers on a map where customers who behave alike lie close together."""

    by: str = figure("By", "What the points belong to.")
    as_of: datetime = figure("As of", "Instant of the features the map was drawn from.")
    drawn: int = figure("Customers drawn", "Customers drawn.", unit="customers")
    groups: list[MapGroup] = Field(description="Segments on it, largest first.")
    coordinates: list[MapPoint] = Field(description="The points.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="the map of customers",
    agents=("analytics",),
    examples=({}, {"by": "rfm", "limit": 200}),
    questions=(SEGMENT_MAP,),
    views=(),
    next=("What kinds of customers do we have?", "Which segments are shrinking?"),
)
def segment_map(context: Context, arguments: SegmentMapArguments) -> SegmentMap:
    """A two-dimensional map (UMAP) of a sample of customers, each with its segment: who is near is alike."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        points = groupings.map_points(connection, _COLUMNS[arguments.by], arguments.limit)
    if not points:
        raise NoSuchData("There is no map yet: it is drawn in the minutes after an import, of 50 customers or more.")
    found = [
        MapPoint(customer=p["external_id"], segment=p["segment"] or _NOBODY, x=round(p["x"], 3), y=round(p["y"], 3))
        for p in points
    ]
    counts = {name: sum(p.segment == name for p in found) for name in {p.segment for p in found}}
    return SegmentMap(
        by=arguments.by,
        as_of=points[0]["as_of"],
        drawn=len(found),
        groups=[MapGroup(name=n, customers=c) for n, c in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))],
        coordinates=found,
        evidence=facts.evidence(
            len(found),
            ["map_points", "customer_facts"],
            ["map: UMAP of the features; near = alike, axes without unit."],
        ),
    )
