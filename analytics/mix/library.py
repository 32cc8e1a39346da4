"""pymc-marketing's marketing mix model of the same design: the one place that knows the library.

It is what density.py is held to and what the benchmark is run against; `library_fit` takes its posterior for whoever
wants the reference in place of the fast path. Written to 0.19 (`mmm.multidimensional.MMM`); 1.x renames it
`mmm.MMM`. A sub-class without a `lookup_name` of its own is not registered, so making it twice is no error.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.mix.density import BLOCK, HEAD, POWER, RATE
from analytics.mix.model import (
    CENTRE,
    NOISE,
    RETENTION,
    SEASON,
    STEEPNESS,
    WAIT,
    Design,
)
from analytics.mix.sampler import Sampling, library_notices
from core.errors import FixArguments

__all__ = ["library_contributions", "library_fit", "library_model"]

Array = NDArray[np.float64]
OUTPUT = "y"


def library_model(design: Design) -> Any:
    """The library's MMM with our priors, built on the weeks of `design` that are fitted; its lift tests added.

    Errors: FixArguments where channels have different curves, which the library cannot express.
    """
    if len(set(design.shape.hill)) > 1:
        raise FixArguments("The library's model has one kind of saturation for all channels.")
    with library_notices():
        from pymc_extras.prior import Prior
        from pymc_marketing.mmm.multidimensional import MMM

        channels = list(design.series.channels)
        plain = [name for name in design.terms if name != "baseline" and not name.startswith("season")]
        model = MMM(
            date_column="date", channel_columns=channels, target_column=OUTPUT, control_columns=plain or None,
            adstock=_adstock(design), saturation=_saturation(design), yearly_seasonality=design.harmonics or None,
            model_config=_priors(design, plain, Prior),
        )  # fmt: skip
        frame = _frame(design, plain)
        model.build_model(frame, pd.Series(design.series.sales[: design.rows], name=OUTPUT))
        if len(design.lifts):
            _add_lifts(model, design)
    return model


def library_fit(
    design: Design, how: Sampling, *, cores: int = 1, sampler: str = "pymc", accept: float | None = None
) -> Any:
    """The library's model with draws of its posterior in `idata`; accept: NUTS's target, the sampler's own if None."""
    target = {} if accept is None else {"target_accept": accept}
    model = library_model(design)
    with library_notices():
        model.fit(
            _frame(design, list(model.control_columns or [])),
            pd.Series(design.series.sales[: design.rows], name=OUTPUT),
            chains=how.chains, tune=how.tune, draws=how.draws, cores=cores, random_seed=how.seed,
            nuts_sampler=sampler, progressbar=False, **target,
        )  # fmt: skip
    return model


def library_contributions(model: Any, design: Design) -> Array:
    """What each channel brought over the fitted weeks (draws, channels), money."""
    scaled = model.idata.posterior["channel_contribution"].transpose("chain", "draw", "date", "channel").values
    return np.asarray(scaled.sum(axis=2).reshape(-1, scaled.shape[-1]) * design.sales_scale, dtype=np.float64)


def _frame(design: Design, plain: list[str]) -> pd.DataFrame:
    kept = slice(0, design.rows)
    frame = pd.DataFrame({"date": pd.to_datetime(list(design.series.weeks[kept]))})
    for place, name in enumerate(design.series.channels):
        frame[name] = design.series.spend[kept, place]
    for name in plain:
        frame[name] = design.linear[kept, design.terms.index(name)]
    return frame


def _priors(design: Design, plain: list[str], prior: Any) -> dict[str, Any]:
    deviations = np.sqrt(design.ridge)
    found = {
        "intercept": prior("Normal", mu=CENTRE, sigma=float(deviations[0])),
        "likelihood": prior("Normal", sigma=prior("HalfNormal", sigma=NOISE), dims="date"),
        "gamma_fourier": prior("Normal", mu=0, sigma=SEASON, dims="fourier_mode"),
    }
    if plain:
        places = [design.terms.index(name) for name in plain]
        found["gamma_control"] = prior("Normal", mu=0, sigma=_along("control", deviations[places]), dims="control")
    return found


def _along(dim: str, values: Any) -> Any:
    """Figures with the name of their dimension, as the library wants arrays."""
    from xarray import DataArray

    return DataArray(np.asarray(values, dtype=np.float64), dims=(dim,))


def _adstock(design: Design) -> Any:
    """The library's geometric or delayed adstock; a switch between them where channels differ."""
    from pymc_extras.prior import Prior
    from pymc_marketing.mmm import DelayedAdstock, GeometricAdstock

    alpha = Prior("Beta", alpha=RETENTION[0], beta=RETENTION[1], dims="channel")
    lags = design.shape.lags
    if not any(design.shape.delayed):
        return GeometricAdstock(l_max=lags, priors={"alpha": alpha})
    switch = np.array(design.shape.delayed, dtype=np.float64)
    geometric = GeometricAdstock(l_max=lags)

    class Switched(DelayedAdstock):  # type: ignore[misc]
        def function(self, x: Any, alpha: Any, theta: Any, *, dim: str) -> Any:
            from pytensor.xtensor import as_xtensor

            late = as_xtensor(switch, dims=("channel",))
            delayed = super().function(x, alpha, theta, dim=dim)
            return late * delayed + (1 - late) * geometric.function(x, alpha, dim=dim)

    theta = Prior("LogNormal", mu=WAIT[0], sigma=WAIT[1], dims="channel")
    return Switched(l_max=lags, priors={"alpha": alpha, "theta": theta})


def _saturation(design: Design) -> Any:
    """The library's curve times the scale at which ρ = 1."""
    from pymc_extras.prior import Prior
    from pymc_marketing.mmm import HillSaturation, LogisticSaturation

    centres = [float(design.priors[HEAD + BLOCK * c + RATE, 1]) for c in range(len(design.scale))]
    spread = float(design.priors[HEAD + RATE, 2])
    rate = Prior("LogNormal", mu=_along("channel", centres), sigma=spread, dims="channel")
    beta = Prior(
        "LogNormal", mu=Prior("Normal", mu=0, sigma=float(design.priors[1, 2])), sigma=design.spread, dims="channel"
    )
    scale = design.scale

    def scaled(value: Any, x: Any) -> Any:
        from pytensor.xtensor import as_xtensor

        return as_xtensor(scale, dims=("channel",)) * value if "channel" in getattr(x, "dims", ()) else value

    class Logistic(LogisticSaturation):  # type: ignore[misc]
        def function(self, x: Any, lam: Any, beta: Any, *, dim: str | None = None) -> Any:
            return scaled(super().function(x, lam, beta), x)

    class Hill(HillSaturation):  # type: ignore[misc]
        def function(self, x: Any, slope: Any, kappa: Any, beta: Any, *, dim: str | None = None) -> Any:
            return scaled(super().function(x, slope, kappa, beta), x)

    if design.shape.hill[0]:
        slope = Prior("LogNormal", mu=float(design.priors[HEAD + POWER, 1]), sigma=STEEPNESS, dims="channel")
        return Hill(priors={"slope": slope, "kappa": rate, "beta": beta})
    return Logistic(priors={"lam": rate, "beta": beta})


def _add_lifts(model: Any, design: Design) -> None:
    """Normal around the rise of the curve; the library's own way takes no falls and no effects of nothing."""
    import pymc as pm

    rows = design.lifts
    with model.model:
        named = model.model.named_vars
        place = rows[:, 0].astype(int)
        beta = design.scale[place] * named["saturation_beta"].values[place]

        def curve(x: Array) -> Any:
            if not design.shape.hill[0]:
                return pm.math.tanh(0.5 * named["saturation_lam"].values[place] * x)
            slope, kappa = named["saturation_slope"].values[place], named["saturation_kappa"].values[place]
            return x**slope / (x**slope + kappa**slope)

        rise = beta * (curve(rows[:, 1] + rows[:, 2]) - curve(rows[:, 1]))
        pm.Normal("lift_tests", mu=rise, sigma=rows[:, 4], observed=rows[:, 3])
