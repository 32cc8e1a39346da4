"""Forecasts, targets and their record in words."""

from __future__ import annotations

from datetime import date
from typing import Final

from language.cells import value_name
from language.format import amount, bullets, count, day, percent, period
from tools.declaration import answers
from tools.forecast.outlook import Forecast, ForecastArguments, ForecastPeriod, forecast
from tools.forecast.planned import PlannedForecast, PlannedForecastArguments, planned_forecast
from tools.forecast.record import ForecastRecord, ForecastRecordArguments, forecast_record
from tools.forecast.target import (
    SetTarget,
    SetTargetArguments,
    TargetPace,
    TargetPaceArguments,
    set_target,
    target_pace,
)
from tools.outcome import Outcome

NAMES: Final = {
    "revenue": "Revenue", "orders": "Orders", "new_customers": "New customers", "units": "Units sold",
    "customers": "Customers who order",
}  # fmt: skip
TOLD, TEN = 6, 10
SURE = 0.95


@answers(forecast)
def outlook(outcome: Outcome[ForecastArguments, Forecast]) -> str:
    """The expected figure with its range, against a year before; its parts; how such forecasts went."""
    result = outcome.result
    lead = _lead(result, outcome.currency)
    parts = result.periods if len(result.periods) > 1 or result.total is None else []
    listed = bullets([_part(result, one, outcome.currency) for one in parts[:TOLD]])
    more = f"The table has all {len(parts)}." if len(parts) > TOLD else ""
    plans = "It knows the past and the calendar, not plans: spend, prices or campaigns to come are not in it."
    return "\n\n".join(part for part in (lead, listed, more, _record(result), plans) if part)


def _lead(result: Forecast, currency: str) -> str:
    name, of = NAMES[result.metric], "".join(f" ({one.value})" for one in result.filters)
    one = result.total or result.periods[0]
    figure = _amount(one.expected, result.unit, currency)
    told = f"**{name}{of} will be about {figure} {period(one.start, one.end)}**, {_range(result, one, currency)}."
    if one.so_far:
        told += f" {amount(one.so_far, result.unit, currency)} of it has come by {day(result.known_until)}."
    if one.growth is not None:
        than = "more than" if one.growth >= 0 else "less than"
        told += f" That is {percent(abs(one.growth))} {than} the same days a year before."
    return told


def _range(result: Forecast, one: ForecastPeriod, currency: str) -> str:
    low, high = (_amount(end, result.unit, currency) for end in (one.low, one.high))
    return f"nine times in ten between {low} and {high}"


def _part(result: Forecast, one: ForecastPeriod, currency: str) -> str:
    figure = _amount(one.expected, result.unit, currency)
    low, high = (_amount(end, result.unit, currency) for end in (one.low, one.high))
    return f"{_dates(one.start, one.end)}: {figure} ({low} to {high})"


def _dates(start: date, end: date) -> str:
    told = period(start, end)
    return told[:1].upper() + told[1:]


def _record(result: Forecast) -> str:
    """How far such forecasts were off, set against the simplest rules; and that the intervals held."""
    off = f"Forecasts this far ahead were off by {percent(result.error_share)} on average at past dates"
    if result.is_rule:
        told = f"{off}. Nothing that was tried beat the simple rule “{result.champion}”, so that is what is shown."
    else:
        rules = [
            f"{percent(less)} less than by repeating {what}"
            for less, what in (
                (result.less_than_naive, f"the last {result.cycle}"),
                (result.less_than_last_year, "last year"),
            )
            if less is not None and less > 0
        ]
        told = f"{off}{', ' + ' and '.join(rules) if rules else ''}."
    if result.coverage is None:
        return told
    return f"{told} {percent(result.coverage)} of {count(result.judged)} such ranges held what came."


@answers(target_pace)
def pace(outcome: Outcome[TargetPaceArguments, TargetPace]) -> str:
    """The verdict with the chance; so far, expected, and what each day has to bring."""
    result, money = outcome.result, outcome.currency
    name, when = NAMES[result.metric].lower(), period(result.start, result.end)
    target = amount(result.target, result.unit, money)
    so_far, expected, low, high, needed, ahead = (
        _amount(value, result.unit, money)
        for value in (
            result.so_far,
            result.expected,
            result.low,
            result.high,
            result.needed_a_day,
            result.expected_a_day,
        )
    )
    if result.verdict == "reached":
        return (
            f"**The target is reached: {so_far} of {target} {name} {when}**, and about {expected} is expected in all."
        )
    head = {
        "on track": f"**Yes, on track for {target} {name} {when}**",
        "open": f"**It is open whether {target} {name} is reached {when}**",
        "behind": f"**No, behind: {target} {name} {when} is unlikely**",
    }[result.verdict]
    lines = [
        f"so far: {so_far} by {day(result.known_until)}",
        f"expected in all: {expected}, nine times in ten {low} to {high}",
        f"needed on each of the {count(result.days_left)} days left: {needed}; expected: {ahead}",
    ]
    return f"{head}: the chance is {percent(result.chance)}.\n\n{bullets(lines)}"


@answers(set_target)
def target(outcome: Outcome[SetTargetArguments, SetTarget]) -> str:
    """What was kept."""
    result = outcome.result
    verb = "is kept" if result.created else "replaces the earlier one"
    figure = amount(result.amount, result.unit, outcome.currency)
    return (
        f"**The target {verb}: {figure} {NAMES[result.metric].lower()} {period(result.start, result.end)}.** Ask “are "
        "we on track?” at any time."
    )


@answers(forecast_record)
def record(outcome: Outcome[ForecastRecordArguments, ForecastRecord]) -> str:
    """How many are over, how far off they were, how many ranges held."""
    result = outcome.result
    if not result.over:
        first = min(one.end for one in result.forecasts)
        return (
            f"**None of the {count(len(result.forecasts))} forecasts that were told is over yet**; the first ends on "
            f"{day(first)}."
        )
    held = f", and {percent(result.held)} of the ranges held what came" if result.held is not None else ""
    return f"**{count(result.over)} forecasts are over: off by {percent(result.mean_off)} on average{held}.**"


def _amount(value: float, unit: str, currency: str) -> str:
    """Money as it is, counts whole from ten on: a forecast knows no tenths of an order."""
    return amount(value if unit == "money" or abs(value) < TEN else float(round(value)), unit, currency)


@answers(planned_forecast)
def with_spend(outcome: Outcome[PlannedForecastArguments, PlannedForecast]) -> str:
    """With the change and without it, the difference with its range, by channel, and what is assumed."""
    result, money = outcome.result, outcome.currency
    when = period(result.start, result.end)
    with_it, without, low, high = (
        amount(value, "money", money) for value in (result.expected, result.without, result.low, result.high)
    )
    head = (
        f"**With {result.plan}, revenue will be about {with_it} {when}; without a change of spend about {without}** "
        f"(with it nine times in ten between {low} and {high})."
    )
    lines = [
        f"**{value_name('spend_channel', one.channel)}**: {amount(one.now, 'money', money)} a week now, "
        f"{amount(one.planned, 'money', money)} planned: {_signed(one.difference, money)} in sales "
        f"({_signed(one.low, money)} to {_signed(one.high, money)})"
        for one in result.channels
    ]
    parts = [head, _difference(result, money), bullets(lines), f"Assumed:\n\n{bullets(result.assumptions)}"]
    return "\n\n".join(part for part in parts if part)


def _difference(result: PlannedForecast, money: str) -> str:
    """What the change itself comes to, against what it costs or saves."""
    if not result.channels:
        return "Nothing changes against what is spent now."
    spent = "more is spent" if result.extra_spend >= 0 else "less is spent"
    sure = (
        "By the marketing mix model sales are almost surely higher with it." if result.likely_more >= SURE
        else "By the marketing mix model sales are almost surely lower with it." if result.likely_more <= 1 - SURE
        else f"By the marketing mix model the probability that sales are higher is {percent(result.likely_more)}."
    )  # fmt: skip
    cost = (
        f", while {amount(abs(result.extra_spend), 'money', money)} {spent}" if abs(result.extra_spend) >= 1
        else ", for as much spend as now"
    )  # fmt: skip
    return (
        f"The change itself: {_signed(result.difference, money)} in sales, nine times in ten "
        f"{_signed(result.difference_low, money)} to {_signed(result.difference_high, money)}{cost}. {sure}"
    )


def _signed(value: float, money: str) -> str:
    return f"{'+' if value >= 0 else ''}{amount(value, 'money', money)}"
