"""Lifetime value: intervals that hold what came, honest answers on odd data, pymc-marketing beside ours."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from analytics.value.backtest import backtest_value
from analytics.value.lifetime import ValueResult, customer_value
from analytics.value.posterior import Convergence, Sampling, posterior_value
from analytics.value.summary import transactions_of
from core.errors import FixArguments
from tests.unit.customer_histories import START, cdnow, online_retail, simulated, transactions, utc

NUMBERS = ("p_alive", "expected_orders", "expected_order_value", "value", "value_low", "value_high")


def assert_sane(result: ValueResult) -> None:
    frame = result.customers
    for name in NUMBERS:
        column = frame[name]
        assert column.null_count() == 0
        assert column.is_finite().all()
        assert (column >= 0).all()
    assert (frame["p_alive"] <= 1).all()
    assert (frame["value_low"] <= frame["value"]).all()
    assert (frame["value"] <= frame["value_high"]).all()


def test_interval_holds_what_came() -> None:
    history, cut = simulated(3000, weeks=100, seed=6), START + timedelta(weeks=48)
    result = customer_value(history, as_of=cut, horizon_days=364, discount_rate=0.0, level=0.9)
    assert_sane(result)
    later = history.filter(pl.col("at") >= cut, pl.col("at") < cut + timedelta(days=364))
    came = later.group_by("customer_id").agg(pl.col("revenue").sum().alias("came"))
    joined = result.customers.join(came, on="customer_id", how="left").with_columns(pl.col("came").fill_null(0.0))
    inside = joined.filter(pl.col("came") >= pl.col("value_low"), pl.col("came") <= pl.col("value_high")).height
    assert 0.87 <= inside / joined.height <= 0.98
    assert joined["value"].sum() == pytest.approx(joined["came"].sum(), rel=0.15)


def test_discounting_lowers_value_and_longer_horizons_raise_it() -> None:
    history, cut = simulated(400, seed=7), START + timedelta(weeks=50)
    free = customer_value(history, as_of=cut, discount_rate=0.0)
    dear = customer_value(history, as_of=cut, discount_rate=0.5)
    half = customer_value(history, as_of=cut, discount_rate=0.0, horizon_days=182)
    assert dear.customers["value"].sum() < free.customers["value"].sum()
    assert half.customers["expected_orders"].sum() < free.customers["expected_orders"].sum()
    assert free.customers["value"].to_numpy() == pytest.approx(
        (free.customers["expected_orders"] * free.customers["expected_order_value"]).to_numpy()
    )


def test_the_same_seed_gives_the_same_interval() -> None:
    history, cut = simulated(200, seed=8), START + timedelta(weeks=50)
    assert customer_value(history, as_of=cut, seed=3).customers.equals(
        customer_value(history, as_of=cut, seed=3).customers
    )


def test_small_shops_get_pooled_priors_and_wider_intervals() -> None:
    cut = START + timedelta(weeks=50)
    small, large = customer_value(simulated(60, seed=9), as_of=cut), customer_value(simulated(4000, seed=9), as_of=cut)
    assert small.status == large.status == "ok"
    assert small.pooled_priors
    assert not large.pooled_priors
    assert_sane(small)
    width = [
        ((r.customers["value_high"] - r.customers["value_low"]).sum() / r.customers["value"].sum())
        for r in (small, large)
    ]
    assert width[0] > width[1]


@pytest.mark.parametrize("count", [0, 1, 5])
def test_too_few_customers_are_said_to_be_too_few(count: int) -> None:
    result = customer_value(simulated(50, seed=3).filter(pl.col("customer_id") < count), as_of=utc(2025, 2, 1))
    assert result.status == "not_enough_data"
    assert "customers" in str(result.reason)
    assert result.customers.is_empty()
    assert "value" in result.customers.columns


def test_fifty_customers_are_answered_with_priors() -> None:
    result = customer_value(simulated(50, seed=3), as_of=utc(2025, 2, 1))
    assert (result.status, result.pooled_priors) == ("ok", True)
    assert_sane(result)


def test_one_price_for_all_does_not_break_the_order_value() -> None:
    history = simulated(800, seed=4).with_columns(revenue=pl.lit(9.99))
    result = customer_value(history, as_of=utc(2025, 2, 1))
    assert_sane(result)
    assert result.customers["expected_order_value"].median() == pytest.approx(9.99, rel=0.05)


def test_one_time_buyers_alone_are_not_enough() -> None:
    rows = [(i, START + timedelta(days=i % 90), 20.0) for i in range(300)]
    result = customer_value(transactions(rows), as_of=utc(2024, 12, 1))
    assert result.status == "not_enough_data"
    assert "bought again" in str(result.reason)


def test_a_wholesaler_does_not_break_the_others() -> None:
    history = simulated(80, seed=12)
    giant = [(9999, START + timedelta(days=2 * i), 2_000_000.0) for i in range(181)]
    result = customer_value(pl.concat([history, transactions(giant)]), as_of=START + timedelta(weeks=52))
    assert_sane(result)
    top = result.customers.sort("value", descending=True)
    assert top["customer_id"][0] == 9999


def test_refunds_larger_than_sales_never_give_negative_value() -> None:
    history = simulated(120, seed=13)
    sent_back = history.with_columns(pl.col("at") + pl.duration(days=1, hours=3), pl.col("revenue") * -2.0)
    result = customer_value(pl.concat([history, sent_back]), as_of=START + timedelta(weeks=61))
    assert_sane(result)
    assert result.customers["value"].max() == pytest.approx(0.0)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(FixArguments, match="time zone"):
        customer_value(simulated(30), as_of=utc(2024, 9, 1).replace(tzinfo=None))


def test_online_retail_runs_through() -> None:
    history = transactions_of(online_retail())
    result = customer_value(history, as_of=utc(2011, 12, 10))
    assert_sane(result)
    assert result.customers.height > 4300
    assert 12346 not in result.customers["customer_id"]  # bought and cancelled everything within the day
    back = backtest_value(history, calibration_end=utc(2011, 7, 1), holdout_end=utc(2011, 12, 10))
    assert back.correlation is not None
    assert back.correlation > 0.75


def test_backtest_says_when_the_calibration_is_too_thin() -> None:
    result = backtest_value(simulated(10), calibration_end=utc(2024, 6, 1), holdout_end=utc(2024, 12, 1))
    assert result.status == "not_enough_data"
    assert result.reason


@pytest.mark.slow
@pytest.mark.parametrize("method", ["map", "nuts"])
def test_posterior_of_pymc_marketing_is_near_ours(method: str) -> None:
    sampling = Sampling(method=method, tune=400, draws=400, seed=2)  # type: ignore[arg-type]
    found = posterior_value(cdnow(), as_of=utc(1997, 10, 1), sampling=sampling)
    full = found.value
    ours = customer_value(cdnow(), as_of=utc(1997, 10, 1))
    assert_sane(full)
    for name in ("r", "alpha", "p", "q", "v"):
        assert full.parameters[name] == pytest.approx(ours.parameters[name], rel=0.08)
    if method == "map":  # its default priors pull a and b, as its documentation's CDNOW example shows
        assert (full.parameters["a"], full.parameters["b"]) == pytest.approx((0.706, 2.09), rel=0.02)
    assert full.customers["value"].sum() == pytest.approx(ours.customers["value"].sum(), rel=0.06)
    assert np.corrcoef(full.customers["value"], ours.customers["value"])[0, 1] > 0.995
    assert found.posterior is not None
    assert found.mean_value is not None
    if method == "nuts":
        assert found.posterior.convergence is not None
        assert found.posterior.convergence.verdict != "rejected"
        assert found.mean_value[0] <= ours.customers["value"].to_numpy().mean() <= found.mean_value[2]
        assert all(row["low"] <= ours.parameters[row["name"]] <= row["high"] for row in found.posterior.parameters)


@pytest.mark.parametrize(
    ("divergences", "r_hat", "ess", "verdict"),
    [
        (0, 1.004, 900.0, "sound"),
        (0, 1.02, 900.0, "caution"),
        (0, 1.004, 399.0, "caution"),
        (1, 1.0, 2000.0, "rejected"),
        (0, 1.06, 900.0, "rejected"),
        (0, 1.0, 49.0, "rejected"),
        (0, float("nan"), 900.0, "rejected"),
    ],
)
def test_chains_that_do_not_agree_are_not_used(divergences: int, r_hat: float, ess: float, verdict: str) -> None:
    found = Convergence(divergences, r_hat, ess, 2400)
    assert found.verdict == verdict
    assert ("do not use" in found.in_words()) == (verdict == "rejected")
