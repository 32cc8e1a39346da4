"""Targets: whether one is in reach, what is needed a day, and keeping one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from pydantic import BaseModel, Field

from core.errors import FixArguments, NoSuchData
from core.identity import READ, WRITE
from database.queries import forecasts
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, share
from tools.forecast.outlook import ForecastArguments, Foresight, definitions, foresee
from tools.forecast.questions import PACE, SET_TARGET
from tools.forecast.series import UNITS, Period
from tools.results import Arguments, Evidence, ToolResult

__all__ = ["SetTarget", "SetTargetArguments", "TargetPace", "TargetPaceArguments", "set_target", "target_pace"]

Paced = Literal["revenue", "orders", "new_customers", "units"]
LIKELY, UNLIKELY = 0.7, 0.3


class SetTargetArguments(Arguments):
    """Which figure is to reach what, when."""

    metric: Paced = Field(default="revenue", description="Figure of the whole shop.")
    amount: float = Field(gt=0, le=1e13, description="What it is to reach, in the organisation's currency if money.")
    start: date = Field(description="First day.")
    end: date = Field(description="Last day.")


class SetTarget(ToolResult):
    """The target as kept."""

    metric: Paced = figure("Figure", "Name of the figure.")
    amount: float = Field(description="What it is to reach.")
    unit: str = Field(description="money, orders, customers or units.")
    start: date = figure("From", "First day.", unit="day")
    end: date = figure("To", "Last day.", unit="day")
    created: bool = Field(description="True: new; false: it replaces one of the same days.")
    currency: str = Field(description="ISO 4217 code of money.")


class TargetPaceArguments(Arguments):
    """Which target; absent parts are taken from the target that is kept for the running days."""

    metric: Paced = Field(default="revenue", description="Figure of the whole shop.")
    amount: float | None = Field(default=None, gt=0, le=1e13, description="Target; absent: the kept one.")
    start: date | None = Field(default=None, description="First day; absent: of the kept target.")
    end: date | None = Field(default=None, description="Last day; absent: of the kept target.")


class Pace(BaseModel):
    """A day's figure."""

    name: str = figure("What", "Whose day.")
    value: float = figure("A day", "On average.")


class TargetPace(ToolResult):
    """How a figure stands against its target."""

    metric: Paced = figure("Figure", "Name of the figure.")
    unit: str = Field(description="money, orders, customers or units.")
    target: float = Field(description="What it is to reach.")
    start: date = figure("From", "First day.", unit="day")
    end: date = figure("To", "Last day.", unit="day")
    so_far: float = Field(description="What has come, up to `known_until`.")
    expected: float = Field(description="What it will come to.")
    low: float = Field(description="Lower end of its 90% interval.")
    high: float = Field(description="Upper end of its 90% interval.")
    chance: float = figure("Chance", "That the target is reached, 0-1.", unit="share")
    verdict: Literal["reached", "on track", "open", "behind"] = figure("Verdict", "Where it stands.")
    days_left: int = figure("Days left", "Days of the period after `known_until`.", unit="days")
    needed_a_day: float = Field(description="What each remaining day has to bring.")
    expected_a_day: float = Field(description="What each remaining day is expected to bring.")
    a_day_so_far: float | None = Field(description="What each day brought so far; null before it begins.")
    paces: list[Pace] = Field(description="The three as a list, for the picture.")
    kept: bool = Field(description="True: the target is the one that was kept.")
    known_until: date = Field(description="Last whole day that is known.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.COMPUTE,
    scope=WRITE,
    about="Kept a target",
    recorded=True,
    agents=("analytics",),
    basis="record",
    examples=({"metric": "revenue", "amount": 50000, "start": "2012-01-01", "end": "2012-01-31"},),
    questions=(SET_TARGET,),
    views=(),
    next=("Are we on track?", "What will revenue be next month?"),
)
def set_target(context: Context, arguments: SetTargetArguments) -> SetTarget:
    """Keep what revenue, orders, new customers or units are to reach in some days; the same days again replace it."""
    if arguments.start > arguments.end:
        raise FixArguments(f"The days begin on {arguments.start} and end on {arguments.end}.", field="start")
    target = forecasts.KeptTarget(
        arguments.metric, arguments.start, arguments.end, arguments.amount, context.identity.actor
    )
    with context.transaction() as connection:
        created = forecasts.keep_target(connection, target)
    return SetTarget(
        metric=arguments.metric,
        amount=arguments.amount,
        unit=UNITS[arguments.metric],
        start=arguments.start,
        end=arguments.end,
        created=created,
        currency=context.profile().currency,
        evidence=Evidence(rows=0, sources=["targets"]),
    )


@tool(
    effect=Effect.READ,
    scope=READ,
    about="how a figure stands against its target",
    agents=("analytics", "reporting"),
    basis="prediction",
    examples=({"amount": 50000, "start": "2012-01-01", "end": "2012-01-31"},),
    questions=(PACE,),
    next=("What will revenue be next month?", "How accurate were our forecasts?"),
)
def target_pace(context: Context, arguments: TargetPaceArguments) -> TargetPace:
    """Whether a target is in reach: so far, expected with an interval, the chance, and what is needed a day. The
    target is given, or the one that was kept for the running days.
    """
    amount, asked, kept = _target(context, arguments)
    seen = foresee(context, ForecastArguments(metric=arguments.metric, start=asked.start, end=asked.end))
    reading, outlook, found = seen.reading, seen.outlook, seen.outlook.spans[0]
    known = Period(asked.start, min(asked.end, reading.last))
    so_far = reading.came(known) if known.start <= known.end else 0.0
    left = (asked.end - max(reading.last, asked.start - timedelta(days=1))).days
    past_days = (known.end - known.start).days + 1 if known.start <= known.end else 0
    chance = outlook.chance(found.span, amount - so_far)
    needed, ahead = max(amount - so_far, 0.0) / left, found.expected / left
    so_far_a_day = so_far / past_days if past_days else None
    return TargetPace(
        metric=arguments.metric,
        unit=UNITS[arguments.metric],
        target=amount,
        start=asked.start,
        end=asked.end,
        so_far=round(so_far, 2),
        expected=round(so_far + found.expected, 2),
        low=round(so_far + found.interval.low, 2),
        high=round(so_far + found.interval.high, 2),
        chance=share(chance) or 0.0,
        verdict=_verdict(so_far, amount, chance),
        days_left=left,
        needed_a_day=round(needed, 2),
        expected_a_day=round(ahead, 2),
        a_day_so_far=None if so_far_a_day is None else round(so_far_a_day, 2),
        paces=_paces(so_far_a_day, ahead, needed),
        kept=kept,
        known_until=reading.last,
        currency=reading.currency,
        evidence=_evidence(seen, kept=kept),
    )


def _evidence(seen: Foresight, *, kept: bool) -> Evidence:
    chance = (
        "chance: of the misses of past forecasts of as many days, the share with which the target is reached; "
        f"on track from {LIKELY:.0%}, behind below {UNLIKELY:.0%}."
    )
    return Evidence(
        rows=seen.reading.rows,
        as_of=seen.reading.as_of,
        sources=[*seen.reading.sources, *(["targets"] if kept else [])],
        definitions=[chance, *definitions(seen)],
    )


def _target(context: Context, arguments: TargetPaceArguments) -> tuple[float, Period, bool]:
    """The amount, its days, and whether it is the kept one."""
    if arguments.amount is not None and arguments.end is not None:
        start = arguments.start or arguments.end.replace(day=1)
        return arguments.amount, Period(start, arguments.end), False
    with context.transaction() as connection:
        found = forecasts.targets(connection, arguments.metric)
    today = context.calendar().day(context.now)
    fitting = [
        one
        for one in found
        if (arguments.end is None or one.end_day == arguments.end)
        and (arguments.start is None or one.start_day == arguments.start)
    ]
    running = [one for one in fitting if one.start_day <= today <= one.end_day] or fitting
    if not running:
        name = arguments.metric.replace("_", " ")
        raise NoSuchData(
            f"No target for {name} is kept for those days. Say one, such as “are we on track for 50,000 this month”, "
            "or keep one: “set a revenue target of 50,000 for this month”.",
            field="amount",
        )
    one = running[0]
    return arguments.amount or one.amount, Period(one.start_day, one.end_day), arguments.amount is None


def _verdict(so_far: float, target: float, chance: float) -> Literal["reached", "on track", "open", "behind"]:
    if so_far >= target:
        return "reached"
    if chance >= LIKELY:
        return "on track"
    return "behind" if chance < UNLIKELY else "open"


def _paces(so_far: float | None, ahead: float, needed: float) -> list[Pace]:
    known = [("So far", so_far), ("Expected from now on", ahead), ("Needed from now on", needed)]
    return [Pace(name=name, value=round(value, 2)) for name, value in known if value is not None]
