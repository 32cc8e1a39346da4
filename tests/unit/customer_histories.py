"""Customer histories for the value and churn tests: published data, and buyers simulated with planted parameters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
START = datetime(2024, 1, 1, tzinfo=UTC)


def utc(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


def published(name: str) -> Path:
    """Path of a published data file; the test is skipped where the data folder is absent."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"published data set {name} is not in {DATA}")
    return path


def cdnow() -> pl.DataFrame:
    """CDNOW_sample.txt as transactions: customer_id, at, revenue."""
    rows = [line.split() for line in published("cdnow/CDNOW_sample.txt").read_text().splitlines() if line.strip()]
    return pl.DataFrame(
        {
            "customer_id": [int(row[1]) for row in rows],
            "at": [datetime.strptime(row[2], "%Y%m%d").replace(tzinfo=UTC) for row in rows],
            "revenue": [float(row[4]) for row in rows],
        },
        schema_overrides={"at": pl.Datetime("us", "UTC")},
    )


def cdnow_summary() -> pl.DataFrame:
    """The published statistics: x, t_x, T, zbar, and purchase days of the holdout; they come with the tests."""
    return pl.read_csv(Path(__file__).parent.parent / "data" / "cdnow.csv")


def online_retail() -> pl.DataFrame:
    """Online Retail as orders (one row an invoice of a known customer): customer_id, ordered_at, revenue."""
    lines = pl.read_csv(published("online_retail/online_retail.csv.gz"), infer_schema_length=0)
    known = lines.filter(pl.col("CustomerID").is_not_null(), pl.col("CustomerID") != "")
    amount = pl.col("Quantity").cast(pl.Float64) * pl.col("UnitPrice").cast(pl.Float64)
    at = pl.col("InvoiceDate").str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", time_zone="UTC")
    return (
        known.select(
            pl.col("CustomerID").cast(pl.Float64).cast(pl.Int64).alias("customer_id"),
            at.alias("ordered_at"),
            amount.alias("revenue"),
            "InvoiceNo",
        )
        .group_by("InvoiceNo", maintain_order=True)
        .agg(pl.col("customer_id").first(), pl.col("ordered_at").min(), pl.col("revenue").sum())
        .drop("InvoiceNo")
    )


def transactions(rows: list[tuple[int, datetime, float]]) -> pl.DataFrame:
    """Hand-written transactions."""
    schema = {"customer_id": pl.Int64, "at": pl.Datetime("us", "UTC"), "revenue": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def simulated(
    customers: int,
    *,
    weeks: float = 60.0,
    seed: int = 1,
    r: float = 0.6,
    alpha: float = 4.0,
    a: float = 0.8,
    b: float = 2.5,
) -> pl.DataFrame:
    """Buyers of a BG/NBD world, first purchase spread over the first third; Gamma-Gamma money (p 6, q 4, v 15)."""
    rng = np.random.default_rng(seed)
    rows: list[tuple[int, datetime, float]] = []
    for customer in range(customers):
        rate, drop, level = rng.gamma(r) / alpha, rng.beta(a, b), rng.gamma(4.0) / 15.0
        at = rng.uniform(0, weeks / 3)
        while at < weeks:
            rows.append((customer, START + timedelta(weeks=float(at)), float(rng.gamma(6.0) / level)))
            if len(rows) > 1 and rows[-2][0] == customer and rng.random() < drop:
                break
            at += max(rng.exponential(1.0 / max(rate, 1e-9)), 1 / 7)
    return transactions(rows)
