"""Maximum likelihood in log parameters, shared by the two customer-base models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["LogPrior", "log_covariance", "maximise"]

Array = NDArray[np.float64]
Objective = Callable[[Array], tuple[float, Array]]

BOUND = 14.0  # of log parameters, in the search
INNER = 6.5  # a ratio of e^6.5 (660) to the unit: beyond it the likelihood is flat and the optimum at its edge
LARGEST_SD = 2.0  # of a log parameter the data do not pin down; keeps draws finite, the interval wide


@dataclass(frozen=True, slots=True)
class LogPrior:
    """Independent normal priors on log parameters."""

    mean: tuple[float, ...]
    sd: tuple[float, ...]

    def shifted(self, shifts: dict[int, float]) -> LogPrior:
        """The prior after a change of unit: `shifts` adds to the mean at each index."""
        return LogPrior(tuple(m + shifts.get(i, 0.0) for i, m in enumerate(self.mean)), self.sd)

    def log_density(self, theta: Array) -> tuple[float, Array]:
        """Log density up to a constant, and its gradient."""
        distance = (theta - np.array(self.mean)) / np.array(self.sd)
        return float(-0.5 * distance @ distance), -distance / np.array(self.sd)


def maximise(objective: Objective, start: Array, prior: LogPrior | None) -> tuple[Array, bool]:
    """L-BFGS from `start`: the log parameters, and whether that is an inner maximum (near enough to `start`, flat)."""
    from scipy.optimize import minimize

    scale = 1.0 / max(1.0, abs(objective(start)[0]))

    def loss(theta: Array) -> tuple[float, Array]:
        value, slope = _posterior(objective, theta, prior)
        return -value * scale, -slope * scale

    bounds = [(-BOUND, BOUND)] * len(start)
    options = {"maxiter": 2000, "maxfun": 4000, "ftol": 1e-13, "gtol": 1e-8}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    theta = np.asarray(found.x, dtype=np.float64)
    inside = bool(np.all(np.abs(theta - start) < INNER))
    flat = bool(np.max(np.abs(loss(theta)[1])) < 1e-4)
    return theta, inside and flat


def log_covariance(objective: Objective, theta: Array, prior: LogPrior | None, step: float = 1e-4) -> Array:
    """Inverse of the observed information in the log parameters (central differences of the gradient).

    Directions the data leave open get a standard deviation of `LARGEST_SD`.
    """
    size = len(theta)
    information = np.empty((size, size))
    for i in range(size):
        shift = np.zeros(size)
        shift[i] = step
        up, down = (_posterior(objective, theta + sign * shift, prior)[1] for sign in (1.0, -1.0))
        information[i] = -(up - down) / (2.0 * step)
    values, vectors = np.linalg.eigh((information + information.T) / 2.0)
    variances = 1.0 / np.maximum(values, 1.0 / LARGEST_SD**2)
    return np.asarray((vectors * variances) @ vectors.T, dtype=np.float64)


def _posterior(objective: Objective, theta: Array, prior: LogPrior | None) -> tuple[float, Array]:
    value, slope = objective(theta)
    if prior is None:
        return value, slope
    extra, extra_slope = prior.log_density(theta)
    return value + extra, slope + extra_slope
