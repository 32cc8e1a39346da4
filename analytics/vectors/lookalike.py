"""How well a group can be told from everybody else by its vectors, and what two customers have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["area_under_curve", "recognisability", "shared"]

FEWEST = 10  # held-out members needed before recognisability says anything
SAME = (
    ("rfm_segment", "RFM segment {}"),
    ("favourite_category", "favourite category {}"),
    ("main_channel", "mostly buys through {}"),
    ("country", "country {}"),
    ("main_location", "mostly buys in {}"),
)
CLOSE = (  # within a quarter of each other, or this far apart
    ("orders_all", "about {:.0f} orders", 1.0),
    ("monetary_value", "spent about {:,.0f}", 0.0),
    ("typical_gap_days", "buys about every {:.0f} days", 2.0),
    ("recency_days", "last bought about {:.0f} days ago", 7.0),
    ("website_visit_frequency", "visits about as often", 0.0),
)
QUARTER = 0.25


def area_under_curve(truth: NDArray[np.float64], score: NDArray[np.float64]) -> float:
    """Area under the ROC curve by ranks (Mann-Whitney), ties at their mean rank; NaN with one class only."""
    from scipy.stats import rankdata

    ones = truth.sum()
    if ones in (0, truth.size):
        return float("nan")
    ranks = rankdata(score)[truth > 0].sum()
    return float((ranks - ones * (ones + 1) / 2) / (ones * (truth.size - ones)))


def recognisability(inside: Sequence[bool], half: Sequence[int], distance: Sequence[float]) -> float | None:
    """P(a member that the centre has not seen is nearer to it than somebody outside).

    `distance` is to the mean of the members of half 0; members of half 1 are judged against all outside. None with
    fewer than FEWEST of either. 0.5: the vectors cannot tell the group from the rest.
    """
    members, halves = np.asarray(inside, dtype=bool), np.asarray(half)
    judged = ~members | (halves == 1)
    truth = members[judged].astype(np.float64)
    if min(truth.sum(), truth.size - truth.sum()) < FEWEST:
        return None
    return area_under_curve(truth, -np.asarray(distance, dtype=np.float64)[judged])


def shared(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """What two customers (fields of the feature dictionary by name) have in common, in words."""
    same = [words.format(one[name]) for name, words in SAME if one.get(name) and one.get(name) == other.get(name)]
    return same + [
        words.format(other[name]) for name, words, far in CLOSE if _close(one.get(name), other.get(name), far)
    ]


def _close(one: Any, other: Any, far: float) -> bool:
    if one is None or other is None or one <= 0 or other <= 0:
        return False
    return bool(abs(one - other) <= max(far, QUARTER * max(one, other)))
