"""Customers drawn from eight known groups, with as many features as real ones have."""

from __future__ import annotations

import numpy as np
import polars as pl

from analytics.segmentation.scaling import CLUSTER_NAMES

GROUPS = 8


def planted(customers: int, seed: int = 1, apart: float = 1.2) -> tuple[pl.DataFrame, np.ndarray]:
    """(features, true group a row): unit noise round centres drawn with standard deviation `apart`."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(99).normal(0, apart, (GROUPS, len(CLUSTER_NAMES)))
    truth = rng.integers(0, GROUPS, customers)
    values = centres[truth] + rng.normal(0, 1, (customers, len(CLUSTER_NAMES)))
    columns = {name: 100 + 10 * values[:, i] for i, name in enumerate(CLUSTER_NAMES)}
    return pl.DataFrame({"customer_id": np.arange(1, customers + 1), **columns}), truth
