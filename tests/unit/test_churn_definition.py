"""What "left" means, worked by hand, and that labels see nothing they should not."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest

from analytics.churn.definition import LeftDefinition, cutoffs, define_left, labels_at, standing_at
from analytics.churn.training import feature_matrix, numeric_names
from core.errors import FixArguments
from tests.unit.customer_histories import START, transactions

DEFINITION = LeftDefinition(typical_gap_days=20.0, multiple=3.0, floor_days=30.0, ceiling_days=180.0)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def orders(*rows: tuple[int, float]) -> pl.DataFrame:
    return transactions([(customer, day(at), 10.0) for customer, at in rows]).rename({"at": "ordered_at"})


def test_limit_is_three_own_gaps_pooled_with_the_population() -> None:
    history = orders(*[(1, 10.0 * k) for k in range(9)], (2, 80.0), (3, 0.0), (3, 1.0), (3, 2.0), (4, 0.0), (4, 800.0))
    standing = standing_at(history, DEFINITION, at=day(801))
    limits = dict(standing.select("customer_id", "limit_days").iter_rows())
    assert limits[1] == pytest.approx(3 * (10**8 * 20**2) ** (1 / 10))
    assert limits[2] == pytest.approx(60.0)
    assert limits[3] == pytest.approx(30.0)  # 3 × 4.5 days, raised to the floor
    assert limits[4] == pytest.approx(180.0)  # 3 × 68 days, lowered to the ceiling


def test_standing_tells_who_has_left() -> None:
    standing = standing_at(orders((1, 0.0), (2, 50.0)), DEFINITION, at=day(61)).sort("customer_id")
    assert standing["silence_days"].to_list() == [61.0, 11.0]
    assert standing["days_to_limit"].to_list() == pytest.approx([-1.0, 49.0])
    assert standing["left"].to_list() == [True, False]


def test_durations_worked_by_hand() -> None:
    history = orders(
        (1, 0.0),  # silent since: crosses at day 60, 20 after the cut-off
        (2, 0.0), (2, 45.0),  # back on day 45: crosses at 105, by the limit known at the cut-off
        (3, 0.0), (3, 70.0),  # crossed at 60 before coming back on 70: leaving counts
        (4, -30.0),  # left on day 30, before the cut-off: absent
        (5, 39.0), (5, 80.0), (5, 120.0),  # never silent for 60 days in sight: censored
    )  # fmt: skip
    labels = labels_at(history, DEFINITION, cutoff=day(40), followed_until=day(150))
    told = {row[0]: (row[1], row[2]) for row in labels.select("customer_id", "duration", "event").iter_rows()}
    assert told == {
        1: (pytest.approx(20.0), True),
        2: (pytest.approx(65.0), True),
        3: (pytest.approx(20.0), True),
        5: (pytest.approx(110.0), False),
    }


def test_labels_ignore_what_lies_beyond_sight() -> None:
    history = orders((1, 0.0), (2, 10.0), (2, 300.0), (1, 500.0))
    cut = {"cutoff": day(40), "followed_until": day(90)}
    short = history.filter(pl.col("ordered_at") < day(90))
    assert labels_at(history, DEFINITION, **cut).equals(labels_at(short, DEFINITION, **cut))


def test_a_cancelled_order_does_not_end_a_silence() -> None:
    history = pl.concat([orders((1, 0.0), (1, 50.0)), orders((1, 50.0)).with_columns(revenue=pl.lit(-10.0))])
    labels = labels_at(history, DEFINITION, cutoff=day(40), followed_until=day(150))
    assert labels["duration"].to_list() == pytest.approx([20.0])


def test_population_gap_counts_each_customer_once() -> None:
    often = [(1, 2.0 * k) for k in range(100)]
    seldom = [(c, 50.0 * k) for c in (2, 3) for k in range(4)]
    definition = define_left(orders(*often, *seldom), as_of=day(400))
    assert definition.typical_gap_days == pytest.approx((2 * 50 * 50) ** (1 / 3))
    assert definition.ceiling_days == pytest.approx(198 / 3)
    assert "3 times" in definition.in_words()


def test_without_orders_the_definition_falls_back_to_the_floor() -> None:
    definition = define_left(orders(), as_of=day(10))
    assert definition.ceiling_days == definition.floor_days == 30.0
    assert standing_at(orders(), definition, at=day(10)).is_empty()


def test_cutoffs_go_backwards_and_stop_at_the_first() -> None:
    assert cutoffs(day(30), day(100), every_days=30, most=9) == [day(40), day(70), day(100)]
    assert cutoffs(day(130), day(100), every_days=30, most=9) == []


def test_matrix_keeps_order_and_turns_the_unknown_into_gaps() -> None:
    standing = standing_at(orders((1, 0.0), (2, 5.0)), DEFINITION, at=day(10))
    features = pl.DataFrame({"customer_id": [2, 9], "x": [1.5, 3.0], "y": [float("inf"), 0.0], "word": ["a", "b"]})
    names = numeric_names(features)
    assert names == ["x", "y"]
    matrix = feature_matrix(standing, features, names)
    assert matrix.shape == (2, 5)
    assert matrix[1, 3] == 1.5
    assert [bool(gap) for gap in (matrix[0, 3] != matrix[0, 3], matrix[1, 4] != matrix[1, 4])] == [True, True]
    with pytest.raises(FixArguments, match="nonesuch"):
        numeric_names(features, ["nonesuch"])
