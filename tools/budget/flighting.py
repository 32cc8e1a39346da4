"""The budget laid over weeks: patterns side by side, and the weeks of the one that is recommended."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from core.calendar import Calendar
from core.errors import FixArguments, NotFound
from core.identity import READ
from database.queries import coverage, organisations
from tools.budget.figures import DRAWS, RECENT, BudgetArguments, Ready, best_level, ready
from tools.budget.plan import evidence_of
from tools.budget.questions import FLIGHTING
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money
from tools.results import Arguments, ToolResult

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from analytics.budget.ahead import Ahead
    from analytics.budget.flighting import Flight, WeekBounds

__all__ = ["BudgetFlighting", "FlightingArguments", "budget_flighting"]

WORTH, SURE = 0.02, 0.7  # of the budget in sales, and how probable: below either even is recommended
BURSTS = 0.5  # spread of the weeks over their mean from which a channel is in bursts
STEADY = 0.1
Pattern = Literal["recommended", "even", "front-loaded", "pulsed", "best found"]
WORDS = [
    "gain: sales beyond those of going on as now, brought by these weeks' spend, effects after the last week counted; "
    "after it spend goes on as now. against_even: beyond the same money spread evenly over the weeks.",
    "How much each channel gets in all is the best split; the weeks are laid channel by channel, what was spent before "
    "carried over. best found: the best of a search from many patterns. Intervals hold 90%.",
]
LITTLE_KNOWN = (
    "Bursts rest on the form of the curve at high and low spend, of which weekly data say little: try them on one "
    "channel first."
)


class WeekBound(Arguments):
    """What one channel may be given in a week."""

    channel: str = Field(description="Name of the channel.")
    at_least: float | None = Field(default=None, ge=0, le=1e12, description="Spend in any one week at least.")
    at_most: float | None = Field(default=None, ge=0, le=1e12, description="Spend in any one week at most.")


class FlightingArguments(Arguments):
    """How many weeks, how much for all of them, within which bounds."""

    weeks: int = Field(default=13, ge=2, le=52, description="Weeks ahead, from the next Monday that is not known.")
    total: float | None = Field(
        default=None, gt=0, le=1e13, description="Whole budget of all these weeks; absent: as much as now."
    )
    change: float | None = Field(
        default=None, ge=-0.9, le=4.0, description="Whole budget against now instead: 0.2 is 20% more."
    )
    move_at_most: float = Field(
        default=0.5, gt=0, le=4.0, description="Each channel's spend in all moves by at most this share of today's."
    )
    most_a_week: float = Field(
        default=1.0, gt=0, le=20, description="No week above so many times the channel's largest week ever."
    )
    bounds: list[WeekBound] = Field(default_factory=list, max_length=50, description="Bounds of single channels.")
    pattern: Pattern = Field(default="recommended", description="Whose weeks are listed.")


class FlightPattern(BaseModel):
    """One way to lay the same money over the weeks."""

    pattern: str = figure("Pattern", "How it is laid out.")
    gain: float = figure("Gain in sales", "Beyond going on as now.", unit="money")
    gain_low: float = figure("Gain, low", "Lower end of the interval.", unit="money")
    gain_high: float = figure("Gain, high", "Upper end of the interval.", unit="money")
    against_even: float = figure("Against even", "Sales beyond spreading it evenly.", unit="money")
    against_even_low: float = figure("Against even, low", "Lower end of the interval.", unit="money")
    against_even_high: float = figure("Against even, high", "Upper end of the interval.", unit="money")
    likely_better: float = figure("Likely better than even", "By the model.", unit="share")
    largest_week: float = figure("Largest week", "All channels.", unit="money")


class FlightChannel(BaseModel):
    """One channel's weeks in short."""

    channel: str = figure("Channel", "Name of the channel.")
    total: float = figure("In all", "Spend of all these weeks.", unit="money")
    now: float = figure("As now", "What going on as now would come to.", unit="money")
    largest_week: float = figure("Largest week", "Spend.", unit="money")
    weeks_on: int = figure("Weeks on", "With at least half of the largest week.", unit="weeks")
    form: str = figure("Form", "steady, uneven or in bursts.")


class FlightSpend(BaseModel):
    """One channel in one week."""

    channel: str = figure("Channel", "Name of the channel.")
    spend: float = figure("Spend", "To the cent.", unit="money")


class FlightWeek(BaseModel):
    """One week."""

    week: date = figure("Week of", "Its Monday.", unit="day")
    total: float = figure("Spend", "All channels.", unit="money")
    split: list[FlightSpend] = Field(description="By channel.")


class BudgetFlighting(ToolResult):
    """A budget over weeks."""

    patterns: list[FlightPattern] = figure("Patterns", "The same money laid out in several ways.")
    recommended: str = figure("Recommended", "The best found where it is clearly better than even, else even.")
    shown: str = figure("Weeks of", "The pattern whose weeks are listed.")
    weeks: list[FlightWeek] = figure("Week by week", "They sum to the budget to the cent.")
    channels: list[FlightChannel] = figure("By channel", "Most spend first.")
    total: float = figure("Budget", "Of all these weeks.", unit="money")
    total_now: float = figure("As now", "What going on as now would come to.", unit="money")
    first_week: date = figure("From", "First Monday.", unit="day")
    last_week: date = figure("To the week of", "Last Monday.", unit="day")
    cautions: list[str] = figure("Cautions", "What makes it doubtful.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="the budget week by week",
    agents=("optimiser", "reporting"),
    basis="prediction",
    examples=({}, {"weeks": 8, "change": 0.1}, {"weeks": 4, "total": 10_000, "pattern": "pulsed"}),
    questions=(FLIGHTING,),
    next=("How should I split the budget?", "What would revenue be with the planned budget?"),
)
def budget_flighting(context: Context, arguments: FlightingArguments) -> BudgetFlighting:
    """Lay a budget over the weeks ahead: even, front-loaded, pulsed or best found, with what each brings and its
    interval; the weeks of one to the cent. Within bounds a week; refused while no mix model has passed its checks.
    """
    from analytics.budget.flighting import flights

    with context.transaction() as connection:
        asked = _within_a_week(ready(connection, _split(arguments)), arguments)
        profile = organisations.profile(connection)
        first = _first_monday(connection, context, asked)
    limits = _bounds(asked, arguments)
    totals = _totals(asked, arguments, limits)
    gap = (first - asked.kept.posterior.design.series.weeks[-1]).days // 7 - 1
    found = flights(_ahead(asked, gap), totals, arguments.weeks, limits, tuple(asked.channels))
    return _result(asked, arguments, found, totals, first, profile.currency)


def _split(arguments: FlightingArguments) -> BudgetArguments:
    """The question of how much each channel gets, a week."""
    total = None if arguments.total is None else arguments.total / arguments.weeks
    return BudgetArguments(total=total, change=arguments.change, per="week", move_at_most=arguments.move_at_most)


def _within_a_week(asked: Ready, arguments: FlightingArguments) -> Ready:
    """The bounds of the split, no wider than those of a week."""
    import numpy as np

    from analytics.budget.optimiser import Bounds

    limits = _bounds(asked, arguments)
    low, high = np.maximum(asked.bounds.low, limits.low), np.minimum(asked.bounds.high, limits.high)
    named = {one.channel for one in arguments.bounds}
    for place, channel in enumerate(asked.channels):
        if channel in named:  # its own bounds are wider than how far money may move
            low[place], high[place] = limits.low[place], limits.high[place]
    bounds = Bounds(np.minimum(low, high), high)
    return dataclasses.replace(asked, bounds=bounds)


def _bounds(asked: Ready, arguments: FlightingArguments) -> WeekBounds:
    """Least and most in a week by channel; FixArguments where they cannot hold, NotFound for no channel."""
    import numpy as np

    from analytics.budget.flighting import WeekBounds

    highest = asked.kept.posterior.design.series.spend.max(axis=0)
    bounds = WeekBounds(np.zeros(len(highest)), highest * arguments.most_a_week)
    for one in arguments.bounds:
        if one.channel not in asked.channels:
            raise NotFound(f"The model has no channel “{one.channel}”.", field="bounds", valid=asked.channels)
        place = asked.channels.index(one.channel)
        bounds.low[place] = one.at_least or 0.0
        if one.at_most is not None:
            bounds.high[place] = one.at_most
        if bounds.low[place] > bounds.high[place]:
            raise FixArguments(
                f"The bounds of {one.channel} cannot hold: at least {bounds.low[place]:,.2f} a week and at most "
                f"{bounds.high[place]:,.2f}.",
                field="bounds",
            )
    return bounds


def _totals(asked: Ready, arguments: FlightingArguments, limits: WeekBounds) -> NDArray[np.float64]:
    """What each channel gets in all, in whole cents that sum to the budget."""
    from analytics.budget.flighting import in_cents

    level = best_level(asked, _split(arguments)) * arguments.weeks
    whole = arguments.total if arguments.total is not None else float(level.sum())
    return in_cents(level, round(whole, 2), limits.high * arguments.weeks)


def _first_monday(connection: Connection, context: Context, asked: Ready) -> date:
    """The first Monday after all that is known."""
    last = asked.kept.posterior.design.series.weeks[-1]
    zone = Calendar(organisations.profile(connection).time_zone)
    known = zone.last_whole_day(coverage.reference_instant(connection, context.now))
    return max(last + timedelta(days=7), known + timedelta(days=7 - known.weekday()))


def _ahead(asked: Ready, gap: int) -> Ahead:
    from analytics.budget.ahead import Ahead

    posterior = asked.kept.posterior
    return Ahead.of(posterior.curves.thinned(DRAWS), posterior.design.series.spend, recent=RECENT, gap=gap)


def _result(
    asked: Ready,
    arguments: FlightingArguments,
    found: list[Flight],
    totals: NDArray[np.float64],
    first: date,
    currency: str,
) -> BudgetFlighting:
    recommended = _recommended(found, float(totals.sum()))
    wanted = recommended if arguments.pattern == "recommended" else arguments.pattern
    chosen = next(one for one in found if one.pattern == wanted)
    now = asked.response.today * arguments.weeks
    mondays = [first + timedelta(days=7 * week) for week in range(arguments.weeks)]
    channels = _channels(asked, chosen, now)
    bursts = any(one.form == "in bursts" for one in channels)
    return BudgetFlighting(
        patterns=[_pattern(one) for one in found],
        recommended=recommended,
        shown=chosen.pattern,
        weeks=[_week(asked, chosen, place, monday) for place, monday in enumerate(mondays)],
        channels=channels,
        total=_money(float(totals.sum())),
        total_now=_money(float(now.sum())),
        first_week=mondays[0],
        last_week=mondays[-1],
        cautions=[
            *([LITTLE_KNOWN] if bursts else []),
            *[gate["words"] for gate in asked.kept.gates if gate["verdict"] == "caution"],
        ],
        currency=currency,
        evidence=evidence_of(asked, WORDS),
    )


def _recommended(found: list[Flight], total: float) -> str:
    """The best found where it is clearly better than even; even, the simplest rule, where it is not."""
    from analytics.budget.flighting import BEST, EVEN

    best = next(one for one in found if one.pattern == BEST)
    worth = best.against_even.mean > WORTH * total and best.better >= SURE
    return BEST if worth else EVEN


def _pattern(flight: Flight) -> FlightPattern:
    return FlightPattern(
        pattern=flight.pattern,
        gain=_money(flight.gain.mean),
        gain_low=_money(flight.gain.low),
        gain_high=_money(flight.gain.high),
        against_even=_money(flight.against_even.mean),
        against_even_low=_money(flight.against_even.low),
        against_even_high=_money(flight.against_even.high),
        likely_better=round(flight.better, 4),
        largest_week=_money(float(flight.spend.sum(axis=1).max())),
    )


def _week(asked: Ready, flight: Flight, place: int, monday: date) -> FlightWeek:
    spend = [round(float(value), 2) for value in flight.spend[place]]
    split = [FlightSpend(channel=channel, spend=value) for channel, value in zip(asked.channels, spend, strict=True)]
    return FlightWeek(week=monday, total=round(sum(spend), 2), split=split)


def _channels(asked: Ready, flight: Flight, now: NDArray[np.float64]) -> list[FlightChannel]:
    found = []
    for place, channel in enumerate(asked.channels):
        weeks = flight.spend[:, place]
        mean, most = float(weeks.mean()), float(weeks.max())
        spread = float(weeks.std()) / mean if mean > 0 else 0.0
        found.append(
            FlightChannel(
                channel=channel,
                total=round(float(weeks.sum()), 2),
                now=_money(float(now[place])),
                largest_week=_money(most),
                weeks_on=int((weeks >= most / 2).sum()) if most > 0 else 0,
                form="in bursts" if spread > BURSTS else "steady" if spread < STEADY else "uneven",
            )
        )
    return sorted(found, key=lambda one: -one.total)


def _money(value: float) -> float:
    return money(value) or 0.0
