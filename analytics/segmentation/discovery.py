"""Groups nobody asked for: dense regions of the feature space, found by HDBSCAN, and a two-dimensional map of them."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.segmentation.grouping import NOBODY, Grouping, members, refused
from analytics.segmentation.scaling import Matrix, Matrix32

__all__ = ["customer_map", "discovered_groups"]

DIMENSIONS = 8
FIT_SAMPLE = 20_000
MAP_SAMPLE = 4_000
NEIGHBOURS = 15
LEAST_CUSTOMERS = 50
SMALLEST_GROUP, SMALLEST_SHARE = 15, 0.02
CORE_NEIGHBOURS = 10


def discovered_groups(
    matrix: Matrix, *, seed: int = 0, sample: int = FIT_SAMPLE, smallest: int | None = None
) -> Grouping:
    """Dense groups by HDBSCAN (Campello, Moulavi and Sander 2013) on the first 8 principal components.

    In tens of raw dimensions all distances look alike and HDBSCAN finds little, hence the components. At most
    `sample` rows are clustered; the others take the group most of their 15 nearest sampled customers have (weighted
    by membership strength). A group has at least `smallest` sampled members (2 % of them, 15 at least).
    Confidence is the membership strength, for the others the share of the strength their neighbours give the group.
    Who lies in no dense region is in group -1. Refuses fewer than 50 customers, or customers who are all alike.
    """
    if matrix.rows < LEAST_CUSTOMERS:
        return refused(f"{matrix.rows:,} customers are too few to discover groups; {LEAST_CUSTOMERS} are needed.")
    if not matrix.names:
        return refused("All customers are alike: no feature differs between them.")
    rng = np.random.default_rng(seed)
    points = _components(matrix.values, DIMENSIONS, seed, rng)
    chosen = np.sort(rng.permutation(matrix.rows)[:sample])
    least = smallest or max(SMALLEST_GROUP, int(SMALLEST_SHARE * chosen.size))
    labels, confidence = _dense(points[chosen], least)
    found = int(labels.max()) + 1
    if found < 2:
        return refused("No two dense groups stand apart: the customers form one continuum.")
    if chosen.size < matrix.rows:
        labels, confidence = _spread(points, chosen, labels, confidence)
    return Grouping("ok", None, members(matrix.customers, labels, confidence), found, _silhouette(points, labels, rng))


def _components(values: Matrix32, most: int, seed: int, rng: np.random.Generator) -> Matrix32:
    from sklearn.decomposition import PCA

    dimensions = min(most, values.shape[1], len(values))
    fitted_on = values if len(values) <= 50_000 else values[rng.choice(len(values), 50_000, replace=False)]
    points: Matrix32 = PCA(dimensions, random_state=seed).fit(fitted_on).transform(values).astype(np.float32)
    return points


def _dense(points: Matrix32, least: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float64]]:
    from sklearn.cluster import HDBSCAN

    model = HDBSCAN(min_cluster_size=least, min_samples=min(CORE_NEIGHBOURS, len(points) - 1), copy=True).fit(points)
    sizes = np.bincount(model.labels_[model.labels_ >= 0])
    order = np.empty(sizes.size + 1, np.int32)  # the last place is that of -1
    order[np.argsort(-sizes, kind="stable")] = np.arange(sizes.size)
    order[-1] = NOBODY
    return order[model.labels_], np.asarray(model.probabilities_, np.float64)


def _spread(
    points: Matrix32, chosen: npt.NDArray[np.int64], labels: npt.NDArray[np.int32], weights: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float64]]:
    """Everybody's group from the sampled customers nearest to them; ungrouped neighbours vote with weight 1."""
    from sklearn.neighbors import KNeighborsClassifier

    votes = KNeighborsClassifier(NEIGHBOURS).fit(points[chosen], labels)
    all_labels = np.empty(len(points), np.int32)
    all_weights = np.empty(len(points), np.float64)
    strength = np.where(labels == NOBODY, 1.0, weights)
    for start in range(0, len(points), 100_000):
        part = slice(start, start + 100_000)
        near = votes.kneighbors(points[part], return_distance=False)
        all_labels[part], all_weights[part] = _vote(labels[near], strength[near])
    all_labels[chosen], all_weights[chosen] = labels, weights
    return all_labels, all_weights


def _vote(labels: npt.NDArray[np.int32], weights: npt.NDArray[np.float64]) -> tuple[Any, Any]:
    groups = int(labels.max()) + 1
    totals = np.zeros((len(labels), groups + 1))
    rows = np.arange(len(labels))[:, None]
    np.add.at(totals, (rows, labels), weights)  # -1 counts into the last column
    best = totals.argmax(axis=1)
    share = totals[np.arange(len(labels)), best] / np.maximum(totals.sum(axis=1), 1e-12)
    return np.where(best == groups, NOBODY, best), np.where(best == groups, 0.0, share)


def _silhouette(points: Matrix32, labels: npt.NDArray[np.int32], rng: np.random.Generator) -> float | None:
    from sklearn.metrics import silhouette_score

    inside = np.flatnonzero(labels >= 0)
    drawn = rng.permutation(inside)[:3_000]
    if np.unique(labels[drawn]).size < 2:
        return None
    return float(silhouette_score(points[drawn], labels[drawn]))


def customer_map(
    matrix: Matrix, *, method: Literal["umap", "pca"] = "umap", seed: int = 0, sample: int = MAP_SAMPLE
) -> pl.DataFrame:
    """customer_id, x, y of at most `sample` customers: UMAP (McInnes, Healy and Melville 2018) of 8 components.

    "pca" takes the first two principal components: faster, and groups overlap more. Distances on a UMAP map mean
    little beyond "near" and "far". Empty below 50 customers or where all are alike.
    """
    blank = pl.DataFrame(schema={"customer_id": pl.Int64, "x": pl.Float64, "y": pl.Float64})
    if matrix.rows < LEAST_CUSTOMERS or len(matrix.names) < 2:
        return blank
    rng = np.random.default_rng(seed)
    chosen = np.sort(rng.permutation(matrix.rows)[:sample])
    points = _components(matrix.values[chosen], DIMENSIONS if method == "umap" else 2, seed, rng)
    flat = _umap(points, seed) if method == "umap" else points
    return pl.DataFrame(
        {"customer_id": matrix.customers[chosen], "x": flat[:, 0], "y": flat[:, 1]}, schema=dict(blank.schema)
    )


def _umap(points: Matrix32, seed: int) -> Matrix32:
    """Neighbours by a tree of scikit-learn's: exact, and umap's own search would be compiled for 15 s first."""
    import warnings

    from sklearn.neighbors import NearestNeighbors

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ImportWarning)  # its parametric variant wants TensorFlow; unused here
        warnings.filterwarnings("ignore", "precomputed_knn", UserWarning)  # new points cannot be added; none are
        from umap import UMAP

        distances, who = NearestNeighbors(n_neighbors=NEIGHBOURS).fit(points).kneighbors(points)
        model = UMAP(
            n_neighbors=NEIGHBOURS,
            min_dist=0.1,
            random_state=seed,
            n_jobs=1,
            precomputed_knn=(who, distances.astype("float32")),
        )
        flat: Matrix32 = model.fit_transform(points)
    return flat
