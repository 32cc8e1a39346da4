"""A forecast as a line with its range and a table; a target as bars; told forecasts as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from language.format import percent
from tools.declaration import shows
from tools.forecast.outlook import Forecast, ForecastArguments, forecast
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
