"""Predictive intervals: what is drawn once for customers alike covers as well as what is drawn for each alone."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.value import interval
from analytics.value.interval import ValuePlan, _sales, value_quantiles

PLAN = ValuePlan(52.0, 0.10, 52.18, 0.90)
THETA, MONEY = np.array([0.6, 4.0, 0.8, 2.5]), np.array([6.0, 4.0, 15.0])
History = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def drawn(size: int, seed: int) -> tuple[History, np.ndarray]:
    """Histories of a BG/NBD and Gamma-Gamma world, and what each of those customers then really brings."""
    rng = np.random.default_rng(seed)
    length = rng.uniform(10, 120, size)
    rate, drop = rng.gamma(THETA[0], size=size) / THETA[1], rng.beta(THETA[2], THETA[3], size)
    level = rng.gamma(MONEY[1], size=size) / MONEY[2]
    x, t_x, coming = np.zeros(size), np.zeros(size), np.zeros(size)
    at = rng.exponential(1 / rate)
    while (goes_on := at < length + PLAN.horizon).any():
        past = goes_on & (at < length)
        x[past], t_x[past] = x[past] + 1, at[past]
        coming[goes_on & ~past] += 1
        stays = goes_on & (rng.random(size) >= drop)
        at = np.where(stays, at + rng.exponential(1 / rate), np.inf)
    z = np.where(x > 0, rng.gamma(MONEY[0] * np.maximum(x, 1)) / level / np.maximum(x, 1), 0.0)
    sales = np.where(coming > 0, rng.gamma(MONEY[0] * np.maximum(coming, 1)) / level, 0.0)
    return (x, t_x, length, z), sales


def parameters(count: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """Draws as wide as a fit to some ten thousand customers leaves them."""
    rng = np.random.default_rng(5)
    return (
        THETA * np.exp(rng.normal(0, 0.02, (count, 4))),
        MONEY * np.exp(rng.normal(0, 0.02, (count, 3))),
    )


def quantiles(history: History, own_draws: int, monkeypatch: pytest.MonkeyPatch) -> tuple[np.ndarray, np.ndarray]:
    monkeypatch.setattr(interval, "OWN_DRAWS", own_draws)
    ones = np.ones(len(history[0]))
    return value_quantiles(history, ones, parameters(), PLAN, np.random.default_rng(1))


def test_shared_draws_cover_what_came_as_own_draws_do(monkeypatch: pytest.MonkeyPatch) -> None:
    history, sales = drawn(12_000, 0)
    covered, ends = [], []
    for own_draws in (10**9, 0):
        low, high = quantiles(history, own_draws, monkeypatch)
        covered.append(float(np.mean((low <= sales) & (sales <= high))))
        ends.append((low, high))
    assert covered[0] == pytest.approx(covered[1], abs=0.01)
    assert min(covered) > 0.88
    for repeat in (False, True):
        chosen = (history[0] > 0) == repeat
        own, shared = (float(np.mean(high[chosen])) for _, high in ends)
        assert shared == pytest.approx(own, rel=0.03)
    assert np.corrcoef(ends[0][1], ends[1][1])[0, 1] > 0.97


def test_groups_are_far_fewer_than_customers_and_keep_their_sums() -> None:
    history, _ = drawn(60_000, 3)
    where, typical = interval._alike(history, THETA)
    assert len(typical[0]) < len(history[0]) / 3
    for column, group in zip(history[:3], typical[:3], strict=True):
        assert group[where].sum() == pytest.approx(column.sum(), rel=1e-3)
    assert np.all(typical[1] <= typical[2])
    assert np.abs(typical[0][where] - history[0])[history[0] <= 12].max() == 0


def test_a_customer_alone_in_a_group_keeps_the_very_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    history: History = (np.array([3.0]), np.array([20.0]), np.array([30.0]), np.array([50.0]))
    own, shared = (quantiles(history, n, monkeypatch) for n in (10, 0))
    assert shared[0][0] == pytest.approx(own[0][0], rel=1e-9)
    assert shared[1][0] == pytest.approx(own[1][0], rel=1e-9)


def test_who_is_surely_gone_brings_nothing() -> None:
    history = (np.array([40.0]), np.array([10.0]), np.array([400.0]), np.array([50.0]))
    assert _sales(THETA, MONEY, history, 52.0, np.random.default_rng(0)).tolist() == [0.0]
