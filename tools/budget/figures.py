"""A question about the budget made ready: the response by the kept fit, bounds, and amounts a week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import Field
from sqlalchemy import Connection

from core.errors import FixArguments, NotFound
from tools.mix.stored import Kept, require_fit
from tools.results import Arguments

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from analytics.budget.optimiser import Bounds
    from analytics.budget.response import Response

__all__ = ["BudgetArguments", "ChannelBound", "Per", "Ready", "best_level", "ready"]

RECENT, DRAWS = 13, 400
WEEKS_OF = {"week": 1.0, "month": 365.25 / 12 / 7, "quarter": 365.25 / 4 / 7, "year": 365.25 / 7}
Per = Literal["week", "month", "quarter", "year"]


class ChannelBound(Arguments):
    """What one channel may be given."""

    channel: str = Field(description="Name of the channel.")
    at_least: float | None = Field(default=None, ge=0, description="Spend per `per` at least.")
    at_most: float | None = Field(default=None, ge=0, description="Spend per `per` at most.")


class BudgetArguments(Arguments):
    """How much there is, or what it has to reach; all amounts are for the period `per`."""

    total: float | None = Field(default=None, gt=0, description="Whole budget per `per`; absent: as much as now.")
    change: float | None = Field(
        default=None, ge=-0.9, le=4.0, description="Whole budget against now instead: 0.2 is 20% more, -0.1 10% less."
    )
    target_roas: float | None = Field(
        default=None, gt=0, description="As much as still brings so much in sales per unit spent, on average."
    )
    target_revenue: float | None = Field(
        default=None, gt=0, description="As little as brings so much in sales through the channels per `per`."
    )
    per: Per = Field(default="month", description="Period of all amounts.")
    move_at_most: float = Field(
        default=0.5, gt=0, le=4.0, description="Each channel's spend moves by at most this share of today's."
    )
    bounds: list[ChannelBound] = Field(default_factory=list, max_length=50, description="Bounds of single channels.")


@dataclass(frozen=True, slots=True)
class Ready:
    """What a plan is computed from; `per` is the period of the amounts said."""

    kept: Kept
    response: Response
    bounds: Bounds
    per: Per

    @property
    def channels(self) -> list[str]:
        """Names in the model's order."""
        return list(self.kept.posterior.design.series.channels)

    @property
    def weeks(self) -> float:
        """Weeks in the period."""
        return WEEKS_OF[self.per]


def ready(connection: Connection, arguments: BudgetArguments) -> Ready:
    """The kept fit's response and the bounds asked for.

    Errors: NoSuchData where there is no fit or a gate failed; FixArguments and NotFound about the arguments.
    """
    from analytics.budget.optimiser import Bounds
    from analytics.budget.response import Response

    asked = [arguments.total, arguments.change, arguments.target_roas, arguments.target_revenue]
    if sum(value is not None for value in asked) > 1:
        raise FixArguments("Give one of total, change, target_roas and target_revenue, not several.", field="total")
    kept = require_fit(connection)
    series = kept.posterior.design.series
    response = Response.of(kept.posterior.curves.thinned(DRAWS), series.spend, recent=RECENT)
    move = max(arguments.move_at_most, abs(arguments.change or 0.0))
    bounds = Bounds.around(response.today, min(move, 1.0), move)
    weeks = WEEKS_OF[arguments.per]
    for bound in arguments.bounds:
        if bound.channel not in series.channels:
            raise NotFound(f"The model has no channel “{bound.channel}”.", field="bounds", valid=list(series.channels))
        low, high = (None if value is None else value / weeks for value in (bound.at_least, bound.at_most))
        bounds = bounds.with_channel(list(series.channels).index(bound.channel), low, high)
    bounds.check(series.channels)
    return Ready(kept, response, bounds, arguments.per)


def best_level(asked: Ready, arguments: BudgetArguments) -> NDArray[np.float64]:
    """The best spend a week by channel for what is asked; FixArguments where it is out of reach."""
    from analytics.budget.optimiser import best_for_return, best_for_sales, best_for_total

    if arguments.target_roas is not None:
        return best_for_return(asked.response, arguments.target_roas, asked.bounds)
    if arguments.target_revenue is not None:
        return best_for_sales(asked.response, arguments.target_revenue / asked.weeks, asked.bounds)
    now = float(asked.response.today.sum())
    total = now * (1 + arguments.change) if arguments.change is not None else now
    return best_for_total(
        asked.response, total if arguments.total is None else arguments.total / asked.weeks, asked.bounds
    )
