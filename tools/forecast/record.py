"""How forecasts that were told turned out."""

from __future__ import annotations

from datetime import date, timedelta

from pydantic import BaseModel, Field

from core.errors import NoSuchData
from core.identity import READ
from database.queries import forecasts
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, share
from tools.forecast.questions import RECORD
from tools.forecast.series import UNITS, Metric, Period, Reading, read_history
from tools.results import Arguments, Evidence, ToolResult

__all__ = ["ForecastRecord", "ForecastRecordArguments", "forecast_record"]

MOST = 500


class ForecastRecordArguments(Arguments):
    """Of which figure."""

    metric: Metric | None = Field(default=None, description="Figure; absent: all.")
    limit: int = Field(default=50, ge=1, le=MOST, description="Forecasts at most, those that ended last first.")


class ToldForecast(BaseModel):
    """One forecast that was told, and what came."""

    metric: str = figure("Figure", "Name of the figure.")
    start: date = figure("From", "First day.", unit="day")
    end: date = figure("To", "Last day.", unit="day")
    known_until: date = figure("Told knowing", "Last day that was known when it was told.", unit="day")
    expected: float = figure("Expected", "What was told.")
    low: float = figure("Low", "Lower end of its 90% interval.")
    high: float = figure("High", "Upper end of its 90% interval.")
    came: float | None = figure("Came", "What it was; null: not over yet.")
    off: float | None = figure("Off by", "expected over came, less 1.", unit="share")
    held: bool | None = figure("Held", "Whether it lay in the interval.")


class ForecastRecord(ToolResult):
    """Forecasts against what came, the latest period first."""

    forecasts: list[ToldForecast] = Field(description="Those that are over, then those that are not.")
    over: int = figure("Over", "Forecasts whose days are over.", unit="count")
    held: float | None = figure("Held", "Share of them whose interval held.", unit="share")
    mean_off: float | None = figure("Mean error", "Mean absolute error over what came.", unit="share")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="how forecasts turned out",
    agents=("analytics", "reporting"),
    basis="measured",
    examples=({}, {"metric": "revenue"}),
    questions=(RECORD,),
    next=("What will revenue be next month?",),
)
def forecast_record(context: Context, arguments: ForecastRecordArguments) -> ForecastRecord:
    """Forecasts that were told, beside what came: how far off, and whether the interval held."""
    with context.transaction() as connection:
        kept = forecasts.forecasts(connection, arguments.metric, limit=MOST)
        if not kept:
            raise NoSuchData("No forecast has been told yet: ask for one, such as “what will revenue be next month”.")
        told = [one for one in kept if not one.filters]
        # customers are of weeks or months, and are counted so
        wanted = {(one.metric, _step(one)) for one in told}
        readings = {
            (metric, step): read_history(connection, context.now, metric, [], step)  # type: ignore[arg-type]
            for metric, step in wanted
        }
    found = [_against(one, readings[one.metric, _step(one)]) for one in told]
    over = [one for one in found if one.came is not None]
    offs = [abs(one.off) for one in over if one.off is not None]
    reading = next(iter(readings.values()))
    return ForecastRecord(
        forecasts=[*over, *(one for one in found if one.came is None)][: arguments.limit],
        over=len(over),
        held=share(sum(bool(one.held) for one in over) / len(over)) if over else None,
        mean_off=share(sum(offs) / len(offs)) if offs else None,
        currency=reading.currency,
        evidence=Evidence(
            rows=len(found),
            as_of=reading.as_of,
            sources=["forecasts", *sorted({table for one in readings.values() for table in one.sources})],
            definitions=[
                "A forecast told several times for the same days counts once for each day of data it was told from.",
                f"Days of {reading.time_zone}; a forecast is over when the data cover all of its days.",
            ],
        ),
    )


def _step(one: forecasts.KeptForecast) -> str:
    if one.metric != "customers":
        return "day"
    return "week" if one.end_day - one.start_day <= timedelta(days=7) else "month"


def _against(one: forecasts.KeptForecast, reading: Reading) -> ToldForecast:
    period = Period(one.start_day, one.end_day)
    came = reading.came(period) if one.end_day <= reading.last else None
    digits = 2 if UNITS[one.metric] == "money" else 1
    return ToldForecast(
        metric=one.metric,
        start=one.start_day,
        end=one.end_day,
        known_until=one.known_until,
        expected=one.expected,
        low=one.low,
        high=one.high,
        came=None if came is None else round(came, digits),
        off=share(one.expected / came - 1) if came else None,
        held=None if came is None else bool(one.low <= came <= one.high),
    )
