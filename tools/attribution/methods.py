"""What each way of sharing out conversions is called and does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import BaseModel

from tools.figures import figure

__all__ = ["DOES", "NO_CAMPAIGN", "SHOP_WIDE", "SPOKEN", "TITLES", "Method", "MethodLeftOut", "left_out"]

NO_CAMPAIGN: Final = "(no campaign)"
"""What touches of no campaign are credited under, where campaigns are; the last row."""

Method = Literal[
    "first", "last", "last_non_direct", "linear", "time_decay", "position", "shapley", "markov", "data_driven"
]
TITLES: Final[dict[str, str]] = {
    "first": "First touch",
    "last": "Last touch",
    "last_non_direct": "Last non-direct touch",
    "linear": "Linear",
    "time_decay": "Time decay",
    "position": "Position-based",
    "shapley": "Shapley (equal channels)",
    "markov": "Markov removal",
    "data_driven": "Data-driven (Shapley, in order)",
}
SPOKEN: Final[dict[str, str]] = {
    "first": "first touch",
    "last": "last touch",
    "last_non_direct": "the last non-direct touch",
    "linear": "the linear rule",
    "time_decay": "time decay",
    "position": "the position-based rule",
    "shapley": "Shapley in equal parts",
    "markov": "the Markov chain",
    "data_driven": "the data-driven model",
}
DOES: Final[dict[str, str]] = {
    "first": "all to the first touch.",
    "last": "all to the last touch.",
    "last_non_direct": "all to the last touch that was not a direct visit; to direct where every touch was.",
    "linear": "in equal parts to every touch.",
    "time_decay": "half as much for each half-life further back.",
    "position": "set shares to the first and last touch, the rest to those between.",
    "shapley": "in equal parts to the different channels, however often and in whatever order they were met.",
    "markov": "in proportion to what the chain of touches would lose without the channel; uses journeys without order.",
    "data_driven": (
        "what each channel adds to the chance of ordering, by a model fitted to journeys with and without an order, "
        "averaged over every subset of the journey's channels in their order."
    ),
}
SHOP_WIDE: Final = (
    "One customer's path by Markov removal and by the data-driven model: both are fitted to the journeys of all "
    "customers and read off within the path, whose channels share each order in proportion to their removal effects in "
    "the whole chain, and to what they add to the chance of ordering."
)


class MethodLeftOut(BaseModel):
    """A method the data do not bear."""

    method: str = figure("Method", "Its title.")
    reason: str = figure("Why", "What is missing.")


def left_out(reasons: Mapping[str, str]) -> list[MethodLeftOut]:
    """Methods by their titles, with what is missing."""
    return [MethodLeftOut(method=TITLES[name], reason=why) for name, why in reasons.items()]
