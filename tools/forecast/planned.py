"""Revenue ahead with a change of advertising spend and without it, by the forecast and the marketing mix model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field, model_validator
from sqlalchemy import Connection

from core.errors import FixArguments, NoSuchData, NotFound
from core.identity import READ
from database.queries import budget_plans
from language.cells import value_name
from tools.budget.figures import WEEKS_OF, Per
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money
from tools.forecast.outlook import ForecastArguments, Foresight, foresee, told_period
from tools.forecast.questions import PLANNED
from tools.forecast.series import Grain
from tools.mix.stored import NOT_YET, Kept, kept_fit
from tools.results import Arguments, Evidence, ToolResult

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from analytics.budget.change import Change
    from analytics.mix.effects import Interval

__all__ = ["PlannedForecast", "PlannedForecastArguments", "planned_forecast"]

RECENT, DRAWS = 13, 400
LONG = 26 * 7  # days from which months are told one by one, not weeks
ALL = "all"


class ChannelChange(Arguments):
    """What is to change on one channel: exactly one of change, extra and spend."""

    channel: str = Field(max_length=200, description="Name of the channel, or a part of it that names no other.")
    change: float | None = Field(default=None, ge=-1, le=4, description="Against now: 0.2 is 20% more, -1 nothing.")
    extra: float | None = Field(default=None, ge=-1e12, le=1e12, description="So much more (or less) per `per`.")
    spend: float | None = Field(default=None, ge=0, le=1e12, description="So much per `per` instead.")

    @model_validator(mode="after")
    def _one(self) -> ChannelChange:
        if sum(value is not None for value in (self.change, self.extra, self.spend)) != 1:
            raise ValueError("give exactly one of `change`, `extra` and `spend` for each channel")
        return self


class PlannedForecastArguments(Arguments):
    """Which days, and what is to change; nothing given: the budget split approved or proposed last."""

    start: date | None = Field(default=None, description="First day; the change begins then. Absent: tomorrow.")
    end: date | None = Field(default=None, description="Last day. Absent: four weeks ahead.")
    changes: list[ChannelChange] = Field(default_factory=list, max_length=50, description="By channel.")
    total_change: float | None = Field(default=None, ge=-1, le=4, description="Of every channel alike, against now.")
    per: Per = Field(default="month", description="Period of the amounts in `changes`.")


class PlannedPeriod(BaseModel):
    """One part of the days, with and without."""

    start: date = figure("From", "First day.", unit="day")
    end: date = figure("To", "Last day.", unit="day")
    without: float = figure("Without the change", "What is expected if spend goes on as now.", unit="money")
    expected: float = figure("With the change", "What is expected with it.", unit="money")
    low: float = figure("Low", "Lower end of its 90% interval.", unit="money")
    high: float = figure("High", "Upper end of its 90% interval.", unit="money")


class PlannedChannel(BaseModel):
    """One channel whose spend changes."""

    channel: str = figure("Channel", "Name of the channel.")
    now: float = figure("Spend a week now", "Mean of the last 13 weeks.", unit="money")
    planned: float = figure("Spend a week planned", "From the first day of the change.", unit="money")
    difference: float = figure("Difference in sales", "Over the days asked for.", unit="money")
    low: float = figure("Difference, low", "Lower end of its 90% interval.", unit="money")
    high: float = figure("Difference, high", "Upper end of its 90% interval.", unit="money")
    beyond: bool = figure("Beyond", "True: a week of it exceeds all ever spent in one week: the model guesses there.")


class PlannedForecast(ToolResult):
    """Revenue with the change of spend and without."""

    plan: str = figure("Plan", "What changes.")
    start: date = figure("From", "First day.", unit="day")
    end: date = figure("To", "Last day.", unit="day")
    begins: date = figure("The change begins", "First day of it.", unit="day")
    without: float = figure("Without the change", "Expected if spend goes on as now.", unit="money")
    without_low: float = figure("Without, low", "Lower end of the 90% interval.", unit="money")
    without_high: float = figure("Without, high", "Upper end of the 90% interval.", unit="money")
    expected: float = figure("With the change", "Expected with it.", unit="money")
    low: float = figure("With, low", "Lower end of the 90% interval.", unit="money")
    high: float = figure("With, high", "Upper end of the 90% interval.", unit="money")
    difference: float = figure("Difference", "With less without.", unit="money")
    difference_low: float = figure("Difference, low", "Lower end of the 90% interval.", unit="money")
    difference_high: float = figure("Difference, high", "Upper end of the 90% interval.", unit="money")
    likely_more: float = figure(
        "Likely more", "Probability, by the model, that sales are higher with it.", unit="share"
    )
    extra_spend: float = figure("Spent more", "In these days; negative: saved.", unit="money")
    periods: list[PlannedPeriod] = figure("With and without", "Part by part, soonest first.")
    channels: list[PlannedChannel] = figure("By channel", "Those whose spend changes.")
    grain: Grain = Field(description="What the parts are.")
    assumptions: list[str] = figure("Assumed", "What has to hold for these figures.")
    known_until: date = Field(description="Last whole day that is known.")
    currency: str = Field(description="ISO 4217 code of money.")


@dataclass(frozen=True, slots=True)
class _Plan:
    """Spend a week by channel in the model's order, and what it is called."""

    name: str
    level: NDArray[np.float64]


@tool(
    effect=Effect.READ,
    scope=READ,
    about="what revenue will be with a change of spend",
    agents=("analytics", "optimiser", "reporting"),
    basis="prediction",
    examples=({}, {"changes": [{"channel": "paid_search", "change": 0.2}], "end": "2012-01-31"}),
    questions=(PLANNED,),
    next=("How should I split the budget?", "What will revenue be next month?", "What does each channel bring?"),
)
def planned_forecast(context: Context, arguments: PlannedForecastArguments) -> PlannedForecast:
    """Revenue of days ahead if advertising spend changes and if it does not, with the difference and its 90% interval:
    by channel, of all alike, or for the budget split kept last. Refused while no mix model has passed its checks.
    """
    with context.transaction() as connection:
        kept = _fit(connection)
        plan = _plan(connection, kept, arguments)
    asked = ForecastArguments(start=arguments.start, end=arguments.end, grain=_grain(arguments))
    seen = foresee(context, asked)
    return _told(seen, kept, plan, _change(seen, kept, plan))


def _fit(connection: Connection) -> Kept:
    """The kept fit; NoSuchData says what is missing for one that may be relied on."""
    kept = kept_fit(connection)
    if kept is None:
        raise NoSuchData(f"Only a marketing mix model can say what spend changes. {NOT_YET}", field="changes")
    if kept.failed:
        raise NoSuchData(
            "What a change of spend does is not told: the marketing mix model failed its checks. "
            f"{' '.join(kept.failed)} The forecast without a change of spend holds all the same.",
            field="changes",
        )
    return kept


def _plan(connection: Connection, kept: Kept, arguments: PlannedForecastArguments) -> _Plan:
    """Spend a week as asked, else that of the budget kept last."""
    channels = list(kept.posterior.design.series.channels)
    now = kept.posterior.design.series.last(RECENT)
    level = now.copy()
    if not arguments.changes and arguments.total_change is None:
        return _kept_plan(connection, channels, level)
    if arguments.total_change is not None:
        level = level * (1 + arguments.total_change)
    for one in arguments.changes:
        places = _places(one.channel, channels)
        for place in places:
            level[place] = _moved(
                float(now[place]), one, arguments.per, float(now[place] / max(now[places].sum(), 1e-9))
            )
    return _Plan(_named(arguments), level)


def _moved(now: float, one: ChannelChange, per: Per, part: float) -> float:
    """A channel's spend a week; of an amount for all channels it gets its present part."""
    if one.change is not None:
        return now * (1 + one.change)
    if one.extra is not None:
        return max(now + part * one.extra / WEEKS_OF[per], 0.0)
    return part * (one.spend or 0.0) / WEEKS_OF[per]


def _places(name: str, channels: Sequence[str]) -> list[int]:
    """Where the channel meant stands; all of them for "all"."""
    said = " ".join(name.lower().replace("_", " ").split())
    if said == ALL:
        return list(range(len(channels)))
    spoken = [channel.lower().replace("_", " ") for channel in channels]
    meant = [spoken.index(said)] if said in spoken else [n for n, one in enumerate(spoken) if said in one.split()]
    if len(meant) != 1:
        several = "names several channels" if meant else "is no channel of the model"
        raise NotFound(f"“{name}” {several}.", field="changes", valid=list(channels))
    return meant


def _named(arguments: PlannedForecastArguments) -> str:
    said = [] if arguments.total_change is None else [f"{_share(arguments.total_change)} on every channel"]
    for one in arguments.changes:
        name = "all channels" if one.channel == ALL else value_name("spend_channel", one.channel)
        if one.change is not None:
            said.append(f"{_share(one.change)} on {name}")
        elif one.extra is not None:
            more = "more" if one.extra >= 0 else "less"
            said.append(f"{abs(one.extra):,.0f} {more} a {arguments.per} on {name}")
        else:
            said.append(f"{one.spend:,.0f} a {arguments.per} on {name}")
    return ", ".join(said)


def _share(change: float) -> str:
    if change <= -1:
        return "nothing"
    return f"{abs(change):.0%} {'more' if change >= 0 else 'less'}"


def _kept_plan(connection: Connection, channels: Sequence[str], level: NDArray[np.float64]) -> _Plan:
    """The budget approved last, else the one that waits; channels it does not name go on as now."""
    for status in ("approved", "pending"):
        _total, rows = budget_plans.listed(connection, status, 1)
        for row in rows:
            weeks = WEEKS_OF[row.payload["per"]]
            for line in row.payload["lines"]:
                if line["channel"] in channels:
                    level[channels.index(line["channel"])] = float(line["planned"]) / weeks
            return _Plan(f"the {status} budget “{row.title}”", level)
    raise NoSuchData(
        "No spend is planned: say what is to change (“what will revenue be next month if we spend 20% more on "
        "search”), or have a budget split proposed.",
        field="changes",
    )


def _grain(arguments: PlannedForecastArguments) -> Grain:
    if arguments.start is None and arguments.end is None:
        return "none"
    begin = arguments.start or arguments.end
    long = arguments.end is not None and begin is not None and (arguments.end - begin).days >= LONG
    return "month" if long else "week"


def _change(seen: Foresight, kept: Kept, plan: _Plan) -> Change:
    from analytics.budget.ahead import Ahead
    from analytics.budget.change import change_of_spend

    series = kept.posterior.design.series
    begins = max(seen.period.start, seen.reading.last + timedelta(days=1))
    if begins < series.weeks[-1] + timedelta(days=7):
        raise FixArguments(f"The model knows spend up to {series.weeks[-1]}: ask for days after it.", field="start")
    ahead = Ahead.of(kept.posterior.curves.thinned(DRAWS), series.spend, recent=RECENT)
    return change_of_spend(
        ahead, series.spend, series.weeks, plan.level, recent=RECENT, begins=begins, until=seen.period.end
    )


def _told(seen: Foresight, kept: Kept, plan: _Plan, change: Change) -> PlannedForecast:
    from analytics.budget.change import with_change
    from analytics.mix.effects import interval

    start, end = seen.period.start, seen.period.end
    draws = change.between(start, end)
    difference = interval(draws.sum(axis=1))
    expected, around = _without(seen, 0)
    whole = with_change(expected, around, difference)
    run = kept.run
    return PlannedForecast(
        plan=plan.name,
        start=start,
        end=end,
        begins=change.begins,
        without=_money(expected),
        without_low=_money(around[0]),
        without_high=_money(around[1]),
        expected=_money(whole.mean),
        low=_money(whole.low),
        high=_money(whole.high),
        difference=_money(difference.mean),
        difference_low=_money(difference.low),
        difference_high=_money(difference.high),
        likely_more=round(float((draws.sum(axis=1) > 0).mean()), 4),
        extra_spend=_money(float(change.spent(start, end).sum())),
        periods=_parts(seen, change),
        channels=_channels(kept, plan, change, draws),
        grain=seen.grain,
        assumptions=_assumed(kept, plan),
        known_until=seen.reading.last,
        currency=seen.reading.currency,
        evidence=Evidence(
            rows=seen.reading.rows + run.rows,
            as_of=seen.reading.as_of,
            sources=[*seen.reading.sources, "channel_spend", "model_runs"],
            definitions=[_DIFFERENCE, f"The mix model was fitted to {run.rows} weeks up to {run.as_of:%Y-%m-%d}."],
        ),
    )


_DIFFERENCE = (
    "difference: what the marketing mix model says the change of spend brings in these days, effects carried over from "
    "week to week; with: the forecast plus the difference, their intervals joined as if they miss independently."
)


def _without(seen: Foresight, place: int) -> tuple[float, tuple[float, float]]:
    """A span of the forecast in all, what is known of it included."""
    one = told_period(seen, place)
    return one.expected, (one.low, one.high)


def _parts(seen: Foresight, change: Change) -> list[PlannedPeriod]:
    from analytics.budget.change import with_change

    several = len(seen.outlook.spans) > 1
    found = []
    for place, part in enumerate(seen.parts):
        expected, around = _without(seen, place + 1 if several else place)
        both = with_change(expected, around, change.total(part.start, part.end))
        low, high = _money(both.low), _money(both.high)
        found.append(
            PlannedPeriod(
                start=part.start, end=part.end, without=_money(expected), expected=_money(both.mean), low=low, high=high
            )
        )
    return found


def _channels(kept: Kept, plan: _Plan, change: Change, draws: NDArray[np.float64]) -> list[PlannedChannel]:
    """Those that change, the largest change first."""
    from analytics.mix.effects import interval

    series = kept.posterior.design.series
    now, beyond = series.last(RECENT), _beyond(kept, plan)
    moved = [place for place in range(len(now)) if abs(plan.level[place] - now[place]) > 0.005]
    found = []
    for place in sorted(moved, key=lambda place: -abs(plan.level[place] - now[place])):
        brought: Interval = interval(draws[:, place])
        found.append(
            PlannedChannel(
                channel=series.channels[place],
                now=_money(float(now[place])),
                planned=_money(float(plan.level[place])),
                difference=_money(brought.mean),
                low=_money(brought.low),
                high=_money(brought.high),
                beyond=bool(beyond[place]),
            )
        )
    return found


def _beyond(kept: Kept, plan: _Plan) -> NDArray[np.bool_]:
    """Channels with a week in the pattern of the plan that exceeds all ever spent in one."""
    import numpy as np

    series = kept.posterior.design.series
    now, window = series.last(RECENT), series.spend[-RECENT:].max(axis=0)
    peak = np.where(now > 0, window * plan.level / np.where(now > 0, now, 1.0), plan.level)
    return np.asarray(peak > series.spend.max(axis=0) * 1.0001)


def _assumed(kept: Kept, plan: _Plan) -> list[str]:
    """What has to hold: the model, its coverage, spend otherwise as lately, weeks beyond all that was spent."""
    channels = kept.posterior.design.series.channels
    beyond = [
        value_name("spend_channel", channel)
        for channel, is_beyond in zip(channels, _beyond(kept, plan), strict=True)
        if is_beyond
    ]
    return [
        *([f"Never spent so much in a week: {', '.join(beyond)}. The curve is a guess there."] if beyond else []),
        "The forecast takes spend to go on as in the last 13 weeks; the change begins on the first day and is held, in "
        "the same pattern over the weeks.",
        "The effect of spend is the marketing mix model's: read from how sales moved with spend, not measured by an "
        "experiment unless one calibrates it.",
        "Effects that come after the last day are not counted.",
        *[gate["words"] for gate in kept.gates if gate["verdict"] == "caution"],
    ]


def _money(value: float) -> float:
    return money(value) or 0.0
