"""Response curves: what a channel would bring a week at other levels of spend, with today's marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from core.errors import NotFound
from core.identity import READ
from database.queries import organisations
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money
from tools.mix.questions import CURVES
from tools.mix.stored import some_fit
from tools.results import Arguments, Evidence, ToolResult

if TYPE_CHECKING:
    from analytics.budget.response import Response

RECENT, STEPS, REACH = 13, 16, 2.0
WORDS = [
    "spend: a week, in the pattern of the last 13 weeks, gone on with for a while. brought: sales a week by it.",
    "beyond: a week of it would exceed all that was ever spent in one week, so the curve is a guess there.",
]


class MixCurvesArguments(Arguments):
    """One channel, or all."""

    channel: str | None = Field(default=None, description="Name of a channel; absent: all.")


class CurvePoint(BaseModel):
    """What one level of spend would bring."""

    spend: float = figure("Spend a week", "Level of spend.", unit="money")
    brought: float = figure("Sales a week", "What it brings.", unit="money")
    low: float = figure("Sales, low", "Lower end of the 90% interval.", unit="money")
    high: float = figure("Sales, high", "Upper end of the 90% interval.", unit="money")
    next_unit: float = figure("Sales of the next unit", "Per unit spent more, there.", unit="ratio")
    today: bool = figure("Today", "True: the spend of the last 13 weeks.")
    beyond: bool = figure("Beyond", "True: never spent so much.")


class MixCurve(BaseModel):
    """One channel's curve."""

    channel: str = figure("Channel", "Name of the channel.")
    today: float = figure("Spend a week now", "Mean of the last 13 weeks.", unit="money")
    next_unit: float = figure("Sales of the next unit", "Per unit spent more, today.", unit="ratio")
    points: list[CurvePoint] = Field(description="From nothing to twice today's spend, or the most ever spent.")


class MixCurves(ToolResult):
    """Response curves."""

    curves: list[MixCurve] = figure("Response curves", "By channel, the largest spend first.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="how channels respond to spend",
    agents=("analytics", "optimiser", "reporting"),
    basis="prediction",
    examples=({}, {"channel": "paid_search"}),
    questions=(CURVES,),
    next=("How should I split the budget?", "What does each channel bring?"),
)
def mix_curves(context: Context, arguments: MixCurvesArguments) -> MixCurves:
    """Response curves: sales a week by spend a week for each channel, with intervals, today's spend and saturation."""
    from analytics.budget.response import Response

    with context.transaction() as connection:
        kept = some_fit(connection)
        currency = organisations.profile(connection).currency
    series = kept.posterior.design.series
    channels = list(series.channels)
    if arguments.channel is not None and arguments.channel not in channels:
        raise NotFound(f"The model has no channel “{arguments.channel}”.", field="channel", valid=channels)
    response = Response.of(kept.posterior.curves, series.spend, recent=RECENT)
    order = sorted(range(len(channels)), key=lambda place: -response.today[place])
    wanted = [place for place in order if arguments.channel in (None, channels[place])]
    return MixCurves(
        curves=[_curve(response, place, channels[place]) for place in wanted],
        currency=currency,
        evidence=Evidence(
            rows=len(series.weeks), as_of=kept.run.as_of, sources=["orders", "channel_spend", "model_runs"],
            definitions=WORDS,
        ),
    )  # fmt: skip


def _curve(response: Response, place: int, channel: str) -> MixCurve:
    import numpy as np

    today = float(response.today[place])
    top = max(REACH * today, float(response.highest[place] / response.peak[place]))
    levels = sorted({round(value, 6) for value in [*np.linspace(0, top, STEPS), today]})
    points = [_point(response, place, level, today) for level in levels]
    now = next(point for point in points if point.today)
    return MixCurve(channel=channel, today=money(today) or 0.0, next_unit=now.next_unit, points=points)


def _point(response: Response, place: int, level: float, today: float) -> CurvePoint:
    import numpy as np

    spend = response.today.copy()
    spend[place] = level
    draws = response.sales(spend)[:, place]
    low, high = np.quantile(draws, [0.05, 0.95])
    return CurvePoint(
        spend=money(level) or 0.0,
        brought=money(float(draws.mean())) or 0.0,
        low=money(float(low)) or 0.0,
        high=money(float(high)) or 0.0,
        next_unit=round(float(response.with_slope(spend)[1][place]), 4),
        today=abs(level - today) < 1e-5,
        beyond=bool(response.beyond(spend)[place]),
    )
