"""One segment whole: size, value, what sets it apart, how it changed, what to do with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from core.identity import READ
from database.queries import drifts, groupings, saved_segments, segments
from tools.audience.facts import Facts
from tools.audience.names import Kind, find
from tools.audience.rule import Rule
from tools.audience.size import SIZE_WORDS, size_of
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.results import Arguments, ToolResult
from tools.segments.codes import CATEGORIES, coded, trait_record
from tools.segments.groups import GROUP_WORDS, GroupInfo, Standing, TraitInfo, described, level_of
from tools.segments.questions import SEGMENT_PLAYBOOK

SAMPLE = 5_000  # members, and others, that what sets a segment apart is measured on


class SegmentDetailArguments(Arguments):
    """Which segment."""

    segment: str = Field(min_length=1, max_length=120, description="Name of a segment of any kind.")
    kind: Kind | None = Field(default=None, description="Its kind, where several share the name.")


class FeatureDrift(BaseModel):
    """How one feature moved in the segment and among everybody else."""

    feature: str = figure("Feature", "Customer feature.")
    before: float | None = figure("Before", "Mean in the segment at the earlier date.")
    now: float | None = figure("Now", "Mean in the segment now.")
    rest_before: float | None = figure("Others before", "Mean among the others at the earlier date.")
    rest_now: float | None = figure("Others now", "Mean among the others now.")
    own_psi: float = figure("Own PSI", "Population stability index of what is the segment's alone.")
    reading: str = figure("Reading", "The index in words: stable, moderate, large.")


class Movement(BaseModel):
    """How a segment's membership changed."""

    compared_with: datetime = figure("Compared with", "The earlier date.")
    size_before: int = figure("Size before", "Customers then.", unit="customers")
    size_now: int = figure("Size now", "Customers at the latest run.", unit="customers")
    entered: int = figure("Entered", "Customers who came in.", unit="customers")
    departed: int = figure("Departed", "Customers who went.", unit="customers")
    features: list[FeatureDrift] = Field(description="What moved most against everybody else; empty: not measured.")


class SegmentDetail(ToolResult):
    """Everything about one segment."""

    kind: Kind = figure("Kind", "How the segment comes about.")
    rule: dict[str, Any] = Field(description="Rule that picks its customers.")
    segment: GroupInfo = Field(description="Size, value, traits, strategy, playbook, badge.")
    movement: Movement | None = Field(description="How membership changed; null: nothing to compare with yet.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="one segment in full",
    agents=("research", "analytics", "content", "optimiser"),
    basis="prediction",
    examples=({"segment": "At Risk"}, {"segment": "weekend_shopper"}),
    questions=(SEGMENT_PLAYBOOK,),
    views=(),
    next=("Which segments overlap?", "Write them an email", "Who moved from loyal to at risk?"),
    audience=lambda _arguments, result: result.rule if result else None,
)
def segment_detail(context: Context, arguments: SegmentDetailArguments) -> SegmentDetail:
    """One segment of any kind: size, value, what sets it apart, how it changed, what to do with it (playbook)."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        known = find(connection, arguments.segment, arguments.kind)
        condition, values = facts.where(Rule.model_validate(known.rule))
        size = segments.size(connection, condition, values)
        standing = Standing(connection)
        traits = _traits(facts, condition, values)
        drift = standing.drifts.get((known.kind, known.name))
        everybody = segments.size(connection, segments.EVERYBODY, {})
        level = level_of(connection, known.kind, known.name) or _level(size.average_value, everybody.average_value)
        about = saved_segments.named(connection, known.name).description if known.kind == "saved" else None
    words, strategy = described(known.kind, known.name, level, [trait.model_dump() for trait in traits])
    badge, reason = standing.badge(known.kind, known.name)
    return SegmentDetail(
        kind=known.kind,
        rule=known.rule,
        segment=GroupInfo(
            name=known.name,
            description=about or words,
            value_level=level,
            traits=traits,
            strategy=strategy,
            playbook=standing.playbook(known.kind, known.name, level),
            badge=badge,
            reason=reason,
            size=size_of(size),
        ),
        movement=_movement(drift),
        currency=facts.profile.currency,
        evidence=facts.evidence(
            size.customers,
            ["customer_facts", "segment_drifts", "playbooks"],
            [*SIZE_WORDS, *GROUP_WORDS[-1:], "value_level: mean spend against that of all customers."],
        ),
    )


def _level(ours: float | None, everybody: float | None) -> str:
    """high from half as much again as everybody's mean, low below two thirds of it."""
    if ours is None or not everybody or everybody <= 0:
        return "medium"
    return "high" if ours >= 1.5 * everybody else "low" if ours <= everybody / 1.5 else "medium"


def _traits(facts: Facts, condition: str, values: Mapping[str, Any]) -> list[TraitInfo]:
    """What sets a rule's customers apart from the others, measured on at most 5,000 of each."""
    import polars as pl

    from analytics.features.dictionary import NUMBER_NAMES
    from analytics.segmentation.naming import traits
    from analytics.segmentation.scaling import scaled

    if "features" not in facts.scores:
        return []
    columns = [*NUMBER_NAMES, *CATEGORIES]
    sides = (condition, f"not ({condition})")
    drawn = [groupings.sampled_features(facts.connection, columns, where, values, SAMPLE) for where in sides]
    if not all(drawn):
        return []
    rows = [*drawn[0], *drawn[1]]
    kinds: dict[str, Any] = {"customer_id": pl.Int64} | dict.fromkeys(NUMBER_NAMES, pl.Float64)
    frame, names = coded(pl.DataFrame(rows, schema=kinds | dict.fromkeys(CATEGORIES, pl.String), orient="row"))
    inside = pl.Series([1] * len(drawn[0]) + [0] * len(drawn[1]), dtype=pl.Int32).to_numpy()
    return [TraitInfo(**trait_record(trait, names)) for trait in traits(scaled(frame), frame, inside, 1)]


def _movement(drift: drifts.Drift | None) -> Movement | None:
    if drift is None or drift.compared_with is None or drift.size_before is None:
        return None
    names = FeatureDrift.model_fields
    return Movement(
        compared_with=drift.compared_with,
        size_before=drift.size_before,
        size_now=drift.size_now,
        entered=drift.entered or 0,
        departed=drift.departed or 0,
        features=[FeatureDrift(**{name: shift[name] for name in names}) for shift in drift.shifts],
    )
