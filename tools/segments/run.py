"""Keeping groups fresh: clusters, discovered groups, behaviours, the map, saved segments, and what drifts.

features stored → groups → one row per customer, one run per kind, who moved since the run before
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel

from core.errors import AimaError
from core.identity import Identity
from database.engine import Database
from database.queries import customers, drifts, groupings, saved_segments
from database.queries.groupings import GroupingRun
from tools.audience.facts import Facts
from tools.audience.rule import Rule
from tools.segments.codes import SEED, group_record, read_coded
from tools.segments.drift_run import watch_segments

if TYPE_CHECKING:
    import polars as pl

    from analytics.segmentation.grouping import Grouping
    from analytics.segmentation.groups import Group
    from analytics.segmentation.scaling import Matrix

__all__ = ["JOB", "STAGES", "SegmentReport", "Stage", "segment_organisation"]

Stage = Literal["groups", "drift"]
STAGES: tuple[Stage, ...] = ("groups", "drift")
JOB = "refresh_segments"


class SegmentReport(BaseModel):
    """What a run computed: groups of each kind, customers written, segments with an alert, what was not done."""

    as_of: datetime | None = None
    customers: int = 0
    groups: dict[str, int] = {}
    saved: int = 0
    drifting: list[str] = []
    notes: list[str] = []


@dataclass(slots=True)
class _Run:
    """One run over one organisation's stored features."""

    database: Database
    identity: Identity
    as_of: datetime
    features: pl.DataFrame
    names: Mapping[str, list[str]]
    matrix: Matrix
    before: Mapping[str, GroupingRun]
    runs: list[GroupingRun] = field(default_factory=list)
    columns: dict[str, pl.Series] = field(default_factory=dict)


def segment_organisation(
    database: Database,
    identity: Identity,
    now: datetime,
    progress: Callable[[float, str], None],
    *,
    what: tuple[Stage, ...] = STAGES,
    clusters: int | None = None,
    best_number: bool = False,
    flat: Literal["umap", "pca"] = "umap",
) -> SegmentReport:
    """Compute and keep the stages in `what` for `identity`'s organisation, from the features stored last.

    `clusters`: their number from now on (None: as kept, or by silhouette with `best_number`); `flat`: how the map is
    made. Groups are replaced in one transaction, so a run that is killed leaves the older ones standing.
    """
    report = SegmentReport()
    with database.transaction(identity.org_id) as connection:
        report.as_of = customers.features_as_of(connection)
    if report.as_of is None:
        report.notes.append("No customer has features yet: the scores come first (refresh_scores).")
        progress(1.0, "no customers to group yet")
        return report
    if "groups" in what:
        _keep_groups(database, identity, report, progress, clusters, best_number, flat)
        _refresh_saved(database, identity, now, report)
    if "drift" in what:
        report.drifting = watch_segments(database, identity, now, progress)
    progress(1.0, f"grouped {report.customers:,} customers")
    return report


def _keep_groups(
    database: Database,
    identity: Identity,
    report: SegmentReport,
    progress: Callable[[float, str], None],
    clusters: int | None,
    best_number: bool,
    flat: Literal["umap", "pca"],
) -> None:
    from analytics.segmentation.scaling import scaled

    progress(0.0, "reading features")
    with database.transaction(identity.org_id) as connection:
        before = groupings.latest(connection)
    features, names = read_coded(database, identity.org_id)
    assert report.as_of is not None  # noqa: S101 - the caller has looked
    run = _Run(database, identity, report.as_of, features, names, scaled(features), before)
    kept = before["cluster"].asked if "cluster" in before else None
    asked = None if best_number else clusters or kept
    progress(0.1, f"finding clusters among {features.height:,} customers")
    _find_clusters(run, asked)
    progress(0.25, "discovering groups")
    _discover(run)
    progress(0.45, "looking for behaviours")
    _find_behaviours(run)
    progress(0.5, "drawing the map")
    points = _map(run, flat)
    _write(run, points, same_number=asked == kept)
    report.customers = features.height
    report.groups = {found.kind: len(found.groups) for found in run.runs}
    report.notes += [f"{found.kind}: {found.reason}" for found in run.runs if found.reason]


def _find_clusters(run: _Run, asked: int | None) -> None:
    from analytics.segmentation.kmeans import kmeans_groups

    _add(run, "cluster", kmeans_groups(run.matrix, k=asked, seed=SEED), "cluster_confidence", asked)


def _discover(run: _Run) -> None:
    from analytics.segmentation.discovery import discovered_groups

    _add(run, "discovered", discovered_groups(run.matrix, seed=SEED), "discovered_confidence", None)


def _add(run: _Run, kind: str, found: Grouping, confidence: str, asked: int | None) -> None:
    """A grouping in words, kept as a run of its kind and as columns of its customers."""
    import polars as pl

    from analytics.segmentation.groups import described

    column = groupings.KINDS[kind]
    groups: list[Group] = []
    if found.status == "ok":
        same = kind in run.before and run.before[kind].asked == asked
        earlier = groupings.names_of(run.database, run.identity.org_id, kind) if same else None
        groups = described(found, run.matrix, run.features, earlier)
        names = pl.DataFrame(
            {"group": [g.number for g in groups], column: [g.name for g in groups]},
            schema_overrides={"group": pl.Int32},
        )
        joined = found.members.join(names, on="group", how="left", maintain_order="left")
        inside = pl.when(pl.col(column).is_not_null()).then(pl.col("confidence"))
        run.columns[column] = joined[column]
        run.columns[confidence] = joined.select(inside.cast(pl.Float32).alias(confidence)).to_series()
    run.runs.append(
        GroupingRun(
            kind=kind,
            as_of=run.as_of,
            status=found.status,
            reason=found.reason,
            customers=found.members.height,
            ungrouped=found.ungrouped,
            silhouette=found.silhouette,
            asked=asked,
            tried=[list(pair) for pair in found.tried],
            groups=[group_record(group, run.names) for group in groups],
        )
    )


def _find_behaviours(run: _Run) -> None:
    from analytics.segmentation.behaviours import PATTERNS, patterns_shown

    shown = patterns_shown(run.features)
    run.columns["behaviours"] = shown
    sizes = dict(shown.explode().drop_nulls().value_counts().iter_rows())
    run.runs.append(
        GroupingRun(
            kind="behaviour",
            as_of=run.as_of,
            status="ok",
            reason=None,
            customers=run.features.height,
            ungrouped=int((shown.list.len() == 0).sum()),
            silhouette=None,
            asked=None,
            tried=[],
            groups=[{"name": p.name, "size": sizes.get(p.name, 0)} for p in PATTERNS],
        )
    )


def _map(run: _Run, flat: Literal["umap", "pca"]) -> pl.DataFrame:
    import polars as pl

    from analytics.segmentation.discovery import customer_map

    points = customer_map(run.matrix, method=flat, seed=SEED)
    return points.with_columns(pl.col("x", "y").cast(pl.Float32), as_of=pl.lit(run.as_of))


def _write(run: _Run, points: pl.DataFrame, *, same_number: bool) -> None:
    """All or nothing: runs, everybody's groups, who moved, the map."""
    frame = run.features.select("customer_id").with_columns(**run.columns)
    done = {found.kind for found in run.runs if found.status == "ok"}
    since = {
        kind: earlier.as_of
        for kind, earlier in run.before.items()
        if kind in groupings.KINDS and kind in done and earlier.status == "ok" and (kind != "cluster" or same_number)
    }
    with run.database.transaction(run.identity.org_id) as connection:
        if "cluster" in run.before and not same_number:
            drifts.forget(connection, "cluster")
        groupings.keep_customer_groups(connection, frame, as_of=run.as_of, since=since)
        groupings.keep_map(connection, points)
        for found in run.runs:
            groupings.keep_grouping(connection, found)


def _refresh_saved(database: Database, identity: Identity, now: datetime, report: SegmentReport) -> None:
    """The members of every saved segment anew, each in a transaction of its own; what a rule lacks is noted."""
    with database.transaction(identity.org_id) as connection:
        known = saved_segments.every(connection)
    for segment in known:
        try:
            with database.transaction(identity.org_id) as connection:
                facts = Facts.about(connection, now)
                condition, values = facts.where(Rule.model_validate(segment.rule))
                saved_segments.refresh(connection, segment, condition, values, facts.as_of)
                report.saved += 1
        except AimaError as error:
            report.notes.append(f"{segment.name}: {error.message}")
