"""The compiled density is pymc-marketing's, and its gradient is right."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from analytics.mix.model import Design, Shape
from analytics.mix.posterior import Curves
from tests.unit.mix_scenes import lift_of, papilon, steady

Array = NDArray[np.float64]
GEOMETRIC, MIXED = (False,) * 4, (False, False, True, False)


def designed(delayed: tuple[bool, ...], hill: bool, *, growth: float = 0.0) -> Design:
    series, truth = papilon()
    lifts = [lift_of(truth, series, "paid_search"), lift_of(truth, series, "paid_social")]
    return Design.of(series, Shape(delayed, (hill,) * 4, growth=growth), lifts=lifts, held_out=13)


def somewhere(design: Design, seed: int = 3) -> Array:
    theta = 0.4 * np.random.default_rng(seed).standard_normal(design.size)
    theta[0] = -2.5
    return theta


@pytest.mark.parametrize("hill", [True, False])
@pytest.mark.parametrize("delayed", [GEOMETRIC, MIXED, (True,) * 4])
@pytest.mark.parametrize("growth", [0.0, 1.0])
def test_the_gradient_is_the_slope_of_the_density(delayed: tuple[bool, ...], hill: bool, growth: float) -> None:
    design = designed(delayed, hill, growth=growth)
    theta = somewhere(design)
    _value, gradient = design.density(theta)
    steps = np.eye(design.size) * 1e-6
    slopes = [(design.density(theta + s)[0] - design.density(theta - s)[0]) / 2e-6 for s in steps]
    assert np.abs(gradient - slopes).max() < 1e-6 * np.abs(gradient).max()


def test_the_density_is_finite_where_a_retention_is_all_but_nothing() -> None:
    design = designed(GEOMETRIC, True)
    theta = somewhere(design)
    theta[2] = -800.0
    value, gradient = design.density(theta)
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize(
    ("delayed", "hill"),
    [(MIXED, True), pytest.param(GEOMETRIC, True, marks=pytest.mark.slow),
     pytest.param(GEOMETRIC, False, marks=pytest.mark.slow)],
)  # fmt: skip
def test_the_density_is_that_of_pymc_marketing(delayed: tuple[bool, ...], hill: bool) -> None:
    """With the linear terms given: ours, times their conditional density, is the library's joint density."""
    from analytics.mix.library import library_model

    design = designed(delayed, hill)
    theta = somewhere(design)
    terms = 0.1 * np.random.default_rng(5).standard_normal(design.linear.shape[1])
    model = library_model(design).model
    point = _point(design, theta, terms, {rv.name: model.rvs_to_values[rv].name for rv in model.free_RVs})
    theirs = float(model.compile_logp(mode="FAST_COMPILE")(point))
    assert theirs == pytest.approx(design.density(theta)[0] + _conditional(design, theta, terms), abs=1e-8)


def _point(design: Design, theta: Array, terms: Array, names: dict[str, str]) -> dict[str, Array]:
    """A point in the library's unconstrained parameters."""
    blocks = theta[2:].reshape(-1, 5)
    plain = [design.terms.index(n) for n in design.terms if n != "baseline" and not n.startswith("season")]
    season = [design.terms.index(f"season {wave} {k}") for wave in ("sin", "cos") for k in (1, 2)]
    values = {
        "intercept_contribution": terms[0] + 0.5, "gamma_control": terms[plain], "gamma_fourier": terms[season],
        "saturation_beta": blocks[:, 4], "saturation_kappa": blocks[:, 2], "saturation_lam": blocks[:, 2],
        "saturation_slope": blocks[:, 3], "adstock_alpha": blocks[:, 0], "adstock_theta": blocks[:, 1],
        "y_sigma": theta[0], "saturation_beta_mu": theta[1],
    }  # fmt: skip
    return {names[name]: np.asarray(values[name]) for name in names}


def _conditional(design: Design, theta: Array, terms: Array) -> float:
    """Log density of the linear terms given the rest, less the priors of parameters only one of the two has."""
    rows, variance = slice(0, design.rows), np.exp(2 * theta[0])
    media = Curves.of(theta[None], design).contributions(design.series.spend).sum(axis=2)[0] / design.sales_scale
    known = design.linear[rows]
    precision = known.T @ known / variance + np.diag(1 / design.ridge)
    away = terms - np.linalg.solve(precision, known.T @ (design.target - media)[rows] / variance)
    inside = -0.5 * away @ precision @ away + 0.5 * np.linalg.slogdet(precision)[1]
    found = float(inside - 0.5 * len(terms) * np.log(2 * np.pi))
    for place, name in enumerate(design.names()):
        if name is None:
            found += 0.5 * theta[place] ** 2 + 0.5 * np.log(2 * np.pi)
    if any(design.shape.delayed):  # the library has a θ for every channel
        for place, delayed in enumerate(design.shape.delayed):
            z = (theta[2 + 5 * place + 1] - np.log(1.35)) / 0.7
            found += 0.0 if delayed else -0.5 * z * z - np.log(0.7) - 0.5 * np.log(2 * np.pi)
    return found


def test_weeks_held_out_tell_nothing() -> None:
    """The density of a design with weeks held out is that of the weeks before alone."""
    series = steady(80)
    held = Design.of(series, Shape.alike(2), held_out=13)
    short = Design.of(series.before(13), Shape.alike(2))
    assert held.density(somewhere(held))[0] == pytest.approx(short.density(somewhere(short))[0], abs=1e-9)


def test_a_wider_prior_is_wider_about_what_channels_bring_and_nothing_else() -> None:
    from scipy.stats import norm

    series = steady(80)
    plain, wide = (Design.of(series, Shape.alike(2), wider=wider) for wider in (1.0, 2.0))
    theta = somewhere(plain)
    returns = theta[[6, 11]]
    told = [
        norm.logpdf(theta[1], 0, 1.0 * wider) + norm.logpdf(returns, theta[1], 0.5 * wider).sum()
        for wider in (1.0, 2.0)
    ]
    assert wide.density(theta)[0] - plain.density(theta)[0] == pytest.approx(told[1] - told[0], abs=1e-9)


def test_a_season_has_as_many_waves_as_it_is_given() -> None:
    series = steady(80)
    for waves in (0, 1, 4):
        terms = Design.of(series, Shape.alike(2), harmonics=waves).terms
        assert sum(term.startswith("season") for term in terms) == 2 * waves
