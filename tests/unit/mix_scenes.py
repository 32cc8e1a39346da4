"""Weeks of sales and spend with a known truth, for tests of the marketing mix."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.mix.posterior import Curves
from analytics.mix.series import LiftTest, Series

DATA = Path(__file__).parent.parent / "data"
FIRST = date(2023, 1, 2)


def mondays(count: int) -> list[date]:
    return [FIRST + timedelta(7 * i) for i in range(count)]


def papilon() -> tuple[Series, dict[str, Any]]:
    """papilon's default market, and its truth."""
    frame = pd.read_csv(DATA / "papilon_mmm.csv")
    truth = json.loads((DATA / "papilon_mmm.json").read_text())
    weeks = [date.fromisoformat(day) for day in frame["date"]]
    spend = {name: frame[name].to_numpy() for name in truth["channels"]}
    controls = {name: frame[name].to_numpy() for name in ("price_index", "promo")}
    return Series.of(weeks, frame["sales"], spend, controls), truth


def true_roas(truth: dict[str, Any]) -> NDArray[np.float64]:
    return np.array([truth["summary"][name]["roas"] for name in truth["channels"]])


def true_curves(truth: dict[str, Any], scale: NDArray[np.float64]) -> Curves:
    """papilon's own curves as one draw of ours: a Hill curve of slope 1, θ where the adstock is delayed."""
    found = list(truth["channels"].values())

    def row(name: str, missing: float = 1.0) -> NDArray[np.float64]:
        return np.array([[float(channel.get(name, missing)) for channel in found]])

    late = tuple(channel["adstock"] == "delayed" for channel in found)
    half = row("half_sat") / scale
    return Curves(
        row("alpha"), row("peak"), half, np.ones((1, 4)), row("beta"), scale, late, (True,) * 4, truth["l_max"]
    )  # fmt: skip


def lift_of(truth: dict[str, Any], series: Series, channel: str, *, error: float = 0.1) -> LiftTest:
    """What switching a channel off would have measured, by the truth; the standard error as a share of it."""
    spend = float(series.spend[:, list(series.channels).index(channel)].mean())
    known = truth["channels"][channel]
    brought = known["beta"] * spend / (spend + known["half_sat"])
    return LiftTest(channel, spend, -spend, -brought, error * brought)


def steady(weeks: int, channels: int = 2, seed: int = 0, *, controls: int = 0, alike: float = 0.0) -> Series:
    """Noise around a constant, with spend that brings a little; `alike`: how near the controls are to each other."""
    rng = np.random.default_rng(seed)
    spend = {f"channel {c + 1}": rng.gamma(4.0, 25.0, weeks) for c in range(channels)}
    sales = 1000 + sum(120 * x / (x + 90) for x in spend.values()) + rng.normal(0, 25, weeks)
    base = rng.normal(size=weeks)
    others = {f"control {c + 1}": base + rng.normal(size=weeks) * (alike or 1.0) for c in range(controls)}
    return Series.of(mondays(weeks), sales, spend, others)


def paired(seed: int, synergy: float, weeks: int = 156) -> tuple[Series, float]:
    """Three channels, the first two bringing `synergy` times the product of their saturations besides; and that."""
    rng = np.random.default_rng(seed)
    t = np.arange(weeks)
    sales = 1000 + 80 * np.sin(2 * np.pi * t / 52.18) + rng.normal(0, 25, weeks)
    spend, levels = {}, []
    for c in range(3):
        x = rng.gamma(2, 30, weeks) * (rng.random(weeks) < 0.75)
        kernel = rng.uniform(0.1, 0.5) ** np.arange(8)
        stock = np.convolve(x, kernel / kernel.sum())[:weeks]
        levels.append(stock / (stock + 60))
        sales = sales + 150 * levels[-1]
        spend[f"channel {c + 1}"] = x
    joint = synergy * levels[0] * levels[1]
    return Series.of(mondays(weeks), sales + joint, spend), float(joint.sum())


def confounded(seed: int = 0, weeks: int = 104) -> Series:
    """Two channels; the weather drives sales, and the spend of the first goes with it."""
    rng = np.random.default_rng(seed)
    weather = rng.normal(size=weeks)
    spend = {
        "with the weather": np.maximum(60 + 35 * weather + rng.normal(0, 15, weeks), 1.0),
        "apart": rng.gamma(3, 20, weeks),
    }
    sales = 1000 + 90 * weather + sum(120 * x / (x + 60) for x in spend.values()) + rng.normal(0, 20, weeks)
    return Series.of(mondays(weeks), sales, spend, {"weather": weather, "holidays": rng.normal(size=weeks)})
