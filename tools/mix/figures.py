"""Weekly sales and spend of an organisation as the model takes them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from core.calendar import Calendar, first_of_week
from core.errors import NoSuchData
from database.queries import coverage, mix, organisations
from tools.mix.trials import CampaignTrial, campaign_trials

if TYPE_CHECKING:
    from analytics.mix.series import LiftTest, Series

__all__ = ["NO_SPEND", "lift_tests", "trials_known", "weekly_series"]

WEEK = timedelta(days=7)
NO_SPEND = (
    "No advertising spend has been loaded, so nothing can be said of what channels bring. Import what the ad platforms "
    "report: a file with day, channel and spend, or a connection to them."
)
NO_SALES = "No orders have been loaded, so there are no sales that spend could explain. Import the orders first."


def weekly_series(connection: Connection, now: datetime) -> tuple[Series, datetime]:
    """Whole weeks (from Monday) with both spend and orders, and the instant they end at; peaks of the year as controls.

    Errors: NoSuchData without spend, without orders, or where the two have no whole week in common.
    """
    from analytics.mix.calendar import year_end
    from analytics.mix.series import Series

    spent, first_day, last_day = mix.weekly_spend(connection)
    if first_day is None or last_day is None:
        raise NoSuchData(NO_SPEND)
    end = coverage.reference_instant(connection, now)
    sales = mix.weekly_sales(connection, end)
    if not sales:
        raise NoSuchData(NO_SALES)
    calendar = Calendar(organisations.profile(connection).time_zone)
    weeks = _whole_weeks(first_day, min(last_day, calendar.last_whole_day(end)), min(sales))
    if not weeks:
        raise NoSuchData("Spend and orders have no whole week (Monday to Sunday) in common.")
    channels = sorted({channel for _week, channel in spent})
    series = Series.of(
        weeks,
        [sales.get(week, 0.0) for week in weeks],
        {channel: [spent.get((week, channel), 0.0) for week in weeks] for channel in channels},
        year_end(weeks),
    )
    return series, calendar.start(weeks[-1] + WEEK)


def _whole_weeks(first: date, last: date, first_sales: date) -> list[date]:
    """Mondays of the weeks that lie wholly between the first and last day of spend, from the first week of sales."""
    monday = first_of_week(first)
    start = max(monday if monday == first else monday + WEEK, first_sales)
    found = []
    while start + WEEK - timedelta(days=1) <= last:
        found.append(start)
        start += WEEK
    return found


def trials_known(connection: Connection, now: datetime) -> list[CampaignTrial]:
    """Campaigns with a control group, and what those on channels with spend measured."""
    spent, _first, _last = mix.weekly_spend(connection)
    return campaign_trials(connection, now, {channel for _week, channel in spent})


def lift_tests(connection: Connection, now: datetime) -> list[LiftTest]:
    """The experiments that count, as the model takes them: those kept, and those of campaigns."""
    from analytics.mix.series import LiftTest

    kept = [
        LiftTest(
            row.channel, float(row.spend), float(row.change), float(row.lift), float(row.error),
            row.source or row.note or "entered by hand",
        )
        for row in mix.lifts(connection)
    ]  # fmt: skip
    return [*kept, *(trial.test for trial in trials_known(connection, now) if trial.test and not trial.kept_out)]
