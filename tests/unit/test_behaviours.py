"""The eight behaviours: their thresholds, what they need, how sure they are."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from analytics.segmentation.behaviours import PATTERNS, Thresholds, behaviours, patterns_shown
from core.errors import FixArguments

USUAL: dict[str, Any] = {
    "monetary_value": 100.0,
    "orders_90d": 2.0,
    "orders_all": 10.0,
    "days_since_first_order": 300.0,
    "recency_days": 10.0,
    "weekend_share": 0.3,
    "favourite_category_share": 0.3,
    "distinct_products": 5.0,
    "distinct_locations": 4.0,
    "spending_seasonality": 1.2,
}


def customers(*changes: dict[str, Any]) -> pl.DataFrame:
    rows = [{"customer_id": i, **USUAL, **change} for i, change in enumerate(changes)]
    return pl.DataFrame(rows, schema={"customer_id": pl.Int64, **dict.fromkeys(USUAL, pl.Float64)})


def shown(frame: pl.DataFrame, **thresholds: float) -> dict[int, set[str]]:
    limits = Thresholds(**thresholds)  # type: ignore[arg-type]
    found = behaviours(frame, limits)
    each = {i: found.filter(pl.col("customer_id") == i)["pattern"].to_list() for i in frame["customer_id"]}
    lists = patterns_shown(frame, limits)
    assert lists.to_list() == list(each.values()), "the same, told a customer at a time"
    return {i: set(patterns) for i, patterns in each.items()}


@pytest.mark.parametrize(
    ("pattern", "shows", "just_not"),
    [
        ("frequent_shopper", {"orders_90d": 26.0}, {"orders_90d": 25.0}),
        ("weekend_shopper", {"weekend_share": 0.7}, {"weekend_share": 0.69}),
        ("category_focused", {"favourite_category_share": 0.5}, {"favourite_category_share": 0.49}),
        ("location_clustered", {"distinct_locations": 2.0}, {"distinct_locations": 3.0}),
        ("new_shopper", {"days_since_first_order": 29.9}, {"days_since_first_order": 30.0}),
        ("inactive", {"recency_days": 30.1}, {"recency_days": 30.0}),
        ("seasonal_spender", {"spending_seasonality": 3.0}, {"spending_seasonality": None}),
    ],
)
def test_a_pattern_begins_at_its_threshold(pattern: str, shows: dict[str, Any], just_not: dict[str, Any]) -> None:
    found = shown(customers(shows, just_not))
    assert pattern in found[0]
    assert pattern not in found[1]


def test_high_spenders_are_the_top_fifth_and_never_everybody() -> None:
    found = shown(customers(*({"monetary_value": float(v)} for v in range(1, 101))))
    assert [i for i, patterns in found.items() if "high_spender" in patterns] == list(range(80, 100))
    alike = shown(customers({}, {}, {}))
    assert alike == {0: set(), 1: set(), 2: set()}


def test_thresholds_can_be_set() -> None:
    frame = customers({"weekend_share": 0.6})
    assert shown(frame)[0] == set()
    assert shown(frame, weekend_share=0.5)[0] == {"weekend_shopper"}
    with pytest.raises(FixArguments, match="at most 1"):
        Thresholds(weekend_share=1.5)
    with pytest.raises(FixArguments, match="above 0"):
        Thresholds(new_days=0)


def test_a_few_orders_are_no_habit_and_more_orders_are_surer() -> None:
    frame = customers(*({"orders_all": n, "weekend_share": 1.0} for n in (1.0, 3.0, 30.0)))
    found = behaviours(frame).filter(pl.col("pattern") == "weekend_shopper")
    assert found["customer_id"].to_list() == [1, 2]
    # Beta(1 + 3, 1): P(share >= 0.7) = 1 - 0.7 ** 4
    assert found["confidence"].to_list() == pytest.approx([1 - 0.7**4, 1 - 0.7**31])


def test_who_never_ordered_shows_nothing_and_nobody_is_no_error() -> None:
    assert shown(customers({"recency_days": None, "weekend_share": 1.0}))[0] == set()
    assert shown(customers({"recency_days": None, "monetary_value": 900.0}, {}, {"monetary_value": 101.0}))[2] == {
        "high_spender"
    }, "the top fifth is that of buyers"
    assert patterns_shown(customers()).to_list() == []
    empty = behaviours(customers())
    assert empty.is_empty()
    assert empty.columns == ["pattern", "customer_id", "confidence"]
    assert len(PATTERNS) == 8
