"""Features on one scale: what clustering, the names of groups and the map are computed from."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.features.dictionary import NUMBER_NAMES

__all__ = ["CLUSTER_NAMES", "Matrix", "scaled"]

Matrix32 = npt.NDArray[np.float32]
REACH = 4.0
SKEWED = 2.0

# Clock positions have no order, scores are made of the other features, emails sent are ours and not the customer's.
_LEFT_OUT = {
    "preferred_day_of_week",
    "preferred_hour_of_day",
    "price_sensitivity_score",
    "brand_loyalty_score",
    "customer_health_score",
    "email_sent_90d",
}
CLUSTER_NAMES: tuple[str, ...] = tuple(name for name in NUMBER_NAMES if name not in _LEFT_OUT)


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """One row a customer, one standardised column a feature; `dropped` names features that are all alike."""

    customers: npt.NDArray[np.int64]
    names: tuple[str, ...]
    values: Matrix32
    dropped: tuple[str, ...]

    @property
    def rows(self) -> int:
        """Customers."""
        return int(self.customers.size)


def scaled(features: pl.DataFrame, names: Sequence[str] | None = None) -> Matrix:
    """`names` (default: CLUSTER_NAMES that `features` has) with mean 0 and standard deviation 1, Float32.

    A null becomes the feature's median; long right tails of non-negative features (skewness above 2) are taken by
    log(1 + x); values are cut at 4 standard deviations, so that one wholesaler is no cluster of its own and does not
    press everybody else together. Features that are the same for all are dropped.
    """
    wanted = [n for n in (CLUSTER_NAMES if names is None else names) if n in features.columns]
    with ThreadPoolExecutor(max(1, min(4, os.cpu_count() or 1))) as pool:  # numpy lets go of the interpreter
        made = list(pool.map(lambda name: _column(features[name].cast(pl.Float64).to_numpy()), wanted))
    found = {name: column for name, column in zip(wanted, made, strict=True) if column is not None}
    ids = features["customer_id"].to_numpy().astype(np.int64)
    values = np.column_stack(list(found.values())) if found else np.empty((ids.size, 0), np.float32)
    return Matrix(ids, tuple(found), values, tuple(name for name in wanted if name not in found))


def _column(raw: npt.NDArray[np.float64]) -> Matrix32 | None:
    known = raw[np.isfinite(raw)]
    if known.size == 0:
        return None
    filled = np.where(np.isfinite(raw), raw, np.median(known))
    spread = filled.std()
    if not _varies(filled, spread):
        return None
    off = filled - filled.mean()
    if filled.min() >= 0 and (off * off * off).mean() > SKEWED * spread**3:
        filled = np.log1p(filled)
        spread = filled.std()
    cut = np.clip((filled - filled.mean()) / spread, -REACH, REACH)
    spread = cut.std()
    return ((cut - cut.mean()) / spread).astype(np.float32) if spread > 0 else None


def _varies(values: npt.NDArray[np.float64], spread: float) -> bool:
    return bool(spread > 1e-9 * max(1.0, float(np.abs(values).max())))
