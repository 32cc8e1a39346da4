"""Groups of customers: count one, save one, put one away, list them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from core.identity import READ, WRITE
from database.queries import groupings, saved_segments, segments
from tools.audience.facts import Facts
from tools.audience.names import Kind
from tools.audience.rule import Rule
from tools.audience.size import SIZE_WORDS, SegmentSize, size_of
from tools.context import Context
from tools.declaration import Effect, tool
from tools.results import Arguments, ToolResult
from tools.segments.groups import GROUP_WORDS, Badge, GroupingInfo, PlaybookInfo, Standing, grouping_info

RFM_WORDS = "RFM segments: recency, frequency and monetary value scored 1 to 5 by rank; who never ordered is in none."


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
    playbook: PlaybookInfo = Field(description="Offers, message, channels, time.")
    badge: Badge | None = Field(description="How it changes; null: not known yet.")
    reason: str | None = Field(description="Why that badge.")
    size: SegmentSize = Field(description="Size and value.")


class ListSegmentsArguments(Arguments):
    """Which kinds."""

    kinds: list[Kind] | None = Field(
        default=None, min_length=1, description="saved, rfm, cluster, discovered, behaviour; absent: all of them."
    )
    archived: bool = Field(
        default=False, description="True: saved segments that were archived, in place of the others."
    )


class ArchiveSegmentArguments(Arguments):
    """Which saved segment."""

    segment: str = Field(min_length=1, max_length=120, description="Name of a saved segment.")


class ArchiveSegment(ToolResult):
    """The segment, put away or brought back."""

    segment: SavedSegment = Field(description="The saved segment.")
    archived: bool = Field(description="True: it is archived now.")


class ListSegments(ToolResult):
    """Saved segments, RFM segments, clusters, discovered groups and behaviours."""

    saved: list[SavedSegment] = Field(description="Saved segments, newest first.")
    rfm: list[RfmSegment] = Field(description="RFM segments with customers, largest first; empty: not computed yet.")
    groupings: list[GroupingInfo] = Field(description="Clusters, discovered groups, behaviours; empty: not computed.")
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
        segment=size_of(size),
        currency=facts.profile.currency,
        evidence=facts.evidence(
            size.customers,
            ["customer_facts"],
            [*used, *SIZE_WORDS],
        ),
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
    return SavedSegment(**{name: value for name, value in asdict(row).items() if name != "archived_at"})


@tool(effect=Effect.COMPUTE, scope=WRITE, examples=({"segment": "Win back"},))
def archive_segment(context: Context, arguments: ArchiveSegmentArguments) -> ArchiveSegment:
    """Put a saved segment away: it is listed, refreshed and usable no more until reactivate_segment brings it back."""
    return _archive(context, arguments, archived=True)


@tool(effect=Effect.COMPUTE, scope=WRITE, examples=({"segment": "Win back"},))
def reactivate_segment(context: Context, arguments: ArchiveSegmentArguments) -> ArchiveSegment:
    """Bring an archived segment back, with its members as they are now."""
    return _archive(context, arguments, archived=False)


def _archive(context: Context, arguments: ArchiveSegmentArguments, *, archived: bool) -> ArchiveSegment:
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        changed = saved_segments.archive(connection, arguments.segment, archived=archived)
        if not archived:
            condition, values = facts.where(Rule.model_validate(changed.rule))
            changed = saved_segments.refresh(connection, changed, condition, values, facts.as_of)
    return ArchiveSegment(
        segment=_saved(changed), archived=archived, evidence=facts.evidence(changed.size, ["segments"])
    )


@tool(effect=Effect.READ, scope=READ, examples=({}, {"kinds": ["cluster", "behaviour"]}, {"archived": True}))
def list_segments(context: Context, arguments: ListSegmentsArguments) -> ListSegments:
    """All segments with size, value, churn, what sets them apart, badge and what to do: saved, RFM, clusters, groups.

    Clusters are k-means groups, discovered groups are dense ones, behaviours are fixed patterns a customer may show
    several of. segment_detail tells more of one of them.
    """
    wanted = set(arguments.kinds or ("saved", "rfm", *groupings.KINDS, "behaviour"))
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        standing = Standing(connection)
        saved = saved_segments.every(connection, archived=arguments.archived) if "saved" in wanted else []
        sizes = segments.sizes(connection) if "rfm" in wanted else []
        runs = [run for kind, run in groupings.latest(connection).items() if kind in wanted]
        found = [grouping_info(connection, run, standing) for run in runs]
    return ListSegments(
        saved=[_saved(row) for row in saved],
        rfm=_rfm(sizes, standing),
        groupings=found,
        currency=facts.profile.currency,
        evidence=facts.evidence(
            sum(s.customers for s in sizes),
            ["segments", "customer_facts", *(["groupings", "customer_groups"] if found else [])],
            [RFM_WORDS, *SIZE_WORDS, *(GROUP_WORDS if found else [])],
        ),
    )


def _rfm(sizes: Sequence[segments.Size], standing: Standing) -> list[RfmSegment]:
    from analytics.rfm import SEGMENTS

    words = {segment.name: segment for segment in SEGMENTS}
    found = []
    for size in sizes:
        if segment := words.get(size.name or ""):
            badge, reason = standing.badge("rfm", segment.name)
            found.append(
                RfmSegment(
                    name=segment.name,
                    description=segment.description,
                    strategy=segment.strategy,
                    playbook=standing.playbook("rfm", segment.name, None),
                    badge=badge,
                    reason=reason,
                    size=size_of(size),
                )
            )
    return found
