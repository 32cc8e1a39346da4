"""What can be said of the data before a fit: what makes it hopeless, and what makes it doubtful."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analytics.mix.model import HARMONICS, Design, Shape
from analytics.mix.series import Series

__all__ = ["FEWEST_WEEKS", "Finding", "examined", "usable"]

Array = NDArray[np.float64]
FEWEST_WEEKS, ENOUGH_WEEKS = 52, 104
FEWEST_SPENDING = 8
INSEPARABLE, ALIKE = 50.0, 10.0  # variance inflation
CONSTANT = 0.10  # coefficient of variation of weeks with spend
FEWEST_POINTS, FEW_POINTS = 2.0, 3.0  # weeks a parameter
SEASONAL, TOGETHER = 0.5, 0.4  # shares of variance explained


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in the data. stop: no fit; left_out: without that channel; warn: fitted, and to be said."""

    weight: Literal["stop", "left_out", "warn"]
    code: str
    words: str
    channel: str | None = None


def usable(series: Series) -> tuple[Series, list[Finding]]:
    """The series with the channels that can be fitted, and why others are left out."""
    found, kept = [], []
    for name, spend in zip(series.channels, series.spend.T, strict=True):
        spending = int((spend > 0).sum())
        if spending >= FEWEST_SPENDING:
            kept.append(name)
            continue
        had = f"had spend in {spending} weeks only; {FEWEST_SPENDING} are needed" if spending else "had no spend at all"
        found.append(Finding("left_out", "little_spend", f"{name} is left out: it {had}.", name))
    return series.only(kept), found


def examined(series: Series) -> list[Finding]:
    """Findings about a series whose channels are usable, the worst first."""
    found = [*_length(series)]
    if len(series.weeks) >= FEWEST_WEEKS and series.channels:
        found += [*_inflation(series), *_constant(series), *_demand(series)]
    return sorted(found, key=lambda finding: finding.weight != "stop")


def _length(series: Series) -> list[Finding]:
    weeks, channels = len(series.weeks), len(series.channels)
    if weeks < FEWEST_WEEKS:
        return [
            Finding(
                "stop", "few_weeks",
                f"There are {weeks} weeks with both sales and spend; a mix model needs at least {FEWEST_WEEKS}, better "
                f"{ENOUGH_WEEKS}. {FEWEST_WEEKS - weeks} more weeks are missing.",
            )
        ]  # fmt: skip
    if not channels:
        return [Finding("stop", "no_channels", f"No channel had spend in {FEWEST_SPENDING} weeks or more of {weeks}.")]
    if float(series.sales.std()) == 0:
        return [Finding("stop", "constant_sales", "Sales are the same in every week: there is nothing to explain.")]
    parameters = 2 + 4 * channels + 2 + 2 * HARMONICS + len(series.controls)
    points = weeks / parameters
    if points < FEWEST_POINTS:
        return [
            Finding(
                "stop", "few_points",
                f"{weeks} weeks for {parameters} unknowns ({channels} channels, {len(series.controls)} controls) is "
                f"{points:.1f} weeks each; at least {FEWEST_POINTS:g} are needed. Merge channels, drop controls, or "
                "wait for more weeks.",
            )
        ]  # fmt: skip
    found = []
    if points < FEW_POINTS:
        words = f"Only {points:.1f} weeks for each of {parameters} unknowns: intervals are wide, priors count."
        found.append(Finding("warn", "few_points", words))
    if weeks < ENOUGH_WEEKS:
        words = f"{weeks} weeks are less than two years: the season and the channels are hard to tell apart."
        found.append(Finding("warn", "short", words))
    return found


def _inflation(series: Series) -> list[Finding]:
    """Columns that are almost a combination of the others (variance inflation 1 / (1 - R²))."""
    names = [*series.channels, *series.controls]
    columns = [*series.spend.T, *series.controls.values()]
    if len(names) < 2:
        return []
    found = []
    for place, name in enumerate(names):
        rest = np.column_stack([np.ones(len(series.weeks)), *(c for i, c in enumerate(columns) if i != place)])
        inflation = 1.0 / max(1.0 - _explained(columns[place], rest), 1e-12)
        if inflation < ALIKE:
            continue
        channel = name if name in series.channels else None
        what = "spend" if channel else "figures"
        near = _nearest(place, names, columns)
        if inflation >= INSEPARABLE:
            words = f"The {what} of {name} cannot be told apart from {near}: merge the two or leave one out."
            found.append(Finding("stop", "inseparable", words, channel))
        else:
            words = f"The {what} of {name} moves much like {near}: their effects are hard to separate."
            found.append(Finding("warn", "alike", words, channel))
    return found


def _nearest(place: int, names: Sequence[str], columns: Sequence[Array]) -> str:
    """The column most correlated with the one at `place`."""
    with np.errstate(invalid="ignore", divide="ignore"):
        strengths = [
            -1.0 if i == place else float(np.nan_to_num(abs(np.corrcoef(columns[place], c)[0, 1])))
            for i, c in enumerate(columns)
        ]
    return names[int(np.argmax(strengths))]


def _constant(series: Series) -> list[Finding]:
    found = []
    for name, spend in zip(series.channels, series.spend.T, strict=True):
        if float(spend.std()) < CONSTANT * float(spend.mean()):
            words = f"The spend of {name} hardly varies: the data cannot show what it brings, the prior decides."
            found.append(Finding("warn", "constant_spend", words, name))
    return found


def _demand(series: Series) -> list[Finding]:
    """Spend that follows the season, or moves with sales so closely that demand may drive both."""
    design = Design.of(series, Shape.alike(len(series.channels)))
    rest = design.linear[:, : 2 + 2 * HARMONICS]
    sales = _residual(series.sales, design.linear)
    found = []
    for name, spend in zip(series.channels, series.spend.T, strict=True):
        if _explained(spend, rest) > SEASONAL:
            words = f"The spend of {name} follows season and trend: part of the demand it met would have come anyway."
            found.append(Finding("warn", "follows_season", words, name))
        own = _residual(spend, design.linear)
        if float(own.std()) > 0 and float(np.corrcoef(own, sales)[0, 1]) ** 2 > TOGETHER:
            words = (
                f"The spend of {name} and sales move together so closely that a common cause may drive both; the model "
                f"would credit it to {name}. Calibrate with an experiment, or add what drives demand as a control."
            )
            found.append(Finding("warn", "follows_demand", words, name))
    return found


def _residual(values: Array, columns: Array) -> Array:
    return np.asarray(values - columns @ np.linalg.lstsq(columns, values, rcond=None)[0])


def _explained(values: Array, columns: Array) -> float:
    """R² of `values` on `columns`; 0 of a constant."""
    total = float(values.var())
    return 0.0 if total == 0 else 1.0 - float(_residual(values, columns).var()) / total
