"""One segment whole, segments against each other, and a segment as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field, model_validator
from sqlalchemy import Connection

from core.identity import READ, WRITE
from database.queries import customers, drifts, groupings, saved_segments, segments
from tools.audience.facts import Facts
from tools.audience.names import Kind, KnownSegment, every, find
from tools.audience.rule import Rule
from tools.audience.size import SIZE_WORDS, size_of
from tools.context import Context
from tools.customers.customers import DEFAULT_FIELDS
from tools.declaration import Effect, tool
from tools.figures import Cell, cell, share
from tools.results import Arguments, ToolResult
from tools.segments.groups import GROUP_WORDS, GroupInfo, Standing, TraitInfo, described, level_of
from tools.segments.run import CATEGORIES, coded, trait_told

TOLD = 5_000  # members, and others, that what sets a segment apart is measured on
OVERLAPS = 24
PERSONAL = frozenset({"name", "email", "phone"})


class SegmentDetailArguments(Arguments):
    """Which segment."""

    segment: str = Field(min_length=1, max_length=120, description="Name of a segment of any kind.")
    kind: Kind | None = Field(default=None, description="Its kind, where several share the name.")


class FeatureDrift(BaseModel):
    """How one feature moved in the segment and among everybody else."""

    feature: str = Field(description="Customer feature.")
    before: float | None = Field(description="Mean in the segment at the earlier date.")
    now: float | None = Field(description="Mean in the segment now.")
    rest_before: float | None = Field(description="Mean among the others at the earlier date.")
    rest_now: float | None = Field(description="Mean among the others now.")
    own_psi: float = Field(description="Population stability index of what is the segment's alone.")
    reading: str = Field(description="The index in words: stable, moderate, large.")


class Movement(BaseModel):
    """How a segment's membership changed."""

    compared_with: datetime = Field(description="The earlier date (UTC).")
    size_before: int = Field(description="Customers then.")
    size_now: int = Field(description="Customers at the latest run.")
    entered: int = Field(description="Customers who came in.")
    departed: int = Field(description="Customers who went.")
    features: list[FeatureDrift] = Field(description="What moved most against everybody else; empty: not measured.")


class SegmentDetail(ToolResult):
    """Everything about one segment."""

    kind: Kind = Field(description="How the segment comes about.")
    rule: dict[str, Any] = Field(description="Rule that picks its customers.")
    segment: GroupInfo = Field(description="Size, value, traits, strategy, playbook, badge.")
    movement: Movement | None = Field(description="How membership changed; null: nothing to compare with yet.")
    currency: str = Field(description="ISO 4217 code of money.")


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

    first: str = Field(description="A segment.")
    second: str = Field(description="Another.")
    first_size: int = Field(description="Customers of the first.")
    second_size: int = Field(description="Customers of the second.")
    both: int = Field(description="Customers of both.")
    jaccard: float = Field(description="both / (customers of either), 0-1.")
    share_of_first: float = Field(description="both / first_size, 0-1.")
    share_of_second: float = Field(description="both / second_size, 0-1.")


class SegmentOverlap(ToolResult):
    """Pairs of segments, those with the most in common first."""

    pairs: list[OverlapPair] = Field(description="Pairs.")


class ExportSegmentArguments(Arguments):
    """Which customers, which columns."""

    segment: str | None = Field(default=None, description="Name of a segment of any kind; or give `rule`.")
    rule: Rule | None = Field(default=None, description="Which customers; or give `segment`.")
    fields: list[str] | None = Field(
        default=None, min_length=1, max_length=60, description="Columns after customer_id; absent: a useful default."
    )
    limit: int = Field(default=1_000, ge=1, le=50_000, description="Rows at most.")
    offset: int = Field(default=0, ge=0, description="Rows to skip, for the next part.")

    @model_validator(mode="after")
    def _one(self) -> ExportSegmentArguments:
        if (self.segment is None) == (self.rule is None):
            raise ValueError("give either `segment` (a name) or `rule`")
        return self


class ExportSegment(ToolResult):
    """A segment as CSV."""

    file_name: str = Field(description="A name for the file.")
    total: int = Field(description="Customers in the segment.")
    rows: int = Field(description="Customers in this part.")
    columns: list[str] = Field(description="Columns of the file.")
    left_out: list[str] = Field(description="Columns with personal data that your rights do not cover.")
    csv: str = Field(description="The file: UTF-8, comma, a header line; customers in the order of their numbers.")


@tool(effect=Effect.READ, scope=READ, examples=({"segment": "At Risk"}, {"segment": "weekend_shopper"}))
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
    drawn = [groupings.sampled_features(facts.connection, columns, where, values, TOLD) for where in sides]
    if not all(drawn):
        return []
    rows = [*drawn[0], *drawn[1]]
    kinds: dict[str, Any] = {"customer_id": pl.Int64} | dict.fromkeys(NUMBER_NAMES, pl.Float64)
    frame, names = coded(pl.DataFrame(rows, schema=kinds | dict.fromkeys(CATEGORIES, pl.String), orient="row"))
    inside = pl.Series([1] * len(drawn[0]) + [0] * len(drawn[1]), dtype=pl.Int32).to_numpy()
    return [TraitInfo(**trait_told(trait, names)) for trait in traits(scaled(frame), frame, inside, 1)]


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


@tool(
    effect=Effect.READ,
    scope=READ,
    examples=({}, {"segments": ["Champions", "weekend_shopper"]}, {"segments": ["At Risk"]}),
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


@tool(
    effect=Effect.READ,
    scope=READ,
    examples=({"segment": "Champions", "limit": 100}, {"segment": "At Risk", "fields": ["country", "clv_12m"]}),
)
def export_segment(context: Context, arguments: ExportSegmentArguments) -> ExportSegment:
    """A segment's customers as a CSV file; names and addresses only for those who may also change segments."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        rule = arguments.rule or Rule.model_validate(find(connection, str(arguments.segment)).rule)
        condition, values = facts.where(rule)
        asked = arguments.fields or [n for n in ("name", "email", *DEFAULT_FIELDS[1:]) if facts.has(n)]
        barred = PERSONAL if WRITE not in context.identity.scopes else frozenset()
        chosen = facts.fields(["customer_id", *(name for name in asked if name not in barred)])
        found = customers.find(
            connection, condition, values, columns=[f.column for f in chosen], sort="customer_id", descending=False,
            limit=arguments.limit, offset=arguments.offset,
        )  # fmt: skip
    names = [f.name for f in chosen]
    return ExportSegment(
        file_name=f"{_file_name(arguments.segment or 'customers')}.csv",
        total=found.total,
        rows=len(found.rows),
        columns=names,
        left_out=[name for name in dict.fromkeys(asked) if name in barred],
        csv=_csv(names, [[cell(v, f.unit) for v, f in zip(row, chosen, strict=True)] for row in found.rows]),
        evidence=facts.evidence(found.total, ["customer_facts"], facts.definitions_of(names[1:])),
    )


def _file_name(name: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in name.lower()).strip("-")[:60] or "segment"


def _csv(names: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([[_harmless(value) for value in row] for row in rows])
    return out.getvalue()


def _harmless(value: Cell) -> Cell:
    """Text that a spreadsheet would take for a formula is marked as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
