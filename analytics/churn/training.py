"""Stacked training rows: customers at past cut-offs, their features then, and when they left after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.churn.definition import LeftDefinition, labels_at
from core.errors import FixArguments

__all__ = [
    "OWN_FEATURES",
    "FeaturesAt",
    "Rows",
    "feature_matrix",
    "numeric_names",
    "rows_at",
    "stacked",
    "training_customers",
]

Array = NDArray[np.float64]
FeaturesAt = Callable[[datetime], pl.DataFrame]
OWN_FEATURES = ("silence_days", "limit_days", "days_to_limit")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one or more cut-offs: features (n, p) with NaN for unknown, names, duration (days), event."""

    features: Array
    names: list[str]
    duration: Array
    event: NDArray[np.bool_]

    @property
    def events(self) -> int:
        """How many left in sight."""
        return int(self.event.sum())


def numeric_names(features: pl.DataFrame, wanted: Sequence[str] | None = None) -> list[str]:
    """Names of the number columns of a feature frame, without customer_id and what `standing_at` gives itself."""
    skipped = {"customer_id", *OWN_FEATURES}
    numbers = [name for name, kind in features.schema.items() if kind.is_numeric() or kind == pl.Boolean]
    names = [name for name in numbers if name not in skipped]
    if wanted is None:
        return names
    missing = sorted(set(wanted) - set(names))
    if missing:
        raise FixArguments(f"Features not among the number columns: {', '.join(missing)}.", field="names", valid=names)
    return list(wanted)


def feature_matrix(standing: pl.DataFrame, features: pl.DataFrame, names: list[str]) -> Array:
    """`standing`'s customers in its order, OWN_FEATURES then `names`; unknown and infinite values become NaN."""
    joined = standing.select("customer_id", *OWN_FEATURES).join(
        features.select("customer_id", *names), on="customer_id", how="left", maintain_order="left"
    )
    columns = joined.select(pl.exclude("customer_id").cast(pl.Float64).fill_null(float("nan")))
    matrix = columns.to_numpy(writable=True) if columns.height else np.empty((0, columns.width))
    for column in matrix.T:  # one at a time: the whole of it is large
        column[~np.isfinite(column)] = np.nan
    return matrix


def training_customers(orders: pl.DataFrame, *, since: datetime, most: int, seed: int) -> pl.DataFrame:
    """Whom to train on, as a frame of customer_id: at most `most` of those with an order since `since`.

    Who was silent for so long had left before the first cut-off; a customer's features depend on nobody else, so
    nothing but the drawing itself is lost by leaving the others' rows out.
    """
    recent = orders.filter(pl.col("ordered_at") >= since).select("customer_id").unique().sort("customer_id")
    return recent if recent.height <= most else recent.sample(most, seed=seed).sort("customer_id")


def rows_at(
    orders: pl.DataFrame,
    features: pl.DataFrame,
    definition: LeftDefinition,
    names: list[str],
    *,
    cutoff: datetime,
    followed_until: datetime,
    most: int,
    seed: int,
) -> Rows:
    """Customers still there at `cutoff` (at most `most`, drawn with `seed`), followed until `followed_until`."""
    labels = labels_at(orders, definition, cutoff=cutoff, followed_until=followed_until)
    if labels.height > most:
        labels = labels.sample(most, seed=seed)
    matrix = feature_matrix(labels, features, names)
    return Rows(matrix, [*OWN_FEATURES, *names], labels["duration"].to_numpy(), labels["event"].to_numpy())


def stacked(parts: Sequence[Rows]) -> Rows:
    """Rows of several cut-offs under one another."""
    return Rows(
        np.concatenate([part.features for part in parts]),
        parts[0].names,
        np.concatenate([part.duration for part in parts]),
        np.concatenate([part.event for part in parts]),
    )
