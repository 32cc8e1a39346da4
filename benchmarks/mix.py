"""The marketing mix model against pymc-marketing's default sampler, and the budget against its optimiser.

    python -m benchmarks.mix [--weeks 104] [--channels 5] [--draws 1000] [--skip-budget]

Both fit the same posterior (a test holds the densities equal), two chains on as many cores. Printed: wall time, imports
and compilation included; the worst effective sample size over the channels' contributions; how far the contributions'
means lie apart in posterior standard deviations, also from the library's model sampled with care by nutpie (its default
sampler may not converge); and of the budget over those draws, time and how far the allocations differ.
"""

from __future__ import annotations

import argparse
import time
import warnings
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analytics.budget.optimiser import Bounds, best_for_total
from analytics.budget.response import Response
from analytics.mix.library import library_contributions, library_fit
from analytics.mix.model import Design, Shape
from analytics.mix.posterior import Curves, Posterior
from analytics.mix.sampler import Sampling, sample
from analytics.mix.series import Series


def simulated(weeks: int, channels: int, seed: int = 0) -> Series:
    """Weeks of spend with flights, and sales by geometric adstock and a Hill curve, with season and noise."""
    rng = np.random.default_rng(seed)
    t = np.arange(weeks)
    sales = 1000 + 120 * np.sin(2 * np.pi * t / 52.18) + 0.6 * t + rng.normal(0, 35, weeks)
    spend = {}
    for c in range(channels):
        x = rng.gamma(3, 15, weeks) * (rng.random(weeks) < rng.uniform(0.6, 1.0))
        kernel = rng.uniform(0.1, 0.6) ** np.arange(8)
        stock = np.convolve(x, kernel / kernel.sum())[:weeks]
        sales += rng.uniform(60, 160) * stock / (stock + rng.uniform(30, 70))
        spend[f"channel {c + 1}"] = x
    return Series.of([date(2023, 1, 2) + timedelta(7 * int(i)) for i in t], sales, spend)


def ess(contributions: Any, chains: int) -> float:
    """Worst effective sample size over the channels."""
    import arviz

    shaped = contributions.reshape(chains, -1, contributions.shape[1])
    return float(arviz.ess(arviz.convert_to_dataset({"c": shaped}))["c"].min())


def budget(design: Design, model: Any) -> None:
    """Both optimisers over the library's draws: the same total, half to one and a half times today, even weeks."""
    from pymc_marketing.mmm.multidimensional import MultiDimensionalBudgetOptimizerWrapper

    series = design.series
    channels, today = list(series.channels), series.spend[-13:].mean(axis=0)
    horizon = 26
    start = pd.Timestamp(series.weeks[-1]) + pd.Timedelta(weeks=1)
    wrapper = MultiDimensionalBudgetOptimizerWrapper(
        model=model, start_date=str(start.date()), end_date=str((start + pd.Timedelta(weeks=horizon - 1)).date())
    )
    import xarray

    bounds = xarray.DataArray(
        np.stack([today * 0.5, today * 1.5], axis=1), dims=("channel", "bound"),
        coords={"channel": channels, "bound": ["lower", "upper"]},
    )  # fmt: skip
    times = []
    for _ in range(2):
        began = time.perf_counter()
        theirs, _result = wrapper.optimize_budget(budget=float(today.sum()), budget_bounds=bounds)
        times.append(time.perf_counter() - began)
    curves = library_curves(design, model)
    began = time.perf_counter()
    response = Response.of(curves, series.spend, recent=13, even=True)
    found = best_for_total(response, float(today.sum()), Bounds.around(today, 0.5, 0.5))
    own = time.perf_counter() - began
    their = np.asarray(theirs.sel(channel=channels).values)
    apart = np.abs(found - their).sum() / 2 / today.sum()
    worth = [response.with_slope(level)[0].sum() for level in (found, their)]
    print(f"budget over {len(curves.beta)} draws    library {times[0]:.2f} s first, {times[1]:.2f} s again"
          f"    ours {own:.3f} s    ratio {times[1] / own:.0f}x")  # fmt: skip
    print(f"  allocations differ by {apart:.2%} of the total; sales by ours over theirs {worth[0] / worth[1]:.5f}")


def told(model: Any, design: Design, ours: Any, seconds: float, own: float) -> None:
    """What the library's default sampler took and found."""
    theirs = library_contributions(model, design)
    diverged = int(model.idata.sample_stats["diverging"].sum())
    print(f"pymc-marketing        {seconds:7.1f} s   ESS {ess(theirs, 2):6.0f}   divergences {diverged}")
    print(f"time ratio ours / library {own / seconds:.3f}   contributions apart by {apart(ours, theirs):.3f} sd")


def apart(ours: Any, theirs: Any) -> float:
    """How far the means of contributions lie apart at most, in posterior standard deviations."""
    spread = np.sqrt((ours.var(axis=0) + theirs.var(axis=0)) / 2)
    return float((np.abs(ours.mean(axis=0) - theirs.mean(axis=0)) / spread).max())


def library_curves(design: Design, model: Any) -> Curves:
    """The library's draws as our curves."""
    draws = model.idata.posterior.stack(sample=("chain", "draw"))

    def of(name: str) -> Any:
        return draws[name].transpose("sample", "channel").values

    beta = of("saturation_beta") * design.scale * design.sales_scale
    alpha = of("adstock_alpha")
    return Curves(
        alpha, np.zeros_like(alpha), of("saturation_kappa"), of("saturation_slope"), beta, design.spend_scale,
        design.shape.delayed, design.shape.hill, design.shape.lags,
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=104)
    parser.add_argument("--channels", type=int, default=5)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--skip-budget", action="store_true")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    design = Design.of(simulated(given.weeks, given.channels), Shape.alike(given.channels))
    began = time.perf_counter()
    how = Sampling(chains=2, tune=1000, draws=given.draws)
    draws = sample(design, Sampling(chains=2, tune=1000, draws=int(1.5 * given.draws)))
    ours = Posterior(design, draws).curves.contributions(design.series.spend).sum(axis=1)
    own = time.perf_counter() - began
    print(f"{given.weeks} weeks x {given.channels} channels")
    print(f"ours                  {own:7.1f} s   ESS {ess(ours, 2):6.0f}   divergences {draws.divergences}", flush=True)
    began = time.perf_counter()
    try:
        model = library_fit(design, how, cores=2)
    except Exception as error:  # noqa: BLE001 - whatever stops it is what there is to report
        print(f"pymc-marketing        stopped after {time.perf_counter() - began:.1f} s: {str(error).splitlines()[0]}")
    else:
        told(model, design, ours, time.perf_counter() - began, own)
    began = time.perf_counter()
    careful = library_fit(design, Sampling(chains=2, tune=1500, draws=2000), sampler="nutpie", accept=0.95)
    theirs = library_contributions(careful, design)
    diverged = int(careful.idata.sample_stats["diverging"].sum())
    spent = time.perf_counter() - began
    print(f"its model by nutpie   {spent:7.1f} s   ESS {ess(theirs, 2):6.0f}   divergences {diverged}"
          f"   contributions apart by {apart(ours, theirs):.3f} sd", flush=True)  # fmt: skip
    if not given.skip_budget:
        budget(design, careful)


if __name__ == "__main__":
    main()
