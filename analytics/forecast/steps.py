"""What a series is counted in: days with a weekly rhythm, weeks, or months; and how long a history it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["FEWEST_ORIGINS", "STEPS", "Step", "StepName"]

StepName = Literal["day", "week", "month"]
FEWEST_ORIGINS = 20
"""Past forecasts from which a 90 % interval can be told: with fewer, its ends would be beyond all that was seen."""


@dataclass(frozen=True, slots=True)
class Step:
    """`cycle`: steps of the short rhythm (7 days a week, else 1); `year`: steps to the same time last year.

    `training`: steps a candidate needs before its first forecast.
    """

    name: StepName
    cycle: int
    year: int
    training: int


STEPS: Final[dict[StepName, Step]] = {
    "day": Step("day", 7, 364, 56),
    "week": Step("week", 1, 52, 12),
    "month": Step("month", 1, 12, 12),
}
