"""Next purchase: planted gap distributions recovered, intervals that cover, dates only where they can be told."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from analytics.value.next_purchase import backtest_next_purchase, next_purchase
from analytics.value.summary import transactions_of
from tests.unit.customer_histories import START, cdnow, online_retail, transactions, utc


def lognormal_buyers(customers: int, *, days: int, another: float = 0.9, seed: int = 1) -> pl.DataFrame:
    """Gaps exp(N(μ_i, 0.5²)), μ_i ~ N(log 30, 0.6²); after each order the customer goes on with P `another`."""
    rng = np.random.default_rng(seed)
    rows = []
    for customer in range(customers):
        mu, at = rng.normal(np.log(30), 0.6), rng.uniform(0, days / 2)
        while at < days:
            rows.append((customer, START + timedelta(days=int(at), hours=12), 10.0))
            if rng.random() > another:
                break
            at += max(1.0, float(rng.lognormal(mu, 0.5)))
    return transactions(rows)


def test_planted_gaps_are_recovered() -> None:
    result = next_purchase(lognormal_buyers(3000, days=500), as_of=START + timedelta(days=500))
    assert result.model is not None
    assert result.model.mu == pytest.approx(np.log(30), abs=0.08)
    assert (result.model.tau, result.model.sigma) == pytest.approx((0.6, 0.5), rel=0.1)
    assert result.model.another == pytest.approx(0.9, abs=0.02)


@pytest.mark.parametrize("level", [0.5, 0.8])
def test_intervals_cover_what_came(level: float) -> None:
    history = lognormal_buyers(2500, days=600, seed=2)
    back = backtest_next_purchase(
        history, cutoff=START + timedelta(days=350), holdout_end=START + timedelta(days=600), level=level
    )
    assert back.coverage == pytest.approx(level, abs=0.04)
    assert back.returned == pytest.approx(back.expected_returns, rel=0.1)


@pytest.mark.parametrize("name", ["cdnow", "online_retail"])
def test_coverage_on_real_shops(name: str) -> None:
    if name == "cdnow":
        history, cutoff, end = cdnow(), utc(1997, 10, 1), utc(1998, 7, 1)
    else:
        history, cutoff, end = transactions_of(online_retail()), utc(2011, 7, 1), utc(2011, 12, 10)
    back = backtest_next_purchase(history, cutoff=cutoff, holdout_end=end, level=0.8)
    assert back.coverage == pytest.approx(0.8, abs=0.06)


def test_dates_lie_ahead_and_in_order() -> None:
    as_of = START + timedelta(days=400)
    frame = next_purchase(lognormal_buyers(400, days=500), as_of=as_of).customers.drop_nulls("next_at")
    assert frame.height > 100
    assert (frame["next_low"] >= as_of).all()
    assert (frame["next_low"] <= frame["next_at"]).all()
    assert (frame["next_at"] <= frame["next_high"]).all()


def test_a_fast_buyer_is_expected_sooner_than_a_slow_one() -> None:
    as_of = START + timedelta(days=500)
    own = [(90_001, as_of - timedelta(days=7 * k + 1), 5.0) for k in range(12)]
    own += [(90_002, as_of - timedelta(days=90 * k + 1), 5.0) for k in range(5)]
    history = pl.concat([lognormal_buyers(300, days=500), transactions(own)])
    frame = next_purchase(history, as_of=as_of).customers
    fast, slow = (frame.filter(pl.col("customer_id") == i)["next_at"][0] for i in (90_001, 90_002))
    assert fast < as_of + timedelta(days=12)
    assert as_of + timedelta(days=50) < slow < as_of + timedelta(days=120)


def test_no_date_for_those_who_are_probably_gone() -> None:
    history, as_of = lognormal_buyers(400, days=400), START + timedelta(days=400)
    alive = history.select(pl.col("customer_id").unique().sort()).with_columns(
        p_alive=pl.when(pl.col("customer_id") % 2 == 0).then(0.1).otherwise(0.95)
    )
    frame = next_purchase(history, as_of=as_of, alive=alive).customers
    assert frame.filter(pl.col("customer_id") % 2 == 0)["next_at"].null_count() == frame.height // 2
    assert frame.filter(pl.col("customer_id") % 2 == 1)["next_at"].drop_nulls().len() > 50


@pytest.mark.parametrize("count", [0, 1, 10])
def test_too_few_gaps_are_said_to_be_too_few(count: int) -> None:
    rows = [(i, START + timedelta(days=i), 5.0) for i in range(count)]
    result = next_purchase(transactions(rows), as_of=utc(2024, 9, 1))
    assert result.status == "not_enough_data"
    assert "gaps" in str(result.reason)
    assert result.customers.is_empty()


def test_equal_gaps_do_not_break_the_fit() -> None:
    rows = [(i, START + timedelta(days=14 * k), 5.0) for i in range(30) for k in range(6)]
    frame = next_purchase(transactions(rows), as_of=START + timedelta(days=72)).customers
    at = frame["next_at"].drop_nulls()
    assert at.len() == 30
    assert (at - (START + timedelta(days=84, hours=12))).dt.total_hours().abs().max() < 72
