"""Customer features: the compiled pass over sorted arrays against the same features by pandas groupby.

    python -m benchmarks.features [--customers N] [--orders N] [--events N] [--seed N] [--only-ours]

Frames are generated in memory, already sorted by (customer, time) as a database export is; one extra line shows what
unsorted frames cost. Both compute the whole dictionary (pandas: benchmarks/pandas_features.py), and all values are
compared before any time is printed.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from analytics.features.compute import compute_features
from analytics.features.dictionary import CATEGORY_NAMES, NAMES
from analytics.features.tables import EVENTS, ITEMS, ORDERS
from benchmarks.pandas_features import by_pandas
from core.event_kinds import EVENT_KINDS

AS_OF = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 3 * 365
Frames = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]


def generate(customers: int, orders: int, events: int, seed: int) -> Frames:
    """Orders, two lines an order, events; sorted."""
    rng = np.random.default_rng(seed)
    refund = rng.random(orders) < 0.03
    sign = np.where(refund, -1.0, 1.0)
    order_frame = pl.DataFrame(
        {
            "customer_id": rng.integers(1, customers + 1, orders),
            "ordered_at": _instants(rng, orders),
            "revenue": sign * rng.gamma(2, 20, orders).round(2),
            "discount": np.where(rng.random(orders) < 0.3, 5.0, 0.0),
            "quantity": sign * rng.integers(1, 6, orders),
            "is_refund": refund,
            "channel": rng.integers(0, 5, orders),
            "location": rng.integers(0, 200, orders),
        },
        schema=dict(ORDERS),
    )
    kept = np.repeat(np.arange(orders), 2)
    item_frame = order_frame[kept].select(
        "customer_id",
        "ordered_at",
        pl.Series("product", rng.integers(0, 5_000, kept.size), dtype=pl.Int32),
        pl.Series("category", rng.integers(0, 40, kept.size), dtype=pl.Int32),
        pl.col("revenue") / 2,
        "quantity",
    )
    event_frame = pl.DataFrame(
        {
            "customer_id": rng.integers(1, customers + 1, events),
            "occurred_at": _instants(rng, events),
            "kind": rng.integers(0, len(EVENT_KINDS), events),
        },
        schema=dict(EVENTS),
    )
    return (
        order_frame.sort("customer_id", "ordered_at"),
        item_frame.select(list(ITEMS)).sort("customer_id", "ordered_at"),
        event_frame.sort("customer_id", "occurred_at"),
    )


def _instants(rng: np.random.Generator, n: int) -> pl.Series:
    start = int((AS_OF - timedelta(days=DAYS)).timestamp()) * 1_000_000
    return pl.Series(start + rng.integers(0, DAYS * 86_400, n) * 1_000_000).cast(pl.Datetime("us", "UTC"))


def differing(ours: pl.DataFrame, theirs: pd.DataFrame) -> list[str]:
    """Names of what the two disagree on: customers, columns, or any feature, in a value or in what is undefined."""
    if ours.columns != ["customer_id", *theirs.columns]:
        return ["columns"]
    if ours["customer_id"].to_list() != theirs.index.to_list():
        return ["customer_id"]
    different = []
    for name in theirs.columns:
        left, right = ours[name].cast(pl.Float64).to_numpy(), theirs[name].to_numpy(float, na_value=np.nan)
        tolerance = 0.0 if name in CATEGORY_NAMES else 1e-9
        if not np.allclose(left, right, equal_nan=True, rtol=tolerance, atol=tolerance):
            different.append(name)
    return different


def timed(function: Callable[[], Any]) -> tuple[float, Any]:
    """(seconds, result)."""
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


def main() -> None:
    """Generate, compute both ways, compare, print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name, default in (("customers", 100_000), ("orders", 1_000_000), ("events", 1_000_000), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--only-ours", action="store_true", help="skip pandas (large sizes)")
    args = parser.parse_args()
    frames = generate(args.customers, args.orders, args.events, args.seed)
    first, _ = timed(lambda: compute_features(*generate(10, 100, 100, 1), as_of=AS_OF))
    ours_s, ours = timed(lambda: compute_features(*frames, as_of=AS_OF))
    mixed = tuple(frame.sample(fraction=1.0, shuffle=True, seed=1) for frame in frames)
    mixed_s, _ = timed(lambda: compute_features(*mixed, as_of=AS_OF))
    rows = [(f"compiled, {len(NAMES)} features", ours_s), ("  the same, unsorted frames", mixed_s)]
    if not args.only_ours:
        theirs_in = [frame.to_pandas() for frame in frames]
        theirs_s, theirs = timed(lambda: by_pandas(*theirs_in, as_of=AS_OF))
        if names := differing(ours, theirs):
            raise SystemExit(f"The two ways differ in {', '.join(names)}.")
        rows.insert(0, (f"pandas groupby, {theirs.shape[1]} features (baseline)", theirs_s))
    print(f"{args.customers:,} customers, {args.orders:,} orders, {2 * args.orders:,} lines, {args.events:,} events")
    print(f"first call in this process (compile, or load from cache): {first:.2f} s")
    print(f"{'':48}{'seconds':>10}{'ratio':>8}")
    for name, seconds in rows:
        print(f"{name:48}{seconds:10.2f}{seconds / rows[0][1]:8.2f}")


if __name__ == "__main__":
    main()
