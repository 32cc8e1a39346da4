"""BG/NBD fit: ours against pymc-marketing's MAP (and lifetimes where it is installed), in one run.

    python benchmarks/value.py [--customers 2000 20000] [--seed 1]

Prints seconds, ratio to ours and the parameters found; planted r 0.25, α 4.5, a 0.8, b 2.4 (weeks). pymc-marketing's
first fit compiles: its warm time is of a second fit. Its default priors differ from plain maximum likelihood.
"""

from __future__ import annotations

import argparse
import importlib.util
import time
import warnings
from collections.abc import Callable

import numpy as np
import polars as pl

from analytics.value.bgnbd import BetaGeo

Fit = Callable[[pl.DataFrame], dict[str, float]]
PLANTED = {"r": 0.25, "alpha": 4.5, "a": 0.8, "b": 2.4}


def histories(customers: int, seed: int) -> pl.DataFrame:
    """Customers of a BG/NBD world: customer_id, frequency, recency, T (whole days as weeks)."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(PLANTED["r"], size=customers) / PLANTED["alpha"]
    drop = rng.beta(PLANTED["a"], PLANTED["b"], size=customers)
    length = np.round(rng.uniform(20, 60, customers) * 7) / 7
    x, t_x = np.zeros(customers), np.zeros(customers)
    at = rng.exponential(1 / np.maximum(rate, 1e-12))
    while (buys := at < length).any():
        x[buys], t_x[buys] = x[buys] + 1, at[buys]
        stays = buys & (rng.random(customers) >= drop)
        at = np.where(stays, at + rng.exponential(1 / np.maximum(rate, 1e-12)), np.inf)
    t_x = np.minimum(np.where(x > 0, np.ceil(t_x * 7) / 7, 0.0), length)
    return pl.DataFrame({"customer_id": np.arange(customers), "frequency": x, "recency": t_x, "T": length})


def ours(data: pl.DataFrame) -> dict[str, float]:
    return BetaGeo.fit(data["frequency"], data["recency"], data["T"]).parameters


def pymc_map(data: pl.DataFrame) -> dict[str, float]:
    from pymc_marketing import clv

    model = clv.BetaGeoModel(data=data.to_pandas())
    model.build_model()
    model.fit(method="map", progressbar=False)
    return {name: float(model.fit_result[name].values.ravel()[0]) for name in PLANTED}


def lifetimes_fit(data: pl.DataFrame) -> dict[str, float]:
    from lifetimes import BetaGeoFitter  # type: ignore[import-not-found]

    fitter = BetaGeoFitter()
    fitter.fit(data["frequency"].to_numpy(), data["recency"].to_numpy(), data["T"].to_numpy())
    return {name: float(fitter.params_[name]) for name in PLANTED}


def seconds(fit: Fit, data: pl.DataFrame) -> tuple[float, dict[str, float]]:
    begin = time.perf_counter()
    found = fit(data)
    return time.perf_counter() - begin, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, nargs="+", default=[2_000, 20_000])
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    rivals: dict[str, Fit] = {"ours": ours, "pymc-marketing MAP": pymc_map}
    if importlib.util.find_spec("lifetimes"):
        rivals["lifetimes"] = lifetimes_fit
    else:
        print("lifetimes is not installed: left out")
    warm = histories(500, asked.seed)
    for name, fit in rivals.items():
        print(f"first fit of {name} (500 customers, imports and compilation included): {seconds(fit, warm)[0]:.2f} s")
    print(f"\n{'customers':>10} {'fit':<20} {'seconds':>9} {'× ours':>8}  parameters")
    for customers in asked.customers:
        data = histories(customers, asked.seed)
        base = 0.0
        for name, fit in rivals.items():
            took, found = seconds(fit, data)
            base = base or took
            listed = " ".join(f"{key} {value:.3f}" for key, value in found.items())
            print(f"{customers:>10,} {name:<20} {took:>9.3f} {took / base:>8.1f}  {listed}")


if __name__ == "__main__":
    main()
