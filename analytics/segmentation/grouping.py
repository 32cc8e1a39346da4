"""What every way of grouping customers returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

__all__ = ["MEMBERS", "NOBODY", "Grouping", "members", "refused", "strength"]

MEMBERS = {"customer_id": pl.Int64, "group": pl.Int32, "confidence": pl.Float64}
NOBODY = -1
"""Group of the customers who belong to none."""


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Customers in groups.

    members: customer_id, group (0 up; -1 in none), confidence (0-1; what it means is said by the function that
    grouped). `silhouette` is the mean silhouette of a sample (-1 to 1), `tried` the number of groups tried with the
    silhouette of each. status "not_enough" leaves everything empty and says why in `reason`.
    """

    status: Literal["ok", "not_enough"]
    reason: str | None = None
    members: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=MEMBERS))
    groups: int = 0
    silhouette: float | None = None
    tried: tuple[tuple[int, float], ...] = ()

    @property
    def ungrouped(self) -> int:
        """Customers who belong to no group."""
        return int((self.members["group"] == NOBODY).sum())


def refused(reason: str) -> Grouping:
    """No groups, and why."""
    return Grouping("not_enough", reason)


def members(
    customers: npt.NDArray[np.int64], labels: npt.NDArray[np.integer], confidence: npt.NDArray[np.floating]
) -> pl.DataFrame:
    """The members frame of a grouping."""
    return pl.DataFrame(
        {"customer_id": customers, "group": labels.astype(np.int32), "confidence": confidence.astype(np.float64)},
        schema=MEMBERS,
    )


def strength(silhouette: float | None) -> str:
    """A mean silhouette in words, with the bounds of Kaufman and Rousseeuw (1990), Finding Groups in Data, ch. 2."""
    if silhouette is None:
        return "not measured"
    if silhouette > 0.70:
        return "strong structure"
    if silhouette > 0.50:
        return "reasonable structure"
    return "weak structure" if silhouette > 0.25 else "no clear-cut groups: a useful division, not a natural one"
