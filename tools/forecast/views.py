"""A forecast as a line with its range and a table; a target as bars; told forecasts as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from language.cells import value_name
from language.format import percent
from tools.declaration import shows
from tools.forecast.outlook import Forecast, ForecastArguments, forecast
from tools.forecast.planned import PlannedChannel, PlannedForecast, PlannedForecastArguments, planned_forecast
from tools.forecast.record import ForecastRecord, ForecastRecordArguments, forecast_record
from tools.forecast.target import TargetPace, TargetPaceArguments, target_pace
from tools.forecast.wording import NAMES
from tools.outcome import Outcome
from tools.views import Chart, Series, Shown, Table, records

_AMOUNTS = {"so_far", "expected", "low", "high", "year_before", "value", "came", "error"}


@shows(forecast)
def course(outcome: Outcome[ForecastArguments, Forecast]) -> Iterator[Shown]:
    """What was and what is expected, with the range; then the parts, then the ways that were tried."""
    result = outcome.result
    name, parts = NAMES[result.metric], result.periods
    if result.grain != "none" and result.history:
        yield _chart(result, name)
    told = parts if result.total is None or len(parts) == 1 else [*parts, result.total]
    yield _in_unit(records(told, title=f"{name} expected"), result.unit)
    if not result.candidates:
        return
    tried = records(result.candidates, title="Ways of forecasting, by their error at past dates")
    yield _in_unit(tried, result.unit)


def _chart(result: Forecast, name: str) -> Chart:
    past, ahead = result.history, result.periods
    x = [one.start.isoformat() for one in past] + [one.start.isoformat() for one in ahead]
    before: list[float | None] = [one.value for one in past]
    gap: list[float | None] = [None] * (len(past) - 1)
    joint = before[-1:] if past else []
    return Chart(
        shape="line", title=f"{name}: what was and what is expected", x=x, x_unit=result.grain, x_title="Time",
        y_title=name, unit=result.unit, note=_note(result),
        series=[
            Series(name="Was", values=[*before, *([None] * len(ahead))]),
            Series(
                name="Expected",
                values=[*gap, *joint, *(one.expected for one in ahead)],
                low=[*gap, *joint, *(one.low for one in ahead)],
                high=[*gap, *joint, *(one.high for one in ahead)],
            ),
        ],
    )  # fmt: skip


def _note(result: Forecast) -> str:
    """What the band is and how it did, and what follows."""
    held = f"; {percent(result.coverage)} of past ones held" if result.coverage is not None else ""
    off = f"Such forecasts were off by {percent(result.error_share)} on average."
    follows = "Plan for the lower end, and set a target to see the pace."
    return f"The band holds nine outcomes in ten{held}. {off} {follows}"


@shows(planned_forecast)
def with_spend(outcome: Outcome[PlannedForecastArguments, PlannedForecast]) -> Iterator[Shown]:
    """With the change as a band, without it as a line; what each channel's change brings; the parts."""
    result = outcome.result
    if len(result.periods) > 1:
        yield _side_by_side(result)
    if result.channels:
        named = [
            one.model_copy(update={"channel": value_name("spend_channel", one.channel)}) for one in result.channels
        ]
        yield _by_channel(result, named)
        yield records(named, title="What each change brings")
    yield records(result.periods, title="Revenue with the change of spend and without")


def _side_by_side(result: PlannedForecast) -> Chart:
    parts = result.periods
    cut = [place for place, one in enumerate(parts) if result.grain == "week" and (one.end - one.start).days < 6]
    return Chart(
        shape="line", title=f"Revenue with {result.plan} and without", x=[one.start.isoformat() for one in parts],
        x_unit=result.grain, x_title="Time", y_title="Revenue", unit="money", partial=cut,
        note="The band holds nine outcomes in ten with the change. Try it for some weeks and look at what comes."
        + (" Dashed: weeks that are cut off." if cut else ""),
        series=[
            Series(
                name="With", values=[one.expected for one in parts], low=[one.low for one in parts],
                high=[one.high for one in parts],
            ),
            Series(name="Without", values=[one.without for one in parts]),
        ],
    )  # fmt: skip


def _by_channel(result: PlannedForecast, channels: Sequence[PlannedChannel]) -> Chart:
    unsure = [one.channel for one in channels if one.low < 0 < one.high]
    note = "Thin lines: 90% intervals, of the change alone. "
    note += (
        f"An experiment would tell for {unsure[0]}." if unsure else "Weigh it with your margin and what is spent more."
    )
    return Chart(
        shape="bar", title="What each change of spend brings in these days", x=[one.channel for one in channels],
        x_title="Channel", y_title="Difference in sales", unit="money", note=note,
        series=[
            Series(
                name="Difference in sales", values=[one.difference for one in channels],
                low=[one.low for one in channels], high=[one.high for one in channels],
            )
        ],
    )  # fmt: skip


@shows(target_pace)
def paces(outcome: Outcome[TargetPaceArguments, TargetPace]) -> Iterator[Shown]:
    """A day so far, expected and needed."""
    result = outcome.result
    if len(result.paces) > 1 and result.verdict != "reached":
        yield Chart(
            shape="bar", title=f"{NAMES[result.metric]} a day", x=[one.name for one in result.paces], x_title="",
            y_title="A day", unit=result.unit,
            series=[Series(name="A day", values=[one.value for one in result.paces])],
        )  # fmt: skip


@shows(forecast_record)
def told(outcome: Outcome[ForecastRecordArguments, ForecastRecord]) -> Iterator[Shown]:
    """Forecasts of each figure in a table of their own, for their units differ."""
    found = outcome.result.forecasts
    for metric in dict.fromkeys(one.metric for one in found):
        rows: Sequence[BaseModel] = [one for one in found if one.metric == metric]
        columns = ("start", "end", "known_until", "expected", "low", "high", "came", "off", "held")
        unit = "money" if metric == "revenue" else "orders"
        yield _in_unit(records(rows, title=f"{NAMES[metric]}: told and come", columns=columns), unit)


def _in_unit(table: Table, unit: str) -> Table:
    """Amounts in the figure's unit: its fields cannot know it."""
    columns = [
        column.model_copy(update={"unit": unit}) if column.name in _AMOUNTS else column for column in table.columns
    ]
    return table.model_copy(update={"columns": columns})
