"""Segments against each other: the customers they share."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from core.identity import READ
from database.queries import segments
from tools.audience.facts import Facts
from tools.audience.names import KnownSegment, every, find
from tools.audience.rule import Rule
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, share
from tools.results import Arguments, ToolResult
from tools.segments.groups_questions import SEGMENT_OVERLAP

OVERLAPS = 24


class SegmentOverlapArguments(Arguments):
    """Which segments."""

    segments: list[str] | None = Field(
        default=None,
        min_length=1,
        max_length=12,
        description="Names of segments; one: it against all others; absent: the behaviours among themselves.",
    )


class OverlapPair(BaseModel):
    """Two segments and the customers they share."""

    first: str = figure("First", "A segment.")
    second: str = figure("Second", "Another.")
    first_size: int = figure("Customers of the first", "Customers of the first.", unit="customers")
    second_size: int = figure("Customers of the second", "Customers of the second.", unit="customers")
    both: int = figure("In both", "Customers of both.", unit="customers")
    jaccard: float = figure("Overlap", "both / (customers of either).", unit="share")
    share_of_first: float = figure("Share of the first", "both / first_size.", unit="share")
    share_of_second: float = figure("Share of the second", "both / second_size.", unit="share")


class SegmentOverlap(ToolResult):
    """Pairs of segments, those with the most in common first."""

    pairs: list[OverlapPair] = Field(description="Pairs.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="how segments overlap",
    agents=("research", "analytics"),
    examples=({}, {"segments": ["Champions", "weekend_shopper"]}, {"segments": ["At Risk"]}),
    questions=(SEGMENT_OVERLAP,),
    views=(),
    next=("What kinds of customers do we have?", "Show the segment map"),
)
def segment_overlap(context: Context, arguments: SegmentOverlapArguments) -> SegmentOverlap:
    """How far segments share their customers: customers of both, and their share of each, for every pair."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        chosen, pairs = _compared(connection, arguments.segments)
        compiled = [facts.where(Rule.model_validate(segment.rule)) for segment in chosen]
        own = segments.shared(connection, compiled, [(i, i) for i in range(len(chosen))])
        both = segments.shared(connection, compiled, pairs)
    found = [_pair(chosen, own, i, j, n) for (i, j), n in zip(pairs, both, strict=True)]
    return SegmentOverlap(
        pairs=sorted(found, key=lambda p: (-p.jaccard, -p.both, p.first, p.second)),
        evidence=facts.evidence(sum(own), ["customer_facts"], ["jaccard: customers of both over customers of either."]),
    )


def _compared(connection: Connection, names: Sequence[str] | None) -> tuple[list[KnownSegment], list[tuple[int, int]]]:
    """The segments compared, and which with which."""
    if names is None:
        chosen = [s for s in every(connection) if s.kind == "behaviour"]
    else:
        chosen = list({(s.kind, s.name): s for s in (find(connection, name) for name in names)}.values())
    if len(chosen) > 1:
        return chosen, [(i, j) for i in range(len(chosen)) for j in range(i + 1, len(chosen))]
    others = [s for s in every(connection) if s.kind != "country" and s != chosen[0]][:OVERLAPS]
    return [*chosen, *others], [(0, j) for j in range(1, len(others) + 1)]


def _pair(chosen: Sequence[KnownSegment], own: Sequence[int], i: int, j: int, both: int) -> OverlapPair:
    either = own[i] + own[j] - both
    return OverlapPair(
        first=chosen[i].name,
        second=chosen[j].name,
        first_size=own[i],
        second_size=own[j],
        both=both,
        jaccard=share(both / either if either else 0.0) or 0.0,
        share_of_first=share(both / own[i] if own[i] else 0.0) or 0.0,
        share_of_second=share(both / own[j] if own[j] else 0.0) or 0.0,
    )
