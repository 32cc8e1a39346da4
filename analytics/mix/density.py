"""The log density of the marketing mix model and its gradient, compiled.

The model is pymc-marketing's (see library.py; a test holds both to the same density): scaled sales are Normal around
linear terms (intercept, trend, yearly Fourier terms, controls) and for each channel β · saturation(adstock(spend)).
Written out with its gradient, one evaluation takes microseconds and nothing is compiled anew for another number of
weeks or channels, which is where the library's time goes. The linear terms have Normal priors, so they are integrated
out in closed form: what is left to sample is a handful of parameters a channel (Gelman et al., "Bayesian Data
Analysis", 14.2).

Unconstrained parameters: log σ, μ, then five a channel: logit α, log θ, log of λ or κ, log of the Hill slope, log ρ,
where β = scale · ρ and log ρ ~ Normal(μ, τ): channels borrow strength from each other about what spend brings in. A
parameter its channel's shape has no use for (θ of a geometric adstock, the slope of a logistic curve) keeps its prior.
A numba cache notices changes of a function's own file only, so everything compiled stands here.

Sources: Jin, Wang, Sun, Chan & Koehler 2017, "Bayesian methods for media mix modeling with carryover and shape effects"
(normalised geometric and delayed adstock, Hill); logistic saturation as in pymc-marketing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

__all__ = ["ALPHA", "BETA", "BLOCK", "DELAY", "GAMMA", "HALF_NORMAL", "HEAD", "NORMAL", "POWER", "RATE", "RETURN"]

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
F = TypeVar("F", bound=Callable[..., Any])

NORMAL, HALF_NORMAL, BETA, GAMMA = 0, 1, 2, 3
HEAD, BLOCK = 2, 5  # parameters before the channels', parameters of a channel
ALPHA, DELAY, RATE, POWER, RETURN = 0, 1, 2, 3, 4  # places in a channel's block
TINY = 1e-300
HALF_LOG_TAU = 0.5 * math.log(2.0 * math.pi)


def compiled(function: F) -> F:
    """numba's njit, typed; the machine code is kept on disk, and other threads run meanwhile."""
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


@compiled
def prior_density(value: float, family: int, a: float, b: float) -> tuple[float, float]:
    """Log prior of an unconstrained value with the Jacobian of its transformation, and the slope of both.

    NORMAL(mean a, sd b) of the value itself (of a logarithm: log-normal), HALF_NORMAL(sd a), GAMMA(shape a, rate b) of
    its exponential, BETA(a, b) of its logistic.
    """
    if family == NORMAL:
        z = (value - a) / b
        return -0.5 * z * z - math.log(b) - HALF_LOG_TAU, -z / b
    if family == HALF_NORMAL:
        z = math.exp(value) / a
        return -0.5 * z * z + value - math.log(a) - HALF_LOG_TAU + math.log(2.0), 1.0 - z * z
    if family == GAMMA:
        x = math.exp(value)
        return a * math.log(b) - math.lgamma(a) + a * value - b * x, a - b * x
    p = 1.0 / (1.0 + math.exp(-value))
    norm = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    low = -math.log1p(math.exp(-value)) if value > 0 else value - math.log1p(math.exp(value))
    return norm + a * low + b * (low - value), a * (1.0 - p) - b * p


@compiled
def kernel(alpha: float, theta: float, lags: int, delayed: bool, out: Array) -> None:
    """Normalised weights of the lags (row 0) and their slopes in α (row 1) and θ (row 2)."""
    total, slope, tilt = 0.0, 0.0, 0.0
    log_alpha = math.log(max(alpha, TINY))
    for lag in range(lags):
        distance = lag - theta if delayed else float(lag)
        power = distance * distance if delayed else distance
        weight = math.exp(power * log_alpha)
        out[0, lag] = weight
        out[1, lag] = power * weight / max(alpha, TINY)
        out[2, lag] = -2.0 * distance * log_alpha * weight if delayed else 0.0
        total += weight
        slope += out[1, lag]
        tilt += out[2, lag]
    for lag in range(lags):
        weight = out[0, lag] / total
        out[1, lag] = (out[1, lag] - weight * slope) / total
        out[2, lag] = (out[2, lag] - weight * tilt) / total
        out[0, lag] = weight


@compiled
def saturation(x: float, rate: float, slope: float, hill: bool, out: Array) -> None:
    """Saturation at x (0), and its slopes in x (1), in λ or κ (2), in the Hill slope (3)."""
    if not hill:
        half = math.tanh(0.5 * rate * x)
        out[0] = half
        out[1] = 0.5 * rate * (1.0 - half * half)
        out[2] = 0.5 * x * (1.0 - half * half)
        out[3] = 0.0
        return
    if x <= 0.0:
        out[0], out[1], out[2], out[3] = 0.0, 0.0, 0.0, 0.0
        return
    ratio = math.log(x / rate)
    value = 1.0 / (1.0 + math.exp(-slope * ratio))
    spread = value * (1.0 - value)
    out[0] = value
    out[1] = slope * spread / x
    out[2] = -slope * spread / rate
    out[3] = spread * ratio


@compiled
def log_density(
    theta: Array,
    gradient: Array,
    target: Array,
    linear: Array,
    media: Array,
    kinds: Integers,
    scale: Array,
    priors: Array,
    ridge: Array,
    spread: float,
    lags: int,
    lifts: Array,
    weights: Array,
) -> float:
    """Log posterior density of unconstrained `theta`, linear terms integrated out; its gradient goes into `gradient`.

    target (weeks), minus what the linear terms' prior means bring; linear (weeks, terms), the intercept's column of
    ones included; media (weeks, channels); kinds (2, channels): whether delayed, whether Hill; scale (channels): β at
    ρ = 1; priors (parameters, 3): family and its two figures, log ρ's unused; ridge (terms): prior variances of the
    linear terms; spread: τ; lifts (tests, 5): channel, spend, its change, the change of sales, its standard error,
    all scaled; weights (weeks): σ over a week's noise, 1 where it is the same in all. target and linear come times
    weights. Weeks that are held out are left away, not marked.
    """
    total = _priors(theta, gradient, priors, spread)
    weeks, channels = media.shape
    rest = target.copy()
    slopes = np.zeros((channels * BLOCK, weeks))
    _take_media(theta, media, kinds, scale, lags, weights, rest, slopes)
    total += _likelihood(theta, gradient, linear, ridge, rest, slopes) + float(np.sum(np.log(weights)))
    total += _lift_tests(theta, gradient, kinds, scale, lifts)
    return total


@compiled
def _priors(theta: Array, gradient: Array, priors: Array, spread: float) -> float:
    """Log prior of all parameters; starts the gradient."""
    total = 0.0
    gradient[1] = 0.0
    for i in range(theta.size):
        if i >= HEAD and (i - HEAD) % BLOCK == RETURN:
            z = (theta[i] - theta[1]) / spread
            total -= 0.5 * z * z + math.log(spread) + HALF_LOG_TAU
            gradient[i] = -z / spread
            gradient[1] += z / spread
            continue
        value, slope = prior_density(theta[i], int(priors[i, 0]), priors[i, 1], priors[i, 2])
        total += value
        gradient[i] = slope + (gradient[i] if i == 1 else 0.0)
    return total


@compiled
def _take_media(
    theta: Array, media: Array, kinds: Integers, scale: Array, lags: int, weights: Array, rest: Array, slopes: Array
) -> None:
    """Take what the channels bring from `rest`; the slopes of what they bring in their parameters go into `slopes`."""
    weeks, channels = media.shape
    weight, out = np.empty((3, lags)), np.empty(4)
    for c in range(channels):
        at = c * BLOCK
        block = theta[HEAD + at : HEAD + at + BLOCK]
        delayed, hill = kinds[0, c] == 1, kinds[1, c] == 1
        alpha = 1.0 / (1.0 + math.exp(-block[ALPHA]))
        delay, rate, power = math.exp(block[DELAY]), math.exp(block[RATE]), math.exp(block[POWER])
        beta = scale[c] * math.exp(block[RETURN])
        kernel(alpha, delay, lags, delayed, weight)
        for t in range(weeks):
            x, by_alpha, by_delay = 0.0, 0.0, 0.0
            for lag in range(min(lags, t + 1)):
                spent = media[t - lag, c]
                x += weight[0, lag] * spent
                by_alpha += weight[1, lag] * spent
                by_delay += weight[2, lag] * spent
            saturation(x, rate, power, hill, out)
            unit = beta * weights[t]
            rest[t] -= unit * out[0]
            slopes[at + ALPHA, t] = unit * out[1] * by_alpha * alpha * (1.0 - alpha)
            slopes[at + DELAY, t] = unit * out[1] * by_delay * delay
            slopes[at + RATE, t] = unit * out[2] * rate
            slopes[at + POWER, t] = unit * out[3] * power
            slopes[at + RETURN, t] = unit * out[0]


@compiled
def _likelihood(theta: Array, gradient: Array, linear: Array, ridge: Array, rest: Array, slopes: Array) -> float:
    """Log density of `rest` ~ Normal(0, σ²I + Z V Z'), its gradient added."""
    weeks, terms = linear.shape
    variance = math.exp(2.0 * theta[0])
    gram = linear.T @ linear
    precision = gram / variance
    for j in range(terms):
        precision[j, j] += 1.0 / ridge[j]
    inverse = np.linalg.inv(precision)
    pull = inverse @ (linear.T @ rest) / variance
    push = (rest - linear @ pull) / variance  # the covariance's inverse times what is left
    squares, weight, trace = 0.0, 0.0, 0.0
    for t in range(weeks):
        squares += rest[t] * push[t]
        weight += push[t] * push[t]
    for i in range(terms):
        for j in range(terms):
            trace += inverse[i, j] * gram[j, i] / variance
    for p in range(slopes.shape[0]):
        for t in range(weeks):
            gradient[HEAD + p] += push[t] * slopes[p, t]
    gradient[0] += variance * weight - (weeks - trace)
    determinant = 2.0 * weeks * theta[0] + np.sum(np.log(ridge)) + np.linalg.slogdet(precision)[1]
    return float(-0.5 * squares - 0.5 * determinant - weeks * HALF_LOG_TAU)


@compiled
def _lift_tests(theta: Array, gradient: Array, kinds: Integers, scale: Array, lifts: Array) -> float:
    """Log likelihood of what experiments measured: Normal around the rise of the channel's curve; gradient added."""
    upper, lower = np.empty(4), np.empty(4)
    total = 0.0
    for row in range(lifts.shape[0]):
        c = int(lifts[row, 0])
        first, hill = HEAD + c * BLOCK, kinds[1, c] == 1
        rate, power = math.exp(theta[first + RATE]), math.exp(theta[first + POWER])
        beta = scale[c] * math.exp(theta[first + RETURN])
        saturation(lifts[row, 1] + lifts[row, 2], rate, power, hill, upper)
        saturation(lifts[row, 1], rate, power, hill, lower)
        error = lifts[row, 4]
        z = (lifts[row, 3] - beta * (upper[0] - lower[0])) / error
        total += -0.5 * z * z - math.log(error) - HALF_LOG_TAU
        push = z / error * beta
        gradient[first + RATE] += push * (upper[2] - lower[2]) * rate
        gradient[first + POWER] += push * (upper[3] - lower[3]) * power
        gradient[first + RETURN] += push * (upper[0] - lower[0])
    return total
