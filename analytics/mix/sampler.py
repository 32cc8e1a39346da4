"""Draws of the posterior: by NUTS (nutpie), or by Laplace's approximation for a preview and for choosing a shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from analytics.mix import density
from analytics.mix.density import NORMAL
from analytics.mix.model import Design

__all__ = ["Draws", "Laplace", "Sampling", "laplace", "library_notices", "sample"]

Array = NDArray[np.float64]
STARTS = 4
FARTHEST = 2000  # iterations of the search for the mode
STEP = 1e-4
FLATTEST = 1e-6


@dataclass(frozen=True, slots=True)
class Sampling:
    """How draws are taken: chains × draws after `tune`; accept is NUTS's target."""

    chains: int = 2
    tune: int = 1_000
    draws: int = 1_000
    accept: float = 0.9
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Draws:
    """Draws (draws, parameters) of the unconstrained parameters, and how they came about.

    divergences, r_hat and ess (the worst over parameters in use, rank-normalised: Vehtari et al. 2021) are None of a
    Laplace approximation.
    """

    theta: Array
    method: Literal["nuts", "laplace"]
    divergences: int | None = None
    r_hat: float | None = None
    ess: float | None = None


@dataclass(frozen=True, slots=True)
class Laplace:
    """The mode, the covariance there, and the log evidence of the approximation."""

    mode: Array
    covariance: Array
    evidence: float

    def draws(self, count: int, seed: int) -> Draws:
        """Normal draws around the mode, in the unconstrained space."""
        rng = np.random.default_rng(seed)
        theta = rng.multivariate_normal(self.mode, self.covariance, size=count, method="eigh")
        return Draws(theta, "laplace")


def sample(design: Design, how: Sampling, progress: Callable[[float], None] = lambda _share: None) -> Draws:
    """Draw by NUTS from the posterior of `design`, one chain after the other."""
    with library_notices():
        import nutpie
        from nutpie.compiled_pyfunc import from_pyfunc

        model = from_pyfunc(
            design.size,
            lambda: _evaluate(design),
            lambda _seed, _other, _chain: lambda theta: {"theta": np.asarray(theta)},
            [np.dtype("float64")],
            [(design.size,)],
            ["theta"],
        )
        chains = []
        for chain in range(how.chains):
            progress(chain / how.chains)
            trace = nutpie.sample(
                model, draws=how.draws, tune=how.tune, chains=1, cores=1, seed=how.seed + 7919 * chain,
                target_accept=how.accept, save_warmup=False, progress_bar=False,
            )  # fmt: skip
            chains.append((trace.posterior["theta"].values[0], int(trace.sample_stats["diverging"].sum())))
    theta = np.stack([draws for draws, _count in chains])
    used = [place for place, name in enumerate(design.names()) if name]
    r_hat, ess = _agreement(theta[:, :, used])
    flat = theta.reshape(-1, design.size)
    return Draws(flat, "nuts", sum(count for _draws, count in chains), r_hat, ess)


def _evaluate(design: Design) -> Callable[[Array], tuple[float, Array]]:
    arguments = design.arguments()
    size = design.size

    def evaluated(theta: Array) -> tuple[float, Array]:
        gradient = np.empty(size)
        return density.log_density(theta, gradient, *arguments), gradient

    return evaluated


def _agreement(theta: Array) -> tuple[float, float]:
    """Worst R-hat and effective sample size of draws (chains, draws, parameters)."""
    with library_notices():
        import arviz

        measure: Any = arviz  # without types
        data = measure.convert_to_dataset({"theta": theta})
        return float(measure.rhat(data)["theta"].max()), float(measure.ess(data)["theta"].min())


def laplace(design: Design, seed: int = 0) -> Laplace:
    """The posterior as a normal around its mode, the best of several starts.

    Source: MacKay 2003, "Information Theory, Inference, and Learning Algorithms", chapter 27.
    """
    from scipy.optimize import minimize

    evaluated = _evaluate(design)

    def downhill(theta: Array) -> tuple[float, Array]:
        value, gradient = evaluated(theta)
        return (-value, -gradient) if np.isfinite(value) else (1e12, np.zeros_like(theta))

    rng = np.random.default_rng(seed)
    centre = np.where(design.priors[:, 0] == NORMAL, design.priors[:, 1], -1.0)
    centre[0] = -3.0
    starts = [centre + (0.5 * rng.standard_normal(design.size) if i else 0.0) for i in range(STARTS)]
    found = [minimize(downhill, s, jac=True, method="L-BFGS-B", options={"maxiter": FARTHEST}) for s in starts]
    best = min(found, key=lambda result: float(result.fun))
    mode = np.asarray(best.x, dtype=np.float64)
    covariance, determinant = _curvature(evaluated, mode)
    evidence = -float(best.fun) + 0.5 * mode.size * np.log(2 * np.pi) + 0.5 * determinant
    return Laplace(mode, covariance, float(evidence))


def _curvature(evaluated: Callable[[Array], tuple[float, Array]], mode: Array) -> tuple[Array, float]:
    """Covariance at the mode, and its log determinant; directions without curvature keep a wide one."""
    steps = np.eye(mode.size) * STEP
    hessian = np.stack([(evaluated(mode - s)[1] - evaluated(mode + s)[1]) / (2 * STEP) for s in steps])
    values, vectors = np.linalg.eigh((hessian + hessian.T) / 2)
    variances = 1.0 / np.maximum(values, max(FLATTEST, 0.05))
    return (vectors * variances) @ vectors.T, float(np.log(variances).sum())


@contextmanager
def library_notices() -> Iterator[None]:
    """Keep the libraries' notices of coming changes from their users' users; other warnings pass."""
    import warnings

    with warnings.catch_warnings():
        for category in (FutureWarning, DeprecationWarning):
            warnings.filterwarnings("ignore", category=category)
        warnings.filterwarnings("ignore", message="PyTensor could not link", category=UserWarning)
        yield
