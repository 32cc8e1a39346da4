"""Gamma-Gamma against the published note, planted parameters and its own gradient."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import check_grad

from analytics.value.gamma_gamma import WEAK_PRIOR, GammaGamma, _log_likelihood, _Spending
from core.errors import FixArguments
from tests.unit.customer_histories import cdnow_summary


def test_cdnow_parameters_are_the_published_ones() -> None:
    summary = cdnow_summary()
    model = GammaGamma.fit(summary["x"], summary["zbar"])
    assert model.parameters == pytest.approx({"p": 6.25, "q": 3.74, "v": 15.44}, rel=0.01)
    assert model.converged


def test_planted_parameters_are_recovered() -> None:
    rng = np.random.default_rng(4)
    x = rng.geometric(0.3, 20_000).astype(float)
    level = rng.gamma(4.0, size=len(x)) / 15.0
    z = rng.gamma(6.0 * x) / level / x
    model = GammaGamma.fit(x, z)
    assert model.parameters == pytest.approx({"p": 6.0, "q": 4.0, "v": 15.0}, rel=0.1)
    assert model.mean_order_value == pytest.approx(30.0, rel=0.03)


def test_gradient_is_the_slope_of_the_likelihood() -> None:
    rng = np.random.default_rng(3)
    x, z = rng.geometric(0.4, 50).astype(float), rng.gamma(2.0, size=50)
    theta = np.array([1.0, 0.5, -0.2])
    data = _Spending.of(x, z)
    assert check_grad(lambda p: _log_likelihood(p, data)[0], lambda p: _log_likelihood(p, data)[1], theta) < 1e-3


def test_own_mean_counts_more_with_more_orders() -> None:
    model = GammaGamma(6.25, 3.74, 15.44, 0.0, np.eye(3))
    none, few, many = model.expected_order_value([0, 2, 200], [0.0, 100.0, 100.0])
    assert none == pytest.approx(model.mean_order_value)
    assert none < few < many < 100.5


def test_parameters_do_not_depend_on_the_currency() -> None:
    rng = np.random.default_rng(8)
    x, z = rng.geometric(0.4, 3000).astype(float), rng.gamma(2.0, size=3000) * 20
    euro, yen = GammaGamma.fit(x, z, prior=WEAK_PRIOR), GammaGamma.fit(x, z * 160, prior=WEAK_PRIOR)
    assert (yen.p, yen.q) == pytest.approx((euro.p, euro.q), rel=1e-3)
    assert yen.v == pytest.approx(160 * euro.v, rel=1e-3)


def test_one_wholesaler_among_small_buyers_stays_finite() -> None:
    x, z = np.full(30, 2.0), np.full(30, 25.0) + np.arange(30)
    z[0], x[0] = 5_000_000.0, 40.0
    model = GammaGamma.fit(x, z, prior=WEAK_PRIOR)
    expected = model.expected_order_value(x, z)
    assert np.isfinite(expected).all()
    assert (expected > 0).all()


def test_nobody_with_a_repeat_is_refused() -> None:
    with pytest.raises(FixArguments, match="repeat purchase"):
        GammaGamma.fit([0, 0], [0.0, 0.0])
