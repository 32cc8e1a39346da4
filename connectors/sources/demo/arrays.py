"""The few array operations all tables share: seeds, clocks, codes to names, identifiers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

FAMILIES = ("products", "spend", "customers", "orders", "items", "events", "mentions", "campaigns")
MINUTE = 1 / 1440


def generator(seed: int, family: str, chunk: int = 0) -> np.random.Generator:
    """An independent stream of random numbers for one family of tables and one chunk of customers."""
    return np.random.default_rng([seed, FAMILIES.index(family), chunk])


def instants(name: str, start: datetime, days: Floats) -> pl.Series:
    """Days since `start` as UTC instants, cut to whole seconds; NaN becomes null."""
    known = np.isfinite(days)
    seconds = np.floor(np.where(known, days, 0.0) * 86_400.0).astype(np.int64)
    micros = pl.Series(name, int(start.timestamp()) * 1_000_000 + seconds * 1_000_000)
    series = micros.cast(pl.Datetime("us", "UTC"))
    if known.all():
        return series
    return pl.select(pl.when(pl.Series(known)).then(series).otherwise(None).alias(name)).to_series()


def decoded(name: str, names: Sequence[str], codes: Ints) -> pl.Series:
    """Names for codes; a negative code is null."""
    index = pl.Series(codes, dtype=pl.Int64)
    table = pl.Series(list(names), dtype=pl.String)
    if (codes < 0).any():
        index = pl.select(pl.when(index >= 0).then(index)).to_series()
    return table.gather(index).alias(name)


def money(name: str, cents: Ints) -> pl.Series:
    """Whole cents as an amount with two decimals."""
    return pl.Series(name, cents / 100.0)


def numbered(name: str, prefix: str, numbers: Ints, width: int) -> pl.Series:
    """Identifiers such as C0000042."""
    text = pl.Series(name, numbers).cast(pl.String).str.zfill(width)
    return (prefix + text).alias(name)


def rank_within(owner: Ints, owners: int) -> Ints:
    """Position of each row among its owner's rows, from 0; rows must be grouped by ascending owner."""
    counts = np.bincount(owner, minlength=owners)
    first = np.cumsum(counts) - counts
    return np.arange(owner.size, dtype=np.int64) - first[owner]


def sorted_uniforms(rng: np.random.Generator, counts: Ints) -> tuple[Ints, Floats]:
    """For each owner `counts` uniform numbers in ascending order: the owners and the numbers."""
    owner = np.repeat(np.arange(counts.size, dtype=np.int64), counts)
    keyed = np.sort(owner + rng.random(owner.size))
    return owner, np.clip(keyed - owner, 0.0, 1.0)
