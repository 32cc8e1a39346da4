"""Watching segments: how each differs from what it was two months ago, who moved, and the alert."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from core.identity import Identity
from database.engine import Database
from database.queries import coverage, drifts, groupings, organisations, saved_segments, segments
from database.queries.drifts import Drift
from database.queries.history import read_history
from tools.segments.drift_alert import alert_title

if TYPE_CHECKING:
    import polars as pl
    from sqlalchemy import Connection

    from analytics.segmentation.drift import SegmentDrift

__all__ = ["LAG", "watch_segments"]

LAG = timedelta(days=60)  # two windows of 90 days as of such dates differ by two clear months
"""Two windows of 90 days that far apart differ by two clear months."""
MOST_COUNTRIES = 40
SEED = 20_250_101
FIRST_SEEN = "first seen in this run: there is no earlier one to compare with"
COMPUTED = ("rfm", "behaviour")
"""Kinds whose members at the earlier date are computed from what customers had done by then."""
ATTRIBUTES = frozenset({"customer_id", "country", "city", "time_zone"})
"""A saved segment by these rests on who its customers are, and is judged by how they behave."""


@dataclass(frozen=True, slots=True)
class _Watched:
    """A segment with its members (customer ids) at both dates; `fixed` ones are judged by their behaviour."""

    kind: str
    name: str
    before: pl.Series
    now: pl.Series
    fixed: bool = False


def watch_segments(
    database: Database, identity: Identity, now: datetime, progress: Callable[[float, str], None]
) -> list[str]:
    """Compare every segment with what it was `LAG` ago, keep how it changed, tell of those that deteriorate.

    Returns the names of the segments with an alert. Members of RFM segments and behaviours are computed as of both
    dates; of clusters, discovered groups and saved segments as they were kept in runs between.
    """
    from analytics.features.compute import compute_features

    progress(0.6, "reading orders and events")
    with database.transaction(identity.org_id) as connection:
        as_of = coverage.reference_instant(connection, now)
        zone = organisations.profile(connection).time_zone
    history = read_history(database, identity.org_id, as_of=as_of, time_zone=zone)
    dates = (as_of - LAG, as_of)
    frames = [
        compute_features(history.orders, history.items, history.events, as_of=date, time_zone=zone) for date in dates
    ]
    if frames[1].is_empty():
        return []
    progress(0.8, "comparing segments with what they were")
    watched = [*_computed(*frames), *_countries(database, identity, frames), *_saved(database, identity, frames)]
    found = _drifts(watched, frames[0], frames[1])
    with database.transaction(identity.org_id) as connection:
        drifts.keep_moves(connection, COMPUTED, _moves(watched, *dates))
        kept = [_row(w, d, *dates) for w, d in zip(watched, found, strict=True)]
        kept += _by_history(connection, dates, frames)
        drifts.keep(connection, kept)
        compared = {(w.kind, w.name): d for w, d in zip(watched, found, strict=True)}
        for drift in (d for d in kept if d.alert):
            _announce(connection, drift, compared[drift.kind, drift.segment])
    return [drift.segment for drift in kept if drift.alert]


def _computed(before: pl.DataFrame, now: pl.DataFrame) -> list[_Watched]:
    from analytics.rfm import SEGMENTS, rfm_segments
    from analytics.segmentation.behaviours import PATTERNS, behaviours

    sides: dict[str, list[pl.DataFrame]] = {
        "rfm": [rfm_segments(frame).select("customer_id", "segment") for frame in (before, now)],
        "behaviour": [behaviours(frame).select("customer_id", segment="pattern") for frame in (before, now)],
    }
    names = {"rfm": [s.name for s in SEGMENTS], "behaviour": [p.name for p in PATTERNS]}
    found = []
    for kind in COMPUTED:
        for name in names[kind]:
            then, present = (frame.filter(frame["segment"] == name)["customer_id"] for frame in sides[kind])
            found.append(_Watched(kind, name, then, present))
    return found


def _countries(database: Database, identity: Identity, frames: Sequence[pl.DataFrame]) -> list[_Watched]:
    """The countries with the most customers; who belongs to one belongs to it at both dates."""
    home = groupings.countries(database, identity.org_id)
    home = home.filter(home["customer_id"].is_in(frames[1]["customer_id"].implode()))
    largest = home["name"].value_counts().sort("count", "name", descending=[True, False]).head(MOST_COUNTRIES)
    if largest.height < 2:
        return []  # everybody is in one country: nobody else to compare with
    return [
        _fixed("country", name, home.filter(home["name"] == name)["customer_id"], frames) for name in largest["name"]
    ]


def _saved(database: Database, identity: Identity, frames: Sequence[pl.DataFrame]) -> list[_Watched]:
    import polars as pl

    found = []
    with database.transaction(identity.org_id) as connection:
        for segment in saved_segments.every(connection):
            if _is_fixed(segment.rule):
                members = pl.Series(saved_segments.members(connection, segment.id), dtype=pl.Int64)
                found.append(_fixed("saved", segment.name, members, frames))
    return found


def _fixed(kind: str, name: str, members: pl.Series, frames: Sequence[pl.DataFrame]) -> _Watched:
    then, present = (members.filter(members.is_in(frame["customer_id"].implode())) for frame in frames)
    return _Watched(kind, name, then, present, fixed=True)


def _drifts(watched: Sequence[_Watched], before: pl.DataFrame, now: pl.DataFrame) -> list[SegmentDrift]:
    from analytics.segmentation.drift import segment_drift

    names = [f"{w.kind} {w.name}" for w in watched]
    then, present = _members([w.before for w in watched]), _members([w.now for w in watched])
    return segment_drift(before, now, then, present, names, fixed=[w.fixed for w in watched], seed=SEED)


def _members(sides: Sequence[pl.Series]) -> pl.DataFrame:
    import polars as pl

    places = [pl.lit(place, pl.Int32).alias("segment") for place in range(len(sides))]
    parts = [ids.to_frame("customer_id").select(place, "customer_id") for place, ids in zip(places, sides, strict=True)]
    return pl.concat([pl.DataFrame(schema={"segment": pl.Int32, "customer_id": pl.Int64}), *parts])


def _moves(watched: Sequence[_Watched], since: datetime, at: datetime) -> pl.DataFrame:
    import polars as pl

    from analytics.segmentation.moves import joined_and_left, moves

    parts = []
    for kind, compared in (("rfm", moves), ("behaviour", joined_and_left)):
        mine = [w for w in watched if w.kind == kind]
        then, present = (
            pl.concat([_named(w.name, ids) for w, ids in zip(mine, sides, strict=True)])
            for sides in ([w.before for w in mine], [w.now for w in mine])
        )
        parts.append(compared(then, present).select(pl.lit(kind).alias("kind"), pl.all()))
    return pl.concat(parts).with_columns(since=pl.lit(since), at=pl.lit(at))


def _named(name: str, customers: pl.Series) -> pl.DataFrame:
    """customer_id and segment, the name for each."""
    import polars as pl

    return customers.to_frame("customer_id").with_columns(segment=pl.lit(name))


def _row(watched: _Watched, drift: SegmentDrift, before: datetime, as_of: datetime) -> Drift:
    from analytics.segmentation.drift import FeatureShift

    names = [f.name for f in fields(FeatureShift)]
    rounded = [{n: _rounded(getattr(s, n)) for n in names} | {"reading": s.reading} for s in drift.shifts]
    return Drift(
        kind=watched.kind,
        segment=watched.name,
        as_of=as_of,
        compared_with=before,
        badge=drift.badge,
        alert=drift.alert,
        reason=drift.reason,
        size_before=drift.size_before,
        size_now=drift.size_now,
        stayed=drift.stayed,
        entered=drift.entered,
        departed=drift.left,
        scores=None if drift.scores is None else {name: round(z, 2) for name, z in drift.scores.items()},
        shifts=rounded,
    )


def _rounded(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value


def _by_history(
    connection: Connection, dates: tuple[datetime, datetime], frames: Sequence[pl.DataFrame]
) -> list[Drift]:
    """Groups whose earlier members are known from runs only, compared with the oldest run since the earlier date."""
    before = drifts.earlier(connection, dates[1], dates[0])
    everybody = (frames[0].height, frames[1].height)
    found = []
    for kind, sizes in _kept_sizes(connection).items():
        since = {before[kind, name][0] for name in sizes if (kind, name) in before}
        moved = {at: drifts.comings_and_goings(connection, kind, at) for at in since}
        for name, size in sizes.items():
            compared, then = before.get((kind, name), (None, None))
            came_and_went = moved[compared].get(name, (0, 0)) if compared else (0, 0)
            found.append(_historic(Drift(
                kind, name, dates[1], compared, None, False, FIRST_SEEN, then, size, None, None, None, None, []
            ), came_and_went, everybody))  # fmt: skip
    return found


def _kept_sizes(connection: Connection) -> Mapping[str, Mapping[str, int]]:
    runs = groupings.latest(connection)
    sizes = {
        kind: {group["name"]: int(group["size"]) for group in runs[kind].groups}
        for kind in groupings.KINDS
        if kind in runs
    }
    judged = {"saved": {s.name: s.size for s in saved_segments.every(connection) if not _is_fixed(s.rule)}}
    return sizes | judged


def _is_fixed(rule: Mapping[str, Any]) -> bool:
    behaves = segments.event_kinds(rule) or segments.purchases_of(rule)
    return not behaves and segments.fields_of(rule) <= ATTRIBUTES


def _historic(drift: Drift, moved: tuple[int, int], everybody: tuple[int, int]) -> Drift:
    """`drift` with its badge, where there is something to compare with."""
    from analytics.segmentation.drift import SIZE_WORDS, size_badge

    if drift.size_before is None:
        return drift
    badge = size_badge(drift.size_before, everybody[0], drift.size_now, everybody[1])
    entered, departed = moved
    stayed = max(drift.size_before - departed, 0)
    return replace(drift, badge=badge, reason=SIZE_WORDS[badge], stayed=stayed, entered=entered, departed=departed)


def _announce(connection: Connection, drift: Drift, found: SegmentDrift) -> None:
    """An alert with the reason and the customers, unless the last month has had one for the same segment."""
    if drifts.alerted_lately(connection, drift):
        return
    names = groupings.customer_names(connection, found.fallen)
    detail = {
        "kind": drift.kind,
        "segment": drift.segment,
        "badge": drift.badge,
        "reason": drift.reason,
        "as_of": drift.as_of.isoformat(),
        "compared_with": drift.compared_with.isoformat() if drift.compared_with else None,
        "size": drift.size_now,
        "customers": [names[customer] for customer in found.fallen if customer in names],
        "scores": drift.scores,
    }
    drifts.alert(connection, drift, alert_title(drift, found.worse), detail)
