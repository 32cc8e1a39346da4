from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest

from analytics.rfm import SEGMENTS, rfm_segments, segment_name
from core.errors import FixArguments

NAMES = [segment.name for segment in SEGMENTS]


def customers(recency: list[float | None], frequency: list[float], monetary: list[float]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "customer_id": range(1, len(recency) + 1),
            "recency_days": recency,
            "frequency_all": frequency,
            "monetary_value": monetary,
        },
        schema={"customer_id": pl.Int64}
        | dict.fromkeys(("recency_days", "frequency_all", "monetary_value"), pl.Float64),
    )


def test_every_score_has_one_of_the_eleven_names_and_every_name_is_used() -> None:
    assert NAMES == [
        "Champions", "Loyal", "Potential Loyalist", "New", "Promising", "Need Attention", "About to Sleep", "At Risk",
        "Cannot Lose Them", "Hibernating", "Lost",
    ]  # fmt: skip
    assert {segment_name(*scores) for scores in product(range(1, 6), repeat=3)} == set(NAMES)
    assert all(segment.description and segment.strategy for segment in SEGMENTS)


def test_the_corners_of_the_map() -> None:
    assert segment_name(5, 5, 5) == "Champions"
    assert segment_name(5, 1, 1) == "New"
    assert segment_name(1, 5, 5) == "Cannot Lose Them"
    assert segment_name(1, 1, 1) == "Lost"
    assert segment_name(3, 3, 3) == "Need Attention"
    for wrong in ((0, 1, 1), (1, 6, 1), (1, 1, -1)):
        with pytest.raises(FixArguments, match="between 1 and 5"):
            segment_name(*wrong)


def test_more_recent_never_means_a_worse_neighbour() -> None:
    """For who buys often and for much, the names go up with recency."""
    ladder = [segment_name(r, 5, 5) for r in range(1, 6)]
    assert ladder == ["Cannot Lose Them", "Cannot Lose Them", "Loyal", "Champions", "Champions"]


def test_distinct_values_fall_into_equal_fifths() -> None:
    rng = np.random.default_rng(1)
    n = 500
    frame = customers(list(rng.permutation(n) + 1.0), list(rng.permutation(n) + 2.0), list(rng.permutation(n) + 1.0))
    scored = rfm_segments(frame)
    for column in ("recency_score", "frequency_score", "monetary_score"):
        assert scored[column].value_counts().sort(column)["count"].to_list() == [100] * 5
    joined = scored.join(frame, on="customer_id")
    assert joined.filter(pl.col("recency_score") == 5)["recency_days"].max() == 100
    assert joined.filter(pl.col("frequency_score") == 5)["frequency_all"].min() == 402
    assert joined.filter(pl.col("monetary_score") == 1)["monetary_value"].max() == 100


def test_equal_values_get_equal_scores() -> None:
    rng = np.random.default_rng(2)
    n = 300
    frame = customers(
        list(rng.integers(1, 9, n) * 10.0),
        list(rng.choice([1, 1, 1, 1, 2, 3, 9], n) * 1.0),
        list(rng.integers(0, 5, n) * 9.0),
    )
    scored = rfm_segments(frame).join(frame, on="customer_id")
    for value, score in (("recency_days", "recency"), ("frequency_all", "frequency"), ("monetary_value", "monetary")):
        assert (
            scored.group_by(value).agg(pl.col(f"{score}_score").n_unique())[f"{score}_score"].to_list()
            == [1] * scored[value].n_unique()
        )
        better = scored.sort(value, descending=value == "recency_days")[f"{score}_score"]
        assert better.is_sorted()
    assert set(scored.filter(pl.col("frequency_all") == 1)["frequency_score"]) == {1}


@pytest.mark.parametrize("n", [0, 1, 5, 50])
def test_small_shops_and_only_one_time_buyers(n: int) -> None:
    scored = rfm_segments(customers([10.0 * (i + 1) for i in range(n)], [1.0] * n, [20.0 + i for i in range(n)]))
    assert scored.height == n
    assert scored["frequency_score"].to_list() == [1] * n
    assert scored["segment"].null_count() == 0
    if n >= 5:
        assert scored["segment"][0] == "New"
        assert scored["recency_score"].to_list() == sorted(scored["recency_score"], reverse=True)
        assert set(scored["recency_score"]) == {1, 2, 3, 4, 5}


def test_who_never_bought_is_left_out_and_refunds_do_not_break_it() -> None:
    scored = rfm_segments(customers([None, 3.0, 9.0], [0.0, 1.0, 4.0], [-5.0, -30.0, 80.0]))
    assert scored["customer_id"].to_list() == [2, 3]
    assert scored.columns == ["customer_id", "recency_score", "frequency_score", "monetary_score", "segment"]
    assert scored["monetary_score"][1] > scored["monetary_score"][0]
