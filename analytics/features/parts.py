"""What a score of one customer is made of."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ScorePart"]


@dataclass(frozen=True, slots=True)
class ScorePart:
    """One part of a score: points won of the points possible, and why in words. The parts sum to the score."""

    name: str
    points: float
    max_points: float
    why: str
