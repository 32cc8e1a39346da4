"""Charts and tables of segments."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from language.format import spaced
from tools.audience.fields import title_of
from tools.declaration import shows
from tools.figures import Cell
from tools.outcome import Outcome
from tools.segments.clusters import Cluster, ClusterCustomers, ClusterCustomersArguments, cluster_customers
from tools.segments.detail import SegmentDetail, SegmentDetailArguments, segment_detail
from tools.segments.drift import SegmentDrift, SegmentDriftArguments, segment_drift
from tools.segments.export import ExportSegment, ExportSegmentArguments, export_segment
from tools.segments.groups import KIND_TITLES, GroupInfo
from tools.segments.list import ListSegments, ListSegmentsArguments, list_segments
from tools.segments.map import SegmentMap, SegmentMapArguments, segment_map
from tools.segments.overlap import OverlapPair, SegmentOverlap, SegmentOverlapArguments, segment_overlap
from tools.views import Chart, Series, Shown, Table, records

_RFM = (
    "name", "size.customers", "size.share", "size.revenue_all", "size.average_clv_12m", "size.average_churn_90",
    "strategy",
)  # fmt: skip
_GROUP = (
    "name", "size.customers", "size.share", "size.average_value", "size.average_clv_12m", "size.average_churn_90",
    "size.average_health", "badge", "traits", "strategy",
)  # fmt: skip
_CLUSTER = ("name", "customers", "share", "value_level", "average_value", "traits", "strategy")
_TITLE = "RFM segments"
_IN_NONE = "(in no segment)"
_SHIFT = ("feature", "before", "now", "rest_before", "rest_now", "reading")
_CHANGE = ("segment", "kind", "badge", "size_before", "size_now", "entered", "departed", "reason")


@shows(list_segments)
def segments(outcome: Outcome[ListSegmentsArguments, ListSegments]) -> Iterator[Shown]:
    """RFM segments as bars and a table, saved ones as a table, each grouping as bars and a table."""
    result = outcome.result
    if result.rfm:
        sizes = [(s.name, s.size.customers) for s in result.rfm]
        whole = sum(number for _, number in sizes)
        yield _sizes("Customers by segment", sizes, across="Segment").model_copy(update={"whole": float(whole)})
        yield _with_the_rest(_named("segment", records(result.rfm, title=_TITLE, columns=_RFM)), result)
    if result.saved:
        yield records(result.saved, title="Saved segments", columns=("name", "size", "description"))
    for grouping in result.groupings:
        if groups := [group for group in grouping.groups if group.size.customers]:
            title = KIND_TITLES[grouping.kind]
            yield _sizes(f"Customers by {title.lower()}", [(g.name, g.size.customers) for g in groups])
            rows = [_in_words(group, group.description) for group in groups]
            yield _named("group", records(rows, title=title, columns=_GROUP))


def _with_the_rest(table: Table, result: ListSegments) -> Table:
    """The table with those who are in no segment, so that customers and shares add up to everybody."""
    others = result.customers - sum(segment.size.customers for segment in result.rfm)
    if others <= 0:
        return table
    row: list[Any] = [None] * len(table.columns)
    row[:3] = [_IN_NONE, others, others / result.customers]
    return table.model_copy(update={"rows": [*table.rows, row], "total_rows": table.total_rows + 1})


@shows(cluster_customers)
def clusters(outcome: Outcome[ClusterCustomersArguments, ClusterCustomers]) -> Iterator[Shown]:
    """Sizes as bars; a table with value, traits and strategy."""
    found = outcome.result.clusters
    yield _sizes("Customers by group", [(cluster.name, cluster.customers) for cluster in found])
    yield records([_in_words(cluster) for cluster in found], title="Groups", columns=_CLUSTER)


@shows(segment_detail)
def detail(outcome: Outcome[SegmentDetailArguments, SegmentDetail]) -> Iterator[Shown]:
    """What sets the segment apart, and what moved in it."""
    segment, movement = outcome.result.segment, outcome.result.movement
    name = spaced(segment.name)
    if segment.traits:
        traits = [trait.model_copy(update={"feature": title_of(trait.feature)}) for trait in segment.traits]
        yield records(traits, title=f"What sets {name} apart", columns=("feature", "inside", "outside", "words"))
    if movement and movement.features:
        shifts = [shift.model_copy(update={"feature": title_of(shift.feature)}) for shift in movement.features]
        yield records(shifts, title=f"How {name} changed", columns=_SHIFT)


@shows(segment_overlap)
def overlap(outcome: Outcome[SegmentOverlapArguments, SegmentOverlap]) -> Iterator[Shown]:
    """Pairs as a table; as a heat map too where all are compared with all."""
    pairs = outcome.result.pairs
    names = list(dict.fromkeys(name for pair in pairs for name in (pair.first, pair.second)))
    if len(pairs) > 2 and len(pairs) == len(names) * (len(names) - 1) // 2:
        yield _heat_map(pairs, names)
    if pairs:
        yield records(pairs, title="Overlap of segments")


def _heat_map(pairs: Sequence[OverlapPair], names: Sequence[str]) -> Chart:
    both = {frozenset((pair.first, pair.second)): pair.jaccard for pair in pairs}
    return Chart(
        shape="heatmap", title="Overlap of segments", x=list(names), x_title="Segment", y_title="Segment",
        unit="share",
        series=[Series(name=n, values=[both.get(frozenset((n, m))) for m in names]) for n in names],
    )  # fmt: skip


@shows(segment_map)
def customer_map(outcome: Outcome[SegmentMapArguments, SegmentMap]) -> Iterator[Shown]:
    """One series per segment: the places of its customers."""
    points = outcome.result.coordinates
    places = {group.name: [p for p in points if p.segment == group.name] for group in outcome.result.groups}
    series = [
        Series(
            name=spaced(name), values=[p.y for p in own], across=[p.x for p in own], labels=[p.customer for p in own]
        )
        for name, own in places.items()
    ]
    yield Chart(shape="scatter", title="Map of customers", series=series)


@shows(segment_drift)
def drift(outcome: Outcome[SegmentDriftArguments, SegmentDrift]) -> Iterator[Shown]:
    """What changed, and who moved or from where to where."""
    result = outcome.result
    changed = [row for row in result.segments if row.badge not in (None, "stable")]
    if rows := changed or result.segments:
        yield records(rows, title="How segments change", columns=_CHANGE)
    if result.customers:
        yield records(result.customers, title="Customers who moved", total=result.moved)
    elif result.transitions:
        yield records(result.transitions, title="Moves between segments")


@shows(export_segment)
def export(outcome: Outcome[ExportSegmentArguments, ExportSegment]) -> Iterator[Shown]:
    """The rows of the file."""
    result = outcome.result
    _head, *rows = csv.reader(io.StringIO(result.csv))
    if rows:
        units = [column.unit for column in result.columns]
        yield Table(
            title=result.file_name,
            columns=result.columns,
            rows=[[_read(text, unit) for text, unit in zip(row, units, strict=True)] for row in rows],
            total_rows=result.total,
        )


def _read(text: str, unit: str) -> Cell:
    """A cell of the file as the value it is of, to sort by and to show like any other."""
    try:
        number = float(text) if unit not in ("text", "time", "boolean") else None
    except ValueError:
        number = None
    if number is None:
        return text or None
    return number / 100 if unit == "share" else int(number) if number.is_integer() and unit != "money" else number


def _in_words(group: GroupInfo | Cluster, otherwise: str = "") -> GroupInfo | Cluster:
    """The group with its name and what sets it apart as people read them; `otherwise` where nothing does."""
    traits = [trait.words for trait in group.traits] or [otherwise]
    return group.model_copy(update={"name": spaced(group.name), "traits": traits})


def _named(name: str, table: Table) -> Table:
    """The table with its first column named, so that what can be done with a row is known from it."""
    first, *others = table.columns
    return table.model_copy(update={"columns": [first.model_copy(update={"name": name}), *others]})


def _sizes(title: str, sizes: Sequence[tuple[str, int]], *, across: str = "Group") -> Chart:
    return Chart(
        shape="bar", title=title, x=[spaced(name) for name, _ in sizes], x_title=across,
        y_title="Customers", unit="customers",
        series=[Series(name="Customers", values=[float(number) for _, number in sizes])],
    )  # fmt: skip
