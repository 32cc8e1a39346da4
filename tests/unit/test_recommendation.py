"""Next best items: a real shop, a planted taste, and popularity where there is nothing to learn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from analytics.recommendation import backtest, recommend
from core.errors import FixArguments

END = datetime(2026, 6, 1, tzinfo=UTC)
SERVICES = ["POST", "DOT", "M", "D", "C2", "PADS", "BANK CHARGES"]


def lines(customer: np.ndarray[Any, Any], days_ago: np.ndarray[Any, Any], item: np.ndarray[Any, Any]) -> pl.DataFrame:
    at = [END - timedelta(days=float(d)) for d in days_ago]
    return pl.DataFrame(
        {"customer_id": customer, "ordered_at": at, "product": item, "category": item % 3, "quantity": 1.0},
        schema={
            "customer_id": pl.Int64,
            "ordered_at": pl.Datetime("us", "UTC"),
            "product": pl.Int32,
            "category": pl.Int32,
            "quantity": pl.Float64,
        },
    )


def shop(*, taste: bool, seed: int = 1) -> pl.DataFrame:
    """400 customers, 60 items in two halves; with taste everybody buys in one half only."""
    rng = np.random.default_rng(seed)
    customer = np.repeat(np.arange(400), 8)
    item = rng.integers(0, 60, customer.size)
    if taste:
        item = item // 2 + 30 * (customer % 2)
    return lines(customer, rng.uniform(0.1, 300, customer.size), item)


def test_a_planted_taste_is_found_and_beats_popularity() -> None:
    found = recommend(shop(taste=True), as_of=END)
    assert found.backtest.champion == "item_item"
    assert found.backtest.gain_low is not None
    assert found.backtest.gain_low > 0
    right = (found.customers["item"] >= 30) == (found.customers["customer_id"] % 2 == 1)
    assert right.mean() > 0.98  # type: ignore[operator]


def test_without_any_taste_popularity_is_kept() -> None:
    judged = backtest(shop(taste=False), as_of=END)
    assert judged.champion == "popularity"
    assert "not shown" in judged.reason


def test_nothing_bought_before_is_recommended_as_new() -> None:
    sold = shop(taste=True)
    found = recommend(sold, as_of=END, top=3)
    again = found.customers.join(sold, left_on=["customer_id", "item"], right_on=["customer_id", "product"])
    assert again.is_empty()
    assert found.customers.group_by("customer_id").len()["len"].max() == 3
    categories = recommend(sold, as_of=END, column="category", new_only=False, top=1, customers=[3, 4])
    assert sorted(categories.customers["customer_id"]) == [3, 4]


def test_what_comes_later_changes_nothing() -> None:
    sold = shop(taste=True)
    early = END - timedelta(days=50)
    cut = recommend(sold.filter(pl.col("ordered_at") < early), as_of=early)
    whole = recommend(sold, as_of=early)
    assert cut.customers.equals(whole.customers)
    assert cut.backtest == whole.backtest


def test_refunds_and_unknown_items_do_not_count() -> None:
    sold = shop(taste=True)
    noise = sold.head(50).with_columns(quantity=pl.lit(-1.0), product=pl.lit(7, pl.Int32))
    unknown = sold.head(50).with_columns(product=pl.lit(-1, pl.Int32))
    assert recommend(pl.concat([sold, noise, unknown]), as_of=END).customers.equals(
        recommend(sold, as_of=END).customers
    )


@pytest.mark.parametrize("size", [0, 1, 5])
def test_small_shops_get_best_sellers_and_say_so(size: int) -> None:
    sold = lines(np.arange(size), np.full(size, 20.0), np.arange(size))
    found = recommend(sold, as_of=END)
    assert found.backtest.champion == "popularity"
    assert "not enough data" in found.backtest.reason
    assert found.backtest.item_item is None
    assert found.customers["score"].is_finite().all()
    assert found.customers.height == size * max(size - 1, 0)
    assert recommend(pl.DataFrame(), as_of=END).customers.is_empty()


def test_a_frame_without_the_columns_is_refused() -> None:
    with pytest.raises(FixArguments, match="lacks ordered_at"):
        recommend(shop(taste=False).drop("ordered_at"), as_of=END)


def test_a_real_shop_buys_more_of_what_similar_buyers_buy(shared_data: Path) -> None:
    raw = pl.read_csv(shared_data / "online_retail" / "online_retail.csv.gz", infer_schema_length=0)
    raw = raw.filter((pl.col("CustomerID") != "") & ~pl.col("StockCode").is_in(SERVICES))
    names = pl.Enum(raw["StockCode"].unique().sort())
    sold = raw.select(
        customer_id=pl.col("CustomerID").cast(pl.Float64).cast(pl.Int64),
        ordered_at=pl.col("InvoiceDate").str.to_datetime(time_zone="UTC", time_unit="us"),
        product=pl.col("StockCode").cast(names).to_physical().cast(pl.Int32),
        quantity=pl.col("Quantity").cast(pl.Float64),
    )
    judged = backtest(sold, as_of=datetime(2011, 12, 10, tzinfo=UTC), k=5)
    assert judged.champion == "item_item"
    assert judged.customers > 1_500
    assert judged.item_item is not None
    assert judged.popularity is not None
    assert judged.item_item > 1.2 * judged.popularity
