"""Value models fitted: ours against pymc-marketing's MAP (and lifetimes where it can be imported), in one call.

    python benchmarks/value.py [--customers 20000 100000] [--seed 1]

Each contestant fits BG/NBD and Gamma-Gamma to the same customers of a simulated world (whole days, as weeks) in a
process of its own, after a fit to 500 customers that pays for imports and compilation. Time is processor time of the
quickest of three fits, with the wall clock beside it; peak memory is the process's. All are judged by one ruler, the
likelihoods of the papers written out plainly here: `short` is how far a contestant's parameters lie below the best log-
likelihood seen, relative to it. The best is over all contestants and a restart of a general optimiser from a random
point. Linear algebra has one thread in every process: more of them only wait for each other on vectors this short.
pymc-marketing's MAP has its default priors and so aims elsewhere; lifetimes is fitted without a penalty.
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import os
import resource
import time
import warnings
from collections.abc import Callable

import numpy as np
import polars as pl
from scipy.optimize import minimize
from scipy.special import betaln, gammaln

from analytics.value.bgnbd import BetaGeo
from analytics.value.gamma_gamma import GammaGamma

Array = np.ndarray
Fit = Callable[[pl.DataFrame], tuple[float, ...]]
R, ALPHA, A, B = 0.25, 4.5, 0.8, 2.4
P, Q, V = 6.0, 4.0, 15.0


def histories(customers: int, seed: int) -> pl.DataFrame:
    """Customers of a BG/NBD and Gamma-Gamma world: customer_id, frequency, recency, T (weeks), monetary_value."""
    rng = np.random.default_rng(seed)
    rate = np.maximum(rng.gamma(R, size=customers) / ALPHA, 1e-12)
    drop = rng.beta(A, B, size=customers)
    length = np.round(rng.uniform(20, 60, customers) * 7) / 7
    x, t_x = np.zeros(customers), np.zeros(customers)
    at = rng.exponential(1 / rate)
    while (buys := at < length).any():
        x[buys], t_x[buys] = x[buys] + 1, at[buys]
        stays = buys & (rng.random(customers) >= drop)
        at = np.where(stays, at + rng.exponential(1 / rate), np.inf)
    t_x = np.minimum(np.where(x > 0, np.ceil(t_x * 7) / 7, 0.0), length)
    spent = rng.gamma(P * np.maximum(x, 1)) / (rng.gamma(Q, size=customers) / V)
    columns = {"customer_id": np.arange(customers), "frequency": x, "recency": t_x, "T": length}
    return pl.DataFrame({**columns, "monetary_value": np.where(x > 0, spent / np.maximum(x, 1), 0.0)})


def our_purchases(data: pl.DataFrame) -> tuple[float, ...]:
    return tuple(BetaGeo.fit(data["frequency"], data["recency"], data["T"]).parameters.values())


def our_spend(data: pl.DataFrame) -> tuple[float, ...]:
    return tuple(GammaGamma.fit(data["frequency"], data["monetary_value"]).parameters.values())


def pymc_purchases(data: pl.DataFrame) -> tuple[float, ...]:
    from pymc_marketing import clv

    model = clv.BetaGeoModel(data=data.drop("monetary_value").to_pandas())
    return _mode(model, ("r", "alpha", "a", "b"))


def pymc_spend(data: pl.DataFrame) -> tuple[float, ...]:
    from pymc_marketing import clv

    repeat = data.filter(pl.col("frequency") > 0).select("customer_id", "frequency", "monetary_value")
    return _mode(clv.GammaGammaModel(data=repeat.to_pandas()), ("p", "q", "v"))


def _mode(model, names: tuple[str, ...]) -> tuple[float, ...]:  # type: ignore[no-untyped-def]
    model.build_model()
    model.fit(method="map", progressbar=False)
    return tuple(float(model.fit_result[name].values.ravel()[0]) for name in names)


def lifetimes_purchases(data: pl.DataFrame) -> tuple[float, ...]:
    from lifetimes import BetaGeoFitter  # type: ignore[import-not-found]

    fitter = BetaGeoFitter().fit(*(data[name].to_numpy() for name in ("frequency", "recency", "T")))
    return tuple(float(fitter.params_[name]) for name in ("r", "alpha", "a", "b"))


def lifetimes_spend(data: pl.DataFrame) -> tuple[float, ...]:
    from lifetimes import GammaGammaFitter

    repeat = data.filter(pl.col("frequency") > 0)
    fitter = GammaGammaFitter().fit(repeat["frequency"].to_numpy(), repeat["monetary_value"].to_numpy())
    return tuple(float(fitter.params_[name]) for name in ("p", "q", "v"))


def contest(fits: tuple[Fit, Fit], customers: int, seed: int) -> dict[str, tuple[float, ...]]:
    """Both fits in this process: processor and wall seconds of each, parameters, peak memory (GB)."""
    warnings.simplefilter("ignore")
    small, data = histories(500, seed), histories(customers, seed)
    found: dict[str, tuple[float, ...]] = {}
    for name, fit in zip(("purchases", "spend"), fits, strict=True):
        fit(small)
        took = []
        for _ in range(3):  # what else the machine does only ever adds
            processor, wall = time.process_time(), time.perf_counter()
            found[name] = fit(data)
            took.append((time.process_time() - processor, time.perf_counter() - wall))
        found[f"{name} seconds"] = min(took)
    found["gigabytes"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,)
    return found


def purchases_ruler(data: pl.DataFrame) -> Callable[[Array], float]:
    """BG/NBD log-likelihood by log parameters: equation 6 of Fader, Hardie & Lee 2005, over the distinct histories."""
    rows = data.group_by("frequency", "recency", "T", maintain_order=True).len()
    x, t_x, t, count = rows.to_numpy().astype(np.float64).T

    def value(theta: Array) -> float:
        r, alpha, a, b = np.exp(theta)
        front = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        alive = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + t)
        gone = betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b) - (r + x) * np.log(alpha + t_x)
        return float(count @ (front + np.logaddexp(alive, np.where(x > 0, gone, -np.inf))))

    return value


def spend_ruler(data: pl.DataFrame) -> Callable[[Array], float]:
    """Gamma-Gamma log-likelihood by log parameters: equation 1a of Fader & Hardie 2013."""
    x, z = data.filter(pl.col("frequency") > 0).select("frequency", "monetary_value").to_numpy().T

    def value(theta: Array) -> float:
        p, q, v = np.exp(theta)
        one = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v)
        return float(np.sum(one + (p * x - 1) * np.log(z) + p * x * np.log(x) - (p * x + q) * np.log(x * z + v)))

    return value


def restarted(ruler: Callable[[Array], float], size: int, seed: int) -> tuple[float, ...]:
    """Where Nelder-Mead, then BFGS with numerical slopes, end from a random point."""
    start = np.random.default_rng(seed).normal(0.5, 1.0, size)
    scale = abs(ruler(start))
    rough = minimize(lambda theta: -ruler(theta) / scale, start, method="Nelder-Mead", options={"maxfev": 150 * size})
    fine = minimize(lambda theta: -ruler(theta) / scale, rough.x, method="BFGS", options={"gtol": 1e-9})
    return tuple(float(value) for value in np.exp(fine.x))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, nargs="+", default=[20_000, 100_000])
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    rivals: dict[str, tuple[Fit, Fit]] = {"ours": (our_purchases, our_spend)}
    if importlib.util.find_spec("lifetimes"):
        rivals["lifetimes"] = (lifetimes_purchases, lifetimes_spend)
    else:
        print("lifetimes cannot be imported: left out")
    rivals["pymc-marketing MAP"] = (pymc_purchases, pymc_spend)
    titles = ("customers", "contestant", "BG/NBD s", "GG s", "wall s", "× ours", "short BG", "short GG", "GB")
    print("{:>10} {:<18} {:>9} {:>8} {:>8} {:>7} {:>9} {:>9} {:>6}  parameters".format(*titles))
    for customers in asked.customers:
        compare(rivals, customers, asked.seed)


def compare(rivals: dict[str, tuple[Fit, Fit]], customers: int, seed: int) -> None:
    """Run everybody on so many customers and print their rows."""
    found = {}
    for name, fits in rivals.items():
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            found[name] = pool.apply(contest, (fits, customers, seed))
    data = histories(customers, seed)
    rulers = {"purchases": purchases_ruler(data), "spend": spend_ruler(data)}
    again = {name: restarted(ruler, len(found["ours"][name]), seed) for name, ruler in rulers.items()}
    heights = {
        (who, name): ruler(np.log(places[name]))
        for who, places in {**found, "restart": again}.items()
        for name, ruler in rulers.items()
    }
    best = {name: max(height for (_, of), height in heights.items() if of == name) for name in rulers}
    short = {key: (best[key[1]] - height) / abs(best[key[1]]) for key, height in heights.items()}
    ours = sum(found["ours"][f"{name} seconds"][0] for name in rulers)
    for who, r in found.items():
        spent = [r[f"{name} seconds"] for name in rulers]
        listed = " ".join(f"{value:.4f}" for name in rulers for value in r[name])
        print(
            f"{customers:>10,} {who:<18} {spent[0][0]:>9.3f} {spent[1][0]:>8.3f} {spent[0][1] + spent[1][1]:>8.3f} "
            f"{(spent[0][0] + spent[1][0]) / ours:>7.1f} {short[who, 'purchases']:>9.1e} {short[who, 'spend']:>9.1e} "
            f"{r['gigabytes'][0]:>6.2f}  {listed}",
            flush=True,
        )
    print(
        f"{'':>10} restart {'':>38} {short['restart', 'purchases']:>9.1e} {short['restart', 'spend']:>9.1e}", flush=True
    )


if __name__ == "__main__":
    main()
