"""Customers grouped on request by k-means, for one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from core.errors import FixArguments, NoSuchData
from core.identity import READ
from tools.audience.facts import Facts
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money, share
from tools.results import Arguments, ToolResult
from tools.segments.codes import SEED, group_record, read_coded
from tools.segments.groups import GROUP_WORDS, TraitInfo, traits_info
from tools.segments.groups_questions import CLUSTER

if TYPE_CHECKING:
    import polars as pl

    from analytics.segmentation.grouping import Grouping


class ClusterCustomersArguments(Arguments):
    """How many groups, by what."""

    groups: int | None = Field(default=None, ge=2, le=20, description="Number of groups; absent: by silhouette.")
    features: list[str] | None = Field(
        default=None, min_length=1, max_length=60, description="Features to group by; absent: all that fit."
    )


class Cluster(BaseModel):
    """One group of similar customers."""

    name: str = figure("Group", "Name from what sets it apart.")
    customers: int = figure("Customers", "Customers in it.", unit="customers")
    share: float = figure("Share", "Share of the customers grouped.", unit="share")
    value_level: str = figure("Value level", "high, medium or low by mean spend.")
    average_value: float | None = figure(
        "Average spent", "Mean revenue since the beginning per customer.", unit="money"
    )
    average_health: float | None = figure("Average health", "Mean health score, 0-100.")
    strategy: str = figure("Strategy", "What to do with them.")
    traits: list[TraitInfo] = figure("What sets them apart", "What sets them apart, strongest first.")


class ClusterCustomers(ToolResult):
    """All customers in groups by k-means, computed for this answer and not kept."""

    customers: int = figure("Customers", "Customers grouped.", unit="customers")
    silhouette: float | None = figure("Silhouette", "Mean silhouette, -1 to 1.")
    structure: str = figure("Structure", "The silhouette in words.")
    features: list[str] = figure("Features", "Features they were grouped by.")
    clusters: list[Cluster] = Field(description="Groups, largest first.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="groups of similar customers",
    agents=("analytics",),
    examples=({"groups": 5}, {"groups": 3, "features": ["orders_all", "avg_order_value"]}),
    questions=(CLUSTER,),
    views=(),
    next=("Show the segment map", "Which segments are shrinking?"),
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

    groups = [group_record(group, names) for group in described(found, matrix, features)]
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
