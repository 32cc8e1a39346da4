"""BG/NBD and the transaction summary, against the published figures and independent calculation."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy import integrate, stats
from scipy.optimize import check_grad

from analytics.value.backtest import backtest_value
from analytics.value.bgnbd import WEAK_PRIOR, BetaGeo, _Histories, _log_likelihood
from analytics.value.summary import kept_share, purchase_days, rfm_summary
from core.errors import FixArguments
from tests.unit.customer_histories import cdnow, cdnow_summary, simulated, transactions, utc

CALIBRATION_END, HOLDOUT_END = utc(1997, 10, 1), utc(1998, 7, 1)


def published_model() -> BetaGeo:
    return BetaGeo(0.243, 4.414, 0.793, 2.426, -9582.4, np.eye(4))


def test_cdnow_summary_is_rebuilt_from_the_purchases() -> None:
    by = ("x", "t_x", "T", "zbar")
    ours = rfm_summary(cdnow(), end=CALIBRATION_END).select(
        x="frequency",
        t_x=pl.col("recency").round(2),
        T=pl.col("T").round(2),
        zbar=pl.col("monetary_value").round(2),
    )
    for name in by:
        mine, theirs = ours[name].sort(), cdnow_summary()[name].sort()
        assert (mine - theirs).abs().max() <= 0.011  # type: ignore[operator]


def test_cdnow_parameters_are_the_published_ones() -> None:
    summary = cdnow_summary()
    model = BetaGeo.fit(summary["x"], summary["t_x"], summary["T"])
    assert model.parameters == pytest.approx({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, rel=0.01)
    assert model.log_likelihood == pytest.approx(-9582.4, abs=0.1)
    assert model.converged


def test_cdnow_holdout_is_foreseen_as_published() -> None:
    summary = cdnow_summary()
    model = BetaGeo.fit(summary["x"], summary["t_x"], summary["T"])
    expected = model.expected_purchases(39.0, summary["x"], summary["t_x"], summary["T"])
    actual = summary["x_holdout"].to_numpy()
    assert actual.sum() == 1882
    assert np.corrcoef(expected, actual)[0, 1] == pytest.approx(0.626, abs=0.005)
    assert abs(expected.sum() / actual.sum() - 1) < 0.15


def test_cdnow_backtest_from_the_purchases_is_the_published_one() -> None:
    result = backtest_value(cdnow(), calibration_end=CALIBRATION_END, holdout_end=HOLDOUT_END)
    assert result.actual_orders == 1882
    assert result.correlation == pytest.approx(0.626, abs=0.005)
    assert result.orders_error is not None
    assert abs(result.orders_error) < 0.15


def test_gradient_is_the_slope_of_the_likelihood() -> None:
    rng = np.random.default_rng(3)
    x = rng.poisson(2, 40).astype(float)
    t = rng.uniform(5, 40, 40)
    t_x = np.where(x > 0, rng.uniform(0, 1, 40) * t, 0.0)
    theta = np.log([0.4, 6.0, 0.7, 2.0])
    data = _Histories.of(x, t_x, t)
    error = check_grad(lambda p: _log_likelihood(p, data)[0], lambda p: _log_likelihood(p, data)[1], theta)
    assert error < 1e-3


@pytest.mark.parametrize(
    ("r", "alpha", "a", "b", "x", "t", "horizon"),
    [
        (0.243, 4.414, 0.793, 2.426, 2, 38.86, 39),
        (0.3, 4.0, 0.5, 0.5, 0, 10, 50),
        (3.0, 4.0, 2.5, 1.5, 40, 30, 52),
        (3.0, 4.0, 1.0, 1.5, 400, 30, 52),
        (0.8, 10.0, 1e3, 8e3, 0, 10, 52),
        (1.0, 5.0, 7e3, 1e5, 500, 50, 52),
    ],
)
def test_expected_purchases_equal_numerical_integration(
    r: float, alpha: float, a: float, b: float, x: int, t: float, horizon: float
) -> None:
    model = BetaGeo(r, alpha, a, b, 0.0, np.eye(4))

    def integrand(u: float) -> float:  # p = u^4 tames the pole of the density at 0
        p = u**4
        decay = ((alpha + t) / (alpha + t + p * horizon)) ** (r + x)
        return float((1 - decay) / p * stats.beta.pdf(p, a, b + x) * 4 * u**3)

    exact = integrate.quad(integrand, 1e-9, 1, limit=400, epsabs=1e-7, epsrel=1e-6, points=[(a / (a + b + x)) ** 0.25])[
        0
    ]
    ours = model.expected_purchases(horizon, [x], [t], [t])[0] / model.p_alive([x], [t], [t])[0]
    assert ours == pytest.approx(exact, rel=1e-4)


def test_expected_purchases_agree_with_simulated_customers() -> None:
    rng = np.random.default_rng(5)
    model = published_model()
    rate, drop = rng.gamma(model.r, size=200_000) / model.alpha, rng.beta(model.a, model.b, size=200_000)
    bought = np.minimum(rng.poisson(rate * 39), rng.geometric(drop))
    assert model.expected_purchases_new(39.0)[0] == pytest.approx(bought.mean(), rel=0.02)


def test_planted_parameters_are_recovered_within_their_error() -> None:
    rng = np.random.default_rng(11)
    size, planted = 20_000, np.log([0.6, 5.0, 0.8, 2.5])
    rate, drop, t = rng.gamma(0.6, size=size) / 5.0, rng.beta(0.8, 2.5, size=size), rng.uniform(20, 60, size)
    x, t_x, alive = np.zeros(size), np.zeros(size), np.ones(size, dtype=bool)
    clock = rng.exponential(1 / rate)
    while (alive & (clock < t)).any():
        buys = alive & (clock < t)
        x[buys] += 1
        t_x[buys] = clock[buys]
        alive &= ~(buys & (rng.random(size) < drop))
        clock = np.where(buys, clock + rng.exponential(1 / rate), np.inf)
    model = BetaGeo.fit(x, t_x, t)
    found = np.log(list(model.parameters.values()))
    assert np.all(np.abs(found - planted) < 3.5 * np.sqrt(np.diag(model.covariance)))
    assert np.all(np.sqrt(np.diag(model.covariance)) < 0.2)


def test_p_alive_falls_with_silence_and_is_one_without_a_repeat() -> None:
    model = published_model()
    alive = model.p_alive([3, 3, 3, 0], [38, 20, 5, 0], [38.86] * 4)
    assert alive[0] > alive[1] > alive[2]
    assert alive[3] == 1.0


def test_weak_prior_keeps_one_time_buyers_finite() -> None:
    model = BetaGeo.fit(np.zeros(40), np.zeros(40), np.linspace(5, 30, 40), prior=WEAK_PRIOR)
    assert model.converged
    expected = model.expected_purchases(52.0, [0], [0], [20])
    assert 0 < expected[0] < 1.0


def test_a_huge_buyer_stays_finite() -> None:
    model = published_model()
    assert np.isfinite(model.expected_purchases(52.0, [5000], [38.0], [38.86])).all()
    assert 0 <= model.p_alive([5000], [1.0], [38.86])[0] < 1e-6


def test_unusable_histories_are_refused() -> None:
    with pytest.raises(FixArguments, match="recency"):
        BetaGeo.fit([1], [5.0], [3.0])
    with pytest.raises(FixArguments, match="non-empty"):
        BetaGeo.fit([], [], [])


def test_same_day_purchases_are_one_and_same_day_cancellations_none() -> None:
    day = utc(2024, 3, 1)
    rows = [
        (1, day, 10.0),
        (1, day.replace(hour=9), 5.0),
        (2, day, 77.0),
        (2, day.replace(hour=1), -77.0),
        (3, day, 0.0),
    ]
    days = purchase_days(transactions(rows), end=utc(2024, 4, 1))
    assert days["customer_id"].to_list() == [1, 3]
    assert days["revenue"].to_list() == [15.0, 0.0]


def test_rows_from_the_end_on_are_not_seen() -> None:
    history = simulated(60, seed=2)
    end = utc(2024, 8, 1)
    before = history.filter(pl.col("at") < end)
    assert rfm_summary(history, end=end).equals(rfm_summary(before, end=end))


def test_kept_share_pools_returns() -> None:
    rows = [(1, utc(2024, 1, day), 100.0) for day in range(1, 11)] + [(1, utc(2024, 2, 1), -200.0)]
    rows += [(2, utc(2024, 1, 5), 100.0), (2, utc(2024, 2, 5), -500.0)]
    share = dict(kept_share(transactions(rows), end=utc(2024, 3, 1)).iter_rows())
    assert 0.6 < share[1] < 0.8
    assert share[2] == 0.0
