"""Groups of customers in words: clusters on request, overlaps, the map, and how segments change."""

from __future__ import annotations

from collections.abc import Sequence

from language.format import bullets, count, day, money, percent, spaced
from tools.declaration import answers
from tools.outcome import Outcome
from tools.segments.clusters import ClusterCustomers, ClusterCustomersArguments, cluster_customers
from tools.segments.drift import SegmentChange, SegmentDrift, SegmentDriftArguments, segment_drift
from tools.segments.groups import TraitInfo
from tools.segments.map import SegmentMap, SegmentMapArguments, segment_map
from tools.segments.overlap import SegmentOverlap, SegmentOverlapArguments, segment_overlap
from tools.segments.refresh import RefreshSegments, RefreshSegmentsArguments, refresh_segments

SHOWN = 6


@answers(cluster_customers)
def clusters(outcome: Outcome[ClusterCustomersArguments, ClusterCustomers]) -> str:
    """Each group with its size, worth and what sets it apart."""
    result = outcome.result
    lines = [
        f"**{cluster.name}**: {count(cluster.customers)} customers ({percent(cluster.share)}), "
        f"{money(cluster.average_value, outcome.currency)} each on average, {cluster.value_level} value"
        f"{_apart(cluster.traits)}"
        for cluster in result.clusters
    ]
    return (
        f"**{count(result.customers)} customers in {count(len(result.clusters))} groups** ({result.structure}):\n\n"
        f"{bullets(lines)}\n\n"
        "They are not kept; say “keep them as clusters” with the number to make segments of them."
    )


def _apart(traits: Sequence[TraitInfo], most: int = 2) -> str:
    return f"; {'; '.join(trait.words for trait in traits[:most])}" if traits else ""


@answers(segment_overlap)
def overlap(outcome: Outcome[SegmentOverlapArguments, SegmentOverlap]) -> str:
    """The pairs with the most in common."""
    pairs = outcome.result.pairs
    if not pairs:
        return "There are no two segments to compare."
    lines = [
        f"**{spaced(p.first)}** ({count(p.first_size)}) and **{spaced(p.second)}** ({count(p.second_size)}): "
        f"{count(p.both)} in both, {percent(p.share_of_first)} of the first and {percent(p.share_of_second)} of the "
        f"second"
        for p in pairs[:SHOWN]
    ]
    return f"{bullets(lines)}" + ("\n\nThe table holds the others." if len(pairs) > SHOWN else "")


@answers(segment_map)
def customer_map(outcome: Outcome[SegmentMapArguments, SegmentMap]) -> str:
    """What is on the map."""
    result = outcome.result
    lines = [f"{spaced(group.name)}: {count(group.customers)}" for group in result.groups[:SHOWN]]
    return (
        f"**The map shows {count(result.drawn)} customers**: who lies close together behaves alike; far apart means "
        f"only different. Of them:\n\n{bullets(lines)}"
    )


@answers(segment_drift)
def drift(outcome: Outcome[SegmentDriftArguments, SegmentDrift]) -> str:
    """Who moved, where that was asked; else what grows, shrinks and deteriorates."""
    asked, result = outcome.arguments, outcome.result
    if asked.moved_from or asked.moved_to:
        return _moved(outcome)
    rows = [row for row in result.segments if asked.badge or row.badge not in (None, "stable")]
    since = day(result.compared_with)
    if not rows:
        which = asked.badge or "growing, shrinking or deteriorating"
        return f"**No segment is {which}** against {since}.{_flows(result)}"
    return f"Against {since}:\n\n{bullets([_line(row) for row in rows[:SHOWN]])}{_flows(result)}"


def _line(row: SegmentChange) -> str:
    sizes = f" ({count(row.size_before)} then, {count(row.size_now)} now)" if row.size_before is not None else ""
    return f"**{spaced(row.segment)}** is {row.badge}{sizes}: {row.reason}"


def _flows(result: SegmentDrift) -> str:
    flows = [t for t in result.transitions if "none" not in (t.moved_from, t.moved_to)][:3]
    words = "; ".join(f"{t.moved_from} to {t.moved_to} {count(t.customers)}" for t in flows)
    return words and f"\n\nMost customers moved from {words}."


def _moved(outcome: Outcome[SegmentDriftArguments, SegmentDrift]) -> str:
    asked, result = outcome.arguments, outcome.result
    ends = (("from", asked.moved_from), ("to", asked.moved_to))
    way = " ".join(f"{word} {spaced(end)}" for word, end in ends if end)
    since = day(result.compared_with)
    if not result.moved:
        return f"**Nobody moved {way}** since {since}."
    lines = [
        f"**{c.customer}**: {spaced(c.moved_from)} to {spaced(c.moved_to)}, "
        f"{money(c.monetary_value, outcome.currency)} so far"
        for c in result.customers[:SHOWN]
    ]
    return f"**{count(result.moved)} customers moved {way}** since {since}. Those who spent most:\n\n{bullets(lines)}"


@answers(refresh_segments)
def refresh(outcome: Outcome[RefreshSegmentsArguments, RefreshSegments]) -> str:
    """The job that was started."""
    number = outcome.arguments.clusters
    kept = f" with {count(number)} clusters, kept from now on" if number else ""
    return f"**Grouping all customers anew**{kept}. It runs in the background; ask “how far is the job?”."
