"""All segments: saved ones, the RFM segments, clusters, discovered groups and behaviours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from core.identity import READ
from database.queries import groupings, reach, saved_segments, segments
from tools.audience.facts import Facts
from tools.audience.names import Kind
from tools.audience.size import SIZE_WORDS, SegmentSize, size_of
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.results import Arguments, ToolResult
from tools.segments.groups import GROUP_WORDS, Badge, GroupingInfo, PlaybookInfo, Standing, field_of, grouping_info
from tools.segments.groups_questions import SEGMENT_KINDS
from tools.segments.questions import PRIORITIES, SEGMENTS
from tools.segments.saved import SavedSegment, saved_segment

if TYPE_CHECKING:
    from database.mirror.mirror import Mirror

RFM_WORDS = "RFM segments: recency, frequency and monetary value scored 1 to 5 by rank; who never ordered is in none."


class RfmSegment(BaseModel):
    """One of the eleven RFM segments."""

    name: str = figure("Segment", "Champions, Loyal, At Risk …; usable as rule field rfm_segment.")
    description: str = figure("Description", "Who they are.")
    strategy: str = figure("Strategy", "What to do with them.")
    playbook: PlaybookInfo = Field(description="Offers, message, channels, time.")
    badge: Badge | None = figure("Badge", "How it changes; null: not known yet.")
    reason: str | None = figure("Reason", "Why that badge.")
    size: SegmentSize = Field(description="Size and value.")


class ListSegmentsArguments(Arguments):
    """Which kinds."""

    kinds: list[Kind] | None = Field(
        default=None, min_length=1, description="saved, rfm, cluster, discovered, behaviour; absent: all of them."
    )
    archived: bool = Field(
        default=False, description="True: saved segments that were archived, in place of the others."
    )


class ListSegments(ToolResult):
    """Saved segments, RFM segments, clusters, discovered groups and behaviours."""

    saved: list[SavedSegment] = Field(description="Saved segments, newest first.")
    rfm: list[RfmSegment] = Field(description="RFM segments with customers, largest first; empty: not computed yet.")
    customers: int = figure("All customers", "Everybody known; what shares are of.", unit="customers")
    groupings: list[GroupingInfo] = Field(description="Clusters, discovered groups, behaviours; empty: not computed.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="all segments",
    uri="aima://segments",
    agents=("research", "analytics", "content", "optimiser", "reporting"),
    basis="prediction",
    examples=({}, {"kinds": ["cluster", "behaviour"]}, {"archived": True}),
    questions=(SEGMENTS, SEGMENT_KINDS, PRIORITIES),
    views=(),
    next=("Who is likely to leave in the next 60 days?", "Write an email to the At Risk customers"),
)
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
        everybody = reach.people(connection)
        runs = [run for kind, run in groupings.latest(connection).items() if kind in wanted]
        fields = [*(["rfm_segment"] if "rfm" in wanted else []), *(field_of(run.kind) for run in runs)]
        by = _sizes(connection, fields, context.mirror(connection))
    sizes = by.get("rfm_segment", [])
    found = [grouping_info(run, standing, by[field_of(run.kind)]) for run in runs]
    return ListSegments(
        saved=[saved_segment(row) for row in saved],
        rfm=_rfm(sizes, standing),
        customers=everybody,
        groupings=found,
        currency=facts.profile.currency,
        evidence=facts.evidence(
            sum(s.customers for s in sizes),
            ["segments", "customer_facts", *(["groupings", "customer_groups"] if found else [])],
            [RFM_WORDS, *SIZE_WORDS, *(GROUP_WORDS if found else [])],
        ),
    )


def _sizes(
    connection: Connection, columns: Sequence[str], mirror: Mirror | None
) -> Mapping[str, Sequence[segments.Size]]:
    if mirror is None:
        return segments.sizes_by(connection, columns)
    from database.mirror import answers

    return answers.sizes_by(mirror.frame, columns)


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
