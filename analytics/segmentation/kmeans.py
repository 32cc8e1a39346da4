"""k-means on scaled features: fitted on a sample, given to everybody, the number of groups by silhouette."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.segmentation.grouping import Grouping, members, refused
from analytics.segmentation.scaling import Matrix, Matrix32
from core.errors import FixArguments

__all__ = ["kmeans_groups", "value_levels"]

FIT_SAMPLE = 50_000
START_SAMPLE = 10_000
SILHOUETTE_SAMPLE = 3_000
STARTS = 10
LEAST_PER_GROUP = 10
MOST_GROUPS = 10
CHUNK = 100_000
Labels = npt.NDArray[np.int32]


def kmeans_groups(
    matrix: Matrix, *, k: int | None = None, seed: int = 0, sample: int = FIT_SAMPLE, starts: int = STARTS
) -> Grouping:
    """Groups of similar customers; `k` None takes the number from 2 to 10 with the best mean silhouette.

    The centres come from at most `sample` rows drawn with `seed`: the best of `starts` k-means++ starts by inertia on
    a fifth of them, refined on all (a bad start costs more than a small sample does). Everybody then goes to the
    nearest centre. Groups are numbered by size, largest first. Confidence is 1 − (distance to the own centre /
    distance to the next): near 1 at the heart of a group, 0 on a border.
    Refuses fewer than 10 customers a group (20 in all), and customers who are all alike.
    FixArguments: k below 2 or above 50.
    """
    if k is not None and not 2 <= k <= 50:
        raise FixArguments(f"k-means needs 2 to 50 groups, not {k}.", field="k")
    needed = LEAST_PER_GROUP * (k or 2)
    if matrix.rows < needed:
        return refused(f"{matrix.rows:,} customers are too few for groups; {needed:,} are needed.")
    if not matrix.names:
        return refused("All customers are alike: no feature differs between them.")
    rng = np.random.default_rng(seed)
    fitted_on = _draw(matrix.values, sample, rng)
    distinct = len(np.unique(fitted_on, axis=0))
    if distinct < (k or 2):
        return refused(f"There are only {distinct} different customers: no {k or 2} groups can be told apart.")
    checked = _draw(fitted_on, SILHOUETTE_SAMPLE, rng)
    most = min(MOST_GROUPS, matrix.rows // LEAST_PER_GROUP, distinct)
    counts = [k] if k else list(range(2, most + 1))
    fits = {count: _fit(fitted_on, count, seed, starts) for count in counts}
    tried = tuple((count, _silhouette(checked, model)) for count, model in fits.items())
    best, silhouette = max(tried, key=lambda pair: pair[1])
    labels, confidence = _assign(matrix.values, _by_size(fits[best], fitted_on))
    return Grouping("ok", None, members(matrix.customers, labels, confidence), best, silhouette, tried)


def _draw(values: Matrix32, most: int, rng: np.random.Generator) -> Matrix32:
    return values if len(values) <= most else values[np.sort(rng.choice(len(values), most, replace=False))]


def _fit(values: Matrix32, k: int, seed: int, starts: int) -> Any:
    from sklearn.cluster import KMeans

    rough = values[:: max(1, len(values) // START_SAMPLE)]
    if len(rough) == len(values) or len(np.unique(rough, axis=0)) < k:
        return KMeans(k, n_init=starts, random_state=seed).fit(values)
    centres = KMeans(k, n_init=starts, random_state=seed).fit(rough).cluster_centers_
    return KMeans(k, init=centres, n_init=1).fit(values)


def _silhouette(values: Matrix32, model: Any) -> float:
    from sklearn.metrics import silhouette_score

    labels = model.predict(values)
    return float(silhouette_score(values, labels)) if 1 < np.unique(labels).size < len(values) else -1.0


def _by_size(model: Any, fitted_on: Matrix32) -> Matrix32:
    """Centres, that of the largest group first."""
    sizes = np.bincount(model.labels_, minlength=len(model.cluster_centers_))
    centres: Matrix32 = model.cluster_centers_[np.argsort(-sizes, kind="stable")]
    return centres


def _assign(values: Matrix32, centres: Matrix32) -> tuple[Labels, Matrix32]:
    """Nearest centre of each row and how clearly it is the nearest; in chunks, so memory stays small."""
    labels = np.empty(len(values), np.int32)
    confidence = np.empty(len(values), np.float32)
    own = (centres**2).sum(axis=1)
    for start in range(0, len(values), CHUNK):
        part = slice(start, start + CHUNK)
        rows = values[part]
        squares = own - 2 * rows @ centres.T + (rows**2).sum(axis=1)[:, None]
        labels[part] = squares.argmin(axis=1)
        nearest = np.sqrt(np.maximum(np.partition(squares, 1, axis=1)[:, :2], 0))
        confidence[part] = 1 - np.divide(
            nearest[:, 0], nearest[:, 1], out=np.ones(len(rows), np.float32), where=nearest[:, 1] > 0
        )
    return labels, confidence


def value_levels(members: pl.DataFrame, value: pl.DataFrame, column: str = "monetary_value") -> dict[int, str]:
    """Groups as high, medium or low by their mean of `column`: the upper, middle and lower third of the groups.

    `members` as in Grouping, `value` with customer_id and `column` (null counts as 0). Two groups are high and low;
    one group alone is medium.
    """
    means = (
        members.filter(pl.col("group") >= 0)
        .join(value.select("customer_id", pl.col(column).fill_null(0.0)), on="customer_id", how="left")
        .group_by("group")
        .agg(pl.col(column).mean().fill_null(0.0))
        .sort(column, "group")
    )
    groups = means["group"].to_list()
    if len(groups) == 1:
        return {groups[0]: "medium"}
    words = ("low", "medium", "high")
    last = max(len(groups) - 1, 1)
    return {group: words[round(2 * place / last)] for place, group in enumerate(groups)}
