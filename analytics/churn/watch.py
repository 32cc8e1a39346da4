"""Has a churn model grown old: what it predicted at an earlier instant against what happened since."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.churn.definition import LeftDefinition, labels_at
from analytics.churn.evaluation import calibration, calibration_error
from core.errors import FixArguments

__all__ = ["Watch", "watch_churn"]

LEAST_CUSTOMERS = 100
STANDARD_ERRORS = 4.0
LEAST_GAP = 0.05


@dataclass(frozen=True, slots=True)
class Watch:
    """Predicted against what happened within `horizon_days` of `predicted_at`.

    verdict: "worse" when the expected number of departures is off by more than four standard errors and five points
    of probability, or when the squared error is above that of naming everybody the average; "good" otherwise;
    "too_few" below 100 customers. brier: mean squared error of the probabilities; brier_of_average: that of the share
    which left, for everybody. groups: fifths by prediction (customers, predicted, observed).
    """

    verdict: Literal["good", "worse", "too_few"]
    predicted_at: datetime
    horizon_days: int
    customers: int
    expected: float = 0.0
    observed: int = 0
    brier: float | None = None
    brier_of_average: float | None = None
    calibration_error: float | None = None
    groups: list[dict[str, float]] = field(default_factory=list)

    def in_words(self) -> str:
        """One sentence for people."""
        told = f"{self.expected:.0f} of {self.customers} customers were expected to leave within {self.horizon_days} "
        return f"{told}days after {self.predicted_at.day} {self.predicted_at:%B %Y}; {self.observed} did."


def watch_churn(
    orders: pl.DataFrame,
    predictions: pl.DataFrame,
    definition: LeftDefinition,
    *,
    predicted_at: datetime,
    horizon_days: int,
    as_of: datetime,
) -> Watch:
    """Judge the probabilities given at `predicted_at` by the orders since.

    orders: customer_id, ordered_at, revenue. predictions: customer_id, probability (leaves within `horizon_days`).
    definition: the one the predictions were made with. Customers whose earlier orders changed so that they had left by
    then already are not counted. FixArguments while the horizon is not over at `as_of`.
    """
    until = predicted_at + timedelta(days=horizon_days)
    if until > as_of:
        raise FixArguments(f"The {horizon_days} days are not over before {until:%Y-%m-%d}.", field="as_of")
    labels = labels_at(orders, definition, cutoff=predicted_at, followed_until=until)
    judged = labels.select("customer_id", "event").join(
        predictions.drop_nulls("probability"), on="customer_id", how="inner"
    )
    if judged.height < LEAST_CUSTOMERS:
        return Watch("too_few", predicted_at, horizon_days, judged.height)
    p = judged["probability"].cast(pl.Float64).to_numpy()
    left = judged["event"].to_numpy().astype(np.float64)
    groups = calibration(np.full(len(p), float(horizon_days)), left, p, float(horizon_days))
    return Watch(
        verdict="worse" if _clearly_worse(p, left) else "good",
        predicted_at=predicted_at,
        horizon_days=horizon_days,
        customers=len(p),
        expected=float(p.sum()),
        observed=int(left.sum()),
        brier=float(np.mean((p - left) ** 2)),
        brier_of_average=float(left.mean() * (1.0 - left.mean())),
        calibration_error=calibration_error(groups),
        groups=groups,
    )


def _clearly_worse(p: NDArray[np.float64], left: NDArray[np.float64]) -> bool:
    """See `Watch.verdict`."""
    gap = abs(float(p.sum() - left.sum()))
    off = gap > STANDARD_ERRORS * float(np.sqrt(np.sum(p * (1.0 - p)))) and gap / len(p) > LEAST_GAP
    return off or float(np.mean((p - left) ** 2)) > float(left.mean() * (1.0 - left.mean()))
