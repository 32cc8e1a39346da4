"""Customers grouped on request, and the two-dimensional map of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field

from core.errors import FixArguments, NoSuchData
from core.identity import READ
from database.queries import groupings
from tools.audience.facts import Facts
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import money, share
from tools.results import Arguments, ToolResult
from tools.segments.groups import GROUP_WORDS, TraitInfo, traits_info
from tools.segments.run import SEED, read_coded, told

if TYPE_CHECKING:
    import polars as pl

    from analytics.segmentation.grouping import Grouping

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

    name: str = Field(description="Segment; '(none)' for customers in none.")
    customers: int = Field(description="Of the customers drawn, those in it.")


class MapPoint(BaseModel):
    """One customer on the map. The axes have no unit: near is alike, far is different."""

    customer: str = Field(description="The shop's customer id.")
    segment: str = Field(description="Segment.")
    x: float = Field(description="Place across.")
    y: float = Field(description="Place up.")


class SegmentMap(ToolResult):
    """A sample of customers on a map where customers who behave alike lie close together."""

    by: str = Field(description="What the points belong to.")
    as_of: datetime = Field(description="Instant of the features the map was drawn from (UTC).")
    drawn: int = Field(description="Customers drawn.")
    groups: list[MapGroup] = Field(description="Segments on it, largest first.")
    coordinates: list[MapPoint] = Field(description="The points.")


class ClusterCustomersArguments(Arguments):
    """How many groups, by what."""

    groups: int | None = Field(default=None, ge=2, le=20, description="Number of groups; absent: by silhouette.")
    features: list[str] | None = Field(
        default=None, min_length=1, max_length=60, description="Features to group by; absent: all that fit."
    )


class Cluster(BaseModel):
    """One group of similar customers."""

    name: str = Field(description="Name from what sets it apart.")
    customers: int = Field(description="Customers in it.")
    share: float = Field(description="Share of the customers grouped, 0-1.")
    value_level: str = Field(description="high, medium or low by mean spend.")
    average_value: float | None = Field(description="Mean revenue since the beginning per customer (money).")
    average_health: float | None = Field(description="Mean health score, 0-100.")
    strategy: str = Field(description="What to do with them.")
    traits: list[TraitInfo] = Field(description="What sets them apart, strongest first.")


class ClusterCustomers(ToolResult):
    """All customers in groups by k-means, computed for this answer and not kept."""

    customers: int = Field(description="Customers grouped.")
    silhouette: float | None = Field(description="Mean silhouette, -1 to 1.")
    structure: str = Field(description="The silhouette in words.")
    features: list[str] = Field(description="Features they were grouped by.")
    clusters: list[Cluster] = Field(description="Groups, largest first.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(effect=Effect.READ, scope=READ, examples=({}, {"by": "rfm", "limit": 200}))
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


@tool(
    effect=Effect.READ,
    scope=READ,
    examples=({"groups": 5}, {"groups": 3, "features": ["orders_all", "avg_order_value"]}),
)
def cluster_customers(context: Context, arguments: ClusterCustomersArguments) -> ClusterCustomers:
    """Group all customers into so many groups of similar ones (k-means): size, value and what sets each apart.

    The groups are shown, not kept: refresh_segments with `clusters` keeps a number of them as segments.
    """
    from analytics.segmentation.grouping import strength
    from analytics.segmentation.kmeans import kmeans_groups
    from analytics.segmentation.scaling import scaled

    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        facts.require(["recency_days"])
    chosen = _checked(arguments.features)
    context.progress(0.1, "reading features")
    features, names = read_coded(context.database, context.identity.org_id)
    context.progress(0.4, f"grouping {features.height:,} customers")
    matrix = scaled(features)
    used = scaled(features, chosen) if chosen else matrix
    found = kmeans_groups(used, k=arguments.groups, seed=SEED)
    if found.status != "ok":
        raise NoSuchData(found.reason or "No groups were found.")
    from analytics.segmentation.groups import described

    groups = [told(group, names) for group in described(found, matrix, features)]
    return ClusterCustomers(
        customers=features.height,
        silhouette=share(found.silhouette),
        structure=strength(found.silhouette),
        features=list(used.names),
        clusters=_clusters(groups, found, features),
        currency=facts.profile.currency,
        evidence=facts.evidence(features.height, ["features"], GROUP_WORDS[:2]),
    )


def _checked(names: list[str] | None) -> list[str] | None:
    """Features that customers can be grouped by; FixArguments lists them."""
    from analytics.segmentation.scaling import CLUSTER_NAMES

    for name in names or ():
        if name not in CLUSTER_NAMES:
            raise FixArguments(f"Customers cannot be grouped by '{name}'.", field="features", valid=CLUSTER_NAMES)
    return names


def _clusters(groups: list[dict[str, Any]], found: Grouping, features: pl.DataFrame) -> list[Cluster]:
    import polars as pl

    from analytics.segmentation.playbooks import STRATEGIES

    joined = found.members.join(features, on="customer_id", how="left")
    means = joined.group_by("group").agg(
        size=pl.len(), value=pl.col("monetary_value").mean(), health=pl.col("customer_health_score").mean()
    )
    rows = {row["group"]: row for row in means.iter_rows(named=True)}
    out = []
    for group in groups:
        row = rows[group["number"]]
        out.append(
            Cluster(
                name=group["name"],
                customers=group["size"],
                share=share(group["size"] / max(features.height, 1)) or 0.0,
                value_level=group["value_level"],
                average_value=money(row["value"]),
                average_health=money(row["health"]),
                strategy=STRATEGIES[group["value_level"]],
                traits=traits_info(group["traits"]),
            )
        )
    return out
