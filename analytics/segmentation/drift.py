"""Segments between two dates: who came and went, what moved beyond what moved everybody, and when to warn.

What moves all customers (season, growth, prices) is no drift of a segment: each segment is compared with everybody
else over the same two dates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.segmentation.stability import own_psi, psi_reading
from core.errors import FixArguments

__all__ = [
    "BASELINE",
    "INDICES",
    "SIZE_WORDS",
    "WATCHED",
    "Badge",
    "FeatureShift",
    "SegmentDrift",
    "segment_drift",
    "shift_words",
    "size_badge",
]

Badge = Literal["growing", "stable", "shrinking", "deteriorating"]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FALSE_ALARM = 0.01
LEAST_CUSTOMERS = 50
PERMUTATIONS, PERMUTED_CUSTOMERS = 1_000, 20_000
CLEAR_SIZE_CHANGE, SIZE_ERROR = 0.10, 0.01
NAMED_CUSTOMERS = 20
INDICES: dict[str, dict[str, int]] = {
    "activity": {"orders_90d": 1, "website_visit_frequency": 1, "product_views_90d": 1},
    "margin": {"discounted_order_share": -1, "refund_rate": -1, "avg_order_value": 1},
    "response to email": {"email_open_rate": 1, "email_click_rate": 1},
}
"""What is watched: features by theme, and whether more of each is good (1) or bad (-1)."""
WATCHED: tuple[str, ...] = tuple(name for features in INDICES.values() for name in features)
_ORDER_SIZE = "orders in value"
_NOUNS: dict[str, tuple[str, bool]] = {
    "orders_90d": ("orders per customer", False),
    "website_visit_frequency": ("visits per customer", False),
    "product_views_90d": ("product views per customer", False),
    "discounted_order_share": ("of orders at a discount", True),
    "refund_rate": ("of orders refunded", True),
    "avg_order_value": (_ORDER_SIZE, False),
    "email_open_rate": ("of emails opened", True),
    "email_click_rate": ("of emails clicked", True),
}
"""What a watched feature is called, and whether it is a share of something."""
BASELINE: tuple[str, ...] = (
    *WATCHED,
    "recency_days",
    "overdue_ratio",
    "orders_30d",
    "orders_365d",
    "orders_all",
    "revenue_90d",
    "days_since_first_order",
    "days_since_last_visit",
)
"""What the watched features of the second date are predicted from: features of the first date."""
_COUNTS = {"orders_30d", "orders_90d", "orders_365d", "orders_all", "website_visit_frequency", "product_views_90d"}
_LOGS = {
    "recency_days",
    "overdue_ratio",
    "days_since_first_order",
    "days_since_last_visit",
    "revenue_90d",
    "avg_order_value",
}


@dataclass(frozen=True, slots=True)
class FeatureShift:
    """One feature of a segment: means at both dates, inside and outside, PSI, and the PSI that is its own."""

    feature: str
    before: float | None
    now: float | None
    rest_before: float | None
    rest_now: float | None
    psi: float
    own_psi: float

    @property
    def reading(self) -> str:
        """stable, moderate or large."""
        return psi_reading(self.own_psi)


@dataclass(frozen=True, slots=True)
class SegmentDrift:
    """One segment between two dates; `scores` has a z value an index (below 0: got worse), None where not judged.

    With an alert, `worse` holds the features behind it, and `fallen` the customers whose indices are lowest, both in
    that order.
    """

    segment: str
    size_before: int
    size_now: int
    stayed: int
    entered: int
    left: int
    badge: Badge
    alert: bool
    reason: str
    scores: dict[str, float] | None
    shifts: tuple[FeatureShift, ...]
    worse: tuple[FeatureShift, ...] = ()
    fallen: tuple[int, ...] = ()


def segment_drift(
    before: pl.DataFrame,
    now: pl.DataFrame,
    members_before: pl.DataFrame,
    members_now: pl.DataFrame,
    segments: Sequence[str],
    *,
    fixed: Sequence[bool],
    false_alarm: float = FALSE_ALARM,
    seed: int = 0,
) -> list[SegmentDrift]:
    """How each of `segments` changed between two dates, in the order given.

    before / now: customer_id and BASELINE as of the dates; members: segment (Int32, a position in `segments`) and
    customer_id at each date. `fixed` says which segments rest on who customers are (country, channel …), not on what
    they do: only those are judged by their behaviour, since a group picked *for* its behaviour (At Risk) drifts back
    to the average by itself. Of the others, size, comings and goings and PSI are told.

    An index (INDICES) is the sum of its features' standardised changes (see `_change`), good ones counted up and bad
    ones down (O'Brien 1984), over the customers present at both dates. z compares its mean inside with everybody's.
    Alerts go to segments whose z lies below what the lowest of all z's, over all judged segments and indices,
    undercuts with probability `false_alarm` when segments mean nothing: the distribution of that minimum under
    permuted customers (Westfall and Young 1993, step one). So one whole run raises any false alert with that
    probability, however many segments there are and however small. Segments under 50 customers are not judged.
    Badge: deteriorating with an alert; growing or shrinking when the share of all customers changed by a tenth or
    more and not by chance (1%); else stable.
    """
    _check(before, now, segments, fixed)
    then_in, now_in = _flags(before, members_before, len(segments)), _flags(now, members_now, len(segments))
    both, indices = _indices(before, now)
    inside = _flags(both, members_now, len(segments))
    judged = [i for i in range(len(segments)) if fixed[i] and LEAST_CUSTOMERS <= inside[i].sum() < both.height]
    scores = dict(zip(judged, _z(indices, inside[judged]), strict=True)) if judged else {}
    limit = _limit(indices, inside[judged], false_alarm, np.random.default_rng(seed)) if judged else 0.0
    found = []
    for i, name in enumerate(segments):
        z = dict(zip(INDICES, map(float, scores[i]), strict=True)) if i in scores else None
        drift = _one(name, before, now, then_in[i], now_in[i], z, limit)
        found.append(replace(drift, fallen=_fallen(both, indices, inside[i], drift, limit)) if drift.alert else drift)
    return found


def _check(before: pl.DataFrame, now: pl.DataFrame, segments: Sequence[str], fixed: Sequence[bool]) -> None:
    missing = [n for n in ("customer_id", *BASELINE) if n not in before.columns or n not in now.columns]
    if missing:
        raise FixArguments(f"The features lack {', '.join(missing)}.", field="features", valid=BASELINE)
    if len(fixed) != len(segments):
        raise FixArguments(f"`fixed` needs one entry a segment: {len(segments)}, not {len(fixed)}.", field="fixed")


def _flags(features: pl.DataFrame, members: pl.DataFrame, segments: int) -> Flags:
    """segments × customers of `features`: who is in what."""
    place = features.select("customer_id").with_row_index("row")
    known = members.join(place, on="customer_id", how="inner")
    inside = np.zeros((segments, features.height), np.bool_)
    inside[known["segment"].to_numpy(), known["row"].to_numpy()] = True
    return inside


def _indices(before: pl.DataFrame, now: pl.DataFrame) -> tuple[pl.DataFrame, Floats]:
    """The customers of both dates, and their indices (a column each, mean 0, standard deviation 1)."""
    both = before.select("customer_id", *BASELINE).join(
        now.select("customer_id", *WATCHED), on="customer_id", suffix="_now", how="inner"
    )
    if not both.height:
        return both, np.empty((0, len(INDICES)))
    known = _design(both)
    columns = [
        _standardised(
            sum((sign * _change(both, name, known) for name, sign in features.items()), np.zeros(both.height))
        )
        for features in INDICES.values()
    ]
    return both, np.column_stack(columns)


def _design(both: pl.DataFrame) -> Floats:
    """customers × terms: 1, then of each feature of BASELINE its value, its square, and whether it is unknown."""
    terms = [np.ones(both.height)]
    for name in BASELINE:
        values = _stable(both, name)
        known = np.isfinite(values)
        if not known.any():
            continue
        scaled = _standardised(np.where(known, values, values[known].mean()))
        terms += [scaled, _standardised(scaled**2)] + ([] if known.all() else [_standardised(known.astype(np.float64))])
    return np.column_stack(terms)


def _change(both: pl.DataFrame, name: str, design: Floats) -> Floats:
    """What a feature is at the second date beyond what the customer's own first date predicts, standardised.

    The residual of a regression over everybody on BASELINE (analysis of covariance): it varies less than the
    difference of the two dates, which carries the chance of both, and so finds smaller drifts (Vickers and Altman
    2001). Unknown counts as predicted.
    """
    values = _stable(both, f"{name}_now", name)
    known = np.isfinite(values)
    if not known.any():
        return np.zeros(both.height)
    terms = design[known]
    # Of columns that say the same the pseudo-inverse shares the weight out; there is always a solution.
    weights = np.linalg.pinv(terms.T @ terms, hermitian=True) @ (terms.T @ values[known])
    left = np.zeros(both.height)
    left[known] = values[known] - terms @ weights
    return _standardised(left) if left.std() > 1e-9 * max(1.0, np.abs(values[known]).max()) else np.zeros(both.height)


def _stable(both: pl.DataFrame, column: str, feature: str | None = None) -> Floats:
    """A column whose spread does not grow with its size, so that a few heavy buyers do not hide the rest.

    Counts are rooted (Bartlett 1936), money and days logged; unknown is NaN.
    """
    values = both[column].cast(pl.Float64).to_numpy().astype(np.float64)
    name = feature or column
    if name in _COUNTS:
        values = np.sqrt(np.maximum(values, 0.0))
    elif name in _LOGS:
        values = np.sign(values) * np.log1p(np.abs(values))
    return values


def _standardised(values: Floats) -> Floats:
    spread = values.std() if values.size else 0.0
    centred: Floats = values - values.mean() if values.size else values
    return centred / spread if spread > 0 else np.zeros_like(centred)


def _z(indices: Floats, inside: Flags) -> Floats:
    """segments × indices: mean inside over its standard error when members are drawn without replacement."""
    count = inside.sum(axis=1, keepdims=True).astype(np.float64)
    means = inside.astype(np.float64) @ indices / count
    z: Floats = means / np.sqrt(1 / count - 1 / len(indices))
    return z


def _limit(indices: Floats, inside: Flags, false_alarm: float, rng: np.random.Generator) -> float:
    """The z that the lowest of a run undercuts with probability `false_alarm` without any drift (below 0)."""
    drawn = np.sort(rng.permutation(len(indices))[:PERMUTED_CUSTOMERS])
    indices, inside = indices[drawn], inside[:, drawn]
    inside = inside[(inside.sum(axis=1) > 1) & (inside.sum(axis=1) < drawn.size)]
    if not len(inside):
        return -np.inf
    lowest = [_z(indices[rng.permutation(drawn.size)], inside).min() for _ in range(PERMUTATIONS)]
    return float(np.quantile(lowest, false_alarm))


def _one(
    name: str,
    before: pl.DataFrame,
    now: pl.DataFrame,
    then_in: Flags,
    now_in: Flags,
    scores: dict[str, float] | None,
    limit: float,
) -> SegmentDrift:
    alert = scores is not None and min(scores.values()) < limit
    shifts = _shifts(before, now, then_in, now_in)
    counts = int(then_in.sum()), then_in.size, int(now_in.sum()), now_in.size
    badge: Badge = "deteriorating" if alert else size_badge(*counts)
    then, present = before["customer_id"].filter(pl.Series(then_in)), now["customer_id"].filter(pl.Series(now_in))
    stayed = int(then.is_in(present.implode()).sum()) if then.len() and present.len() else 0
    fallen = [index for index, z in (scores or {}).items() if z < limit] if alert else []
    worse = _worse(fallen, shifts)
    reason = _reason(fallen, worse) if alert else SIZE_WORDS[badge]
    came, gone = present.len() - stayed, then.len() - stayed
    return SegmentDrift(
        name, then.len(), present.len(), stayed, came, gone, badge, alert, reason, scores, shifts, worse
    )


def _shifts(before: pl.DataFrame, now: pl.DataFrame, then_in: Flags, now_in: Flags) -> tuple[FeatureShift, ...]:
    if min(then_in.sum(), now_in.sum()) < LEAST_CUSTOMERS:
        return ()
    found = []
    inside = pl.Series(then_in), pl.Series(now_in)
    for name in WATCHED:
        sides = before[name], now[name]
        ours = [_mean(values.filter(flags)) for values, flags in zip(sides, inside, strict=True)]
        rest = [_mean(values.filter(~flags)) for values, flags in zip(sides, inside, strict=True)]
        whole, own = own_psi(*sides, then_in, now_in)
        found.append(FeatureShift(name, ours[0], ours[1], rest[0], rest[1], whole, own))
    return tuple(sorted(found, key=lambda shift: -shift.own_psi))


def _mean(values: pl.Series) -> float | None:
    mean = values.cast(pl.Float64).mean()
    return None if mean is None else float(mean)  # type: ignore[arg-type]


SIZE_WORDS: dict[Badge, str] = {
    "growing": "a larger share of the customers than before",
    "shrinking": "a smaller share of the customers than before",
    "stable": "nothing changed beyond what changed for everybody, and chance",
}


def size_badge(before: int, everybody_before: int, now: int, everybody_now: int) -> Badge:
    """growing or shrinking when a segment's share of everybody changed by a tenth or more and not by chance (1%)."""
    from scipy.stats import norm

    if not everybody_before or not everybody_now or before + now == 0:
        return "stable"
    pooled = (before + now) / (everybody_before + everybody_now)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / everybody_before + 1 / everybody_now))
    then = before / everybody_before
    change = now / everybody_now - then
    if spread == 0 or 2 * norm.sf(abs(change) / spread) > SIZE_ERROR or abs(change) < CLEAR_SIZE_CHANGE * then:
        return "stable"
    return "growing" if change > 0 else "shrinking"


def _fallen(both: pl.DataFrame, indices: Floats, inside: Flags, drift: SegmentDrift, limit: float) -> tuple[int, ...]:
    """Customers of a segment by how far the indices that fell lie below everybody's, the lowest first."""
    worse = [place for place, z in enumerate((drift.scores or {}).values()) if z < limit]
    sums = indices[inside][:, worse].sum(axis=1)
    customers = both["customer_id"].to_numpy()[inside][np.argsort(sums, kind="stable")[:NAMED_CUSTOMERS]]
    return tuple(int(customer) for customer in customers)


def _worse(fallen: Sequence[str], shifts: Sequence[FeatureShift]) -> tuple[FeatureShift, ...]:
    """The three features of the indices that fell which moved most against everybody else."""
    worse = [s for s in shifts for index in fallen if (_against_rest(s) or 0.0) * INDICES[index].get(s.feature, 0) < 0]
    return tuple(worse[:3])


def _reason(fallen: Sequence[str], worse: Sequence[FeatureShift]) -> str:
    """What fell, as a person would say it: "40% fewer orders per customer (everybody else: 11% more)"."""
    return "; ".join(map(shift_words, worse)) or f"less {' and '.join(fallen)} than everybody else"


def _against_rest(shift: FeatureShift) -> float | None:
    if shift.before is None or shift.now is None or shift.rest_before is None or shift.rest_now is None:
        return None
    return (shift.now - shift.before) - (shift.rest_now - shift.rest_before)


def shift_words(shift: FeatureShift) -> str:
    """How a feature moved inside a segment, and outside of it in brackets."""
    name, is_share = _NOUNS[shift.feature]
    ours, others = ((shift.before, shift.now), (shift.rest_before, shift.rest_now))
    if is_share:
        return f"{_levels(*ours)} {name} (everybody else: {_levels(*others)})"
    return f"{_moved(*ours, name)} (everybody else: {_moved(*others)})"


def _moved(before: float | None, now: float | None, name: str = "") -> str:
    """ "40% fewer orders per customer", "11% more"; "unchanged" below half a percent."""
    change = None if before is None or now is None or before <= 0 else now / before - 1
    if change is None or abs(change) < 0.005:
        return f"as many {name}" if name else "unchanged"
    degree = ("smaller" if change < 0 else "larger") if name == _ORDER_SIZE else ("fewer" if change < 0 else "more")
    return f"{abs(change):.0%} {degree} {name}".rstrip()


def _levels(before: float | None, now: float | None) -> str:
    said = ["unknown" if level is None else f"{level:.0%}" for level in (now, before)]
    return f"{said[0]} instead of {said[1]}"
