"""What is known of a segment, whatever its kind: what it is, what sets it apart, how it changes, what to do with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from database.queries import drifts, groupings, playbooks, segments
from database.queries.drifts import Drift
from database.queries.groupings import GroupingRun
from database.queries.playbooks import PlaybookRow
from tools.audience.size import SegmentSize, size_of
from tools.figures import figure, share

__all__ = [
    "GROUP_WORDS",
    "KIND_TITLES",
    "Badge",
    "GroupInfo",
    "GroupingInfo",
    "PlaybookInfo",
    "Standing",
    "TraitInfo",
    "described",
    "field_of",
    "grouping_info",
    "level_of",
    "playbook_info",
    "traits_info",
]

KIND_TITLES = {"cluster": "Clusters", "discovered": "Discovered groups", "behaviour": "Behaviours"}
Badge = Literal["growing", "stable", "shrinking", "deteriorating"]
_NOBODY = segments.Size(None, 0, 0, None, None, None, None, None, None, 0, 0)
GROUP_WORDS = [
    "clusters: k-means on standardised features; discovered: dense groups by HDBSCAN; behaviours: fixed definitions.",
    "silhouette: how well customers fit their group (-1 to 1); below 0.25 a useful division, not a natural one.",
    "badge: growing or shrinking = share of all customers changed by a tenth or more and not by chance within 60 days; "
    "deteriorating = customers of a fixed group do worse than everybody else.",
]


class TraitInfo(BaseModel):
    """One thing that sets a group apart from everybody else."""

    feature: str = figure("Feature", "Customer feature.")
    words: str = figure("In words", "In words, with both figures.")
    inside: float = figure("Inside", "Median in the group (feature's unit); of a category its share, 0-1.")
    outside: float = figure("Outside", "The same among everybody else.")
    difference: float = figure(
        "Difference", "Standardised difference of means; of a category the log of the share ratio."
    )


class PlaybookInfo(BaseModel):
    """What to do with a segment."""

    offers: list[str] = figure("Offers", "Offers, best first.")
    message: str = figure("Message", "Message strategy.")
    channels: list[str] = figure("Channels", "Channels, first choice first.")
    send_window: str = figure("When", "When to send (customer's local time).")
    edited_by: str | None = figure("Edited by", "Who changed it; null: the default.")


class GroupInfo(BaseModel):
    """One segment."""

    name: str = figure("Group", "Name; tools that take a segment take it, rules by their field.")
    description: str = figure("Description", "Who they are.")
    value_level: str | None = figure(
        "Value level", "high, medium or low by the mean spend of its customers; found groups."
    )
    traits: list[TraitInfo] = figure("What sets them apart", "What sets them apart, strongest first; found groups.")
    strategy: str = figure("Strategy", "What to do with them.")
    playbook: PlaybookInfo = Field(description="Offers, message, channels, time.")
    badge: Badge | None = figure("Badge", "How it changes; null: not known yet.")
    reason: str | None = figure("Reason", "Why that badge.")
    size: SegmentSize = Field(description="Size and value.")


class GroupingInfo(BaseModel):
    """One way to group everybody, computed by a job."""

    kind: Literal["cluster", "discovered", "behaviour"] = figure("Kind", "k-means, HDBSCAN, or fixed behaviours.")
    rule_field: str = Field(description="Field that picks its groups in rules.")
    as_of: datetime = figure("As of", "Instant of the features it was computed from.")
    reason: str | None = figure("Reason", "Why there are no groups; null where there are.")
    customers: int = figure("Customers", "Customers who were grouped.", unit="customers")
    ungrouped: int = figure("In no group", "Of them in no group.", unit="customers")
    silhouette: float | None = figure("Silhouette", "Mean silhouette, -1 to 1; null: not measured.")
    structure: str | None = figure("Structure", "The silhouette in words; null for behaviours, which overlap.")
    asked: int | None = figure(
        "Clusters asked for", "Number of clusters somebody asked for; null: chosen by silhouette."
    )
    groups: list[GroupInfo] = Field(description="Its groups, largest first.")


class Standing:
    """What is known of all segments at once: how they change and what people wrote of them; read once per answer."""

    def __init__(self, connection: Connection) -> None:
        self.drifts: dict[tuple[str, str], Drift] = {(d.kind, d.segment): d for d in drifts.latest(connection)}
        self.written: dict[tuple[str, str], PlaybookRow] = playbooks.every(connection)

    def badge(self, kind: str, name: str) -> tuple[Any, str | None]:
        """(badge, reason) of a segment."""
        drift = self.drifts.get((kind, name))
        return (drift.badge, drift.reason) if drift else (None, None)

    def playbook(self, kind: str, name: str, level: str | None) -> PlaybookInfo:
        """A person's playbook, else the default of the segment or of its value level."""
        return playbook_info(self.written.get((kind, name)), kind, name, level)


def playbook_info(written: PlaybookRow | None, kind: str, name: str, level: str | None) -> PlaybookInfo:
    """What to do with a segment: as written, else the default."""
    from analytics.segmentation.playbooks import DEFAULTS, LEVELS

    chosen = written or DEFAULTS.get(kind, {}).get(name) or LEVELS[level or "medium"]
    return PlaybookInfo(
        offers=list(chosen.offers),
        message=chosen.message,
        channels=list(chosen.channels),
        send_window=chosen.send_window,
        edited_by=written.updated_by if written else None,
    )


def traits_info(traits: list[Mapping[str, Any]]) -> list[TraitInfo]:
    """Stored traits as results carry them."""
    return [TraitInfo(**trait) for trait in traits]


def field_of(kind: str) -> str:
    """The column of customer_facts with the groups of a kind of run."""
    return groupings.KINDS.get(kind, "behaviours")


def grouping_info(run: GroupingRun, standing: Standing, now: Sequence[segments.Size]) -> GroupingInfo:
    """One run with its groups as they are today; `now`: sizes and values of the customers in them."""
    from analytics.segmentation.grouping import strength

    field = field_of(run.kind)
    sizes = {size.name: size for size in now}
    groups = [_group(run.kind, group, sizes.get(group["name"], _NOBODY), standing) for group in run.groups]
    overlapping = run.kind == "behaviour"
    return GroupingInfo(
        kind=run.kind,
        rule_field=field,
        as_of=run.as_of,
        reason=run.reason,
        customers=run.customers,
        ungrouped=run.ungrouped,
        silhouette=share(run.silhouette),
        structure=None if overlapping or run.reason else strength(run.silhouette),
        asked=run.asked,
        groups=sorted(groups, key=lambda group: -group.size.customers),
    )


def _group(kind: str, group: Mapping[str, Any], size: segments.Size, standing: Standing) -> GroupInfo:
    name, level = str(group["name"]), group.get("value_level")
    badge, reason = standing.badge(kind, name)
    description, strategy = described(kind, name, level, group.get("traits", ()))
    return GroupInfo(
        name=name,
        description=description,
        value_level=level,
        traits=traits_info(list(group.get("traits", ()))),
        strategy=strategy,
        playbook=standing.playbook(kind, name, level),
        badge=badge,
        reason=reason,
        size=size_of(size),
    )


def level_of(connection: Connection, kind: str, name: str) -> str | None:
    """The value level stored of a found group; None for every other segment."""
    if kind not in groupings.KINDS:
        return None
    groups = groupings.latest(connection)[kind].groups
    return next((str(group["value_level"]) for group in groups if group["name"] == name), None)


def described(kind: str, name: str, level: str | None, traits: Any = ()) -> tuple[str, str]:
    """(who they are, what to do with them) of a segment."""
    from analytics.rfm import SEGMENTS
    from analytics.segmentation.behaviours import PATTERNS
    from analytics.segmentation.playbooks import STRATEGIES

    fixed = {s.name: s for s in SEGMENTS} if kind == "rfm" else {p.name: p for p in PATTERNS}
    if kind in ("rfm", "behaviour") and name in fixed:
        return fixed[name].description, fixed[name].strategy
    words = "; ".join(trait["words"] for trait in list(traits)[:3])
    return words or "average in what is measured", STRATEGIES[level or "medium"]
