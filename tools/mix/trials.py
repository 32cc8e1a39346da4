"""Campaigns with a control group as experiments for the marketing mix: what their cost measurably brought."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from core.calendar import Calendar
from database.queries import campaign_lifts, coverage, experiments, mix, organisations
from tools.experiments.effect import BEFORE
from tools.experiments.measure import FEWEST_BUYERS, SMALLEST_ARM, SUSPECT

if TYPE_CHECKING:
    from analytics.mix.series import LiftTest

__all__ = ["CampaignTrial", "campaign_trials"]

WEEKS = 4
WINDOW = timedelta(weeks=WEEKS)


@dataclass(frozen=True, slots=True)
class CampaignTrial:
    """A campaign with a control group; `test` is what it measured, or `reason` says why that cannot be used."""

    campaign_id: str
    name: str
    channel: str | None
    started_on: date
    last_day: date
    test: LiftTest | None
    reason: str | None
    kept_out: bool


def campaign_trials(connection: Connection, now: datetime, channels: Set[str]) -> list[CampaignTrial]:
    """All campaigns with a control group, the latest first; `channels`: those whose spend is known."""
    end, kept_out = coverage.reference_instant(connection, now), campaign_lifts.kept_out(connection)
    calendar = Calendar(organisations.profile(connection).time_zone)
    found = []
    for trial in experiments.trials(connection):
        first = calendar.day(trial.started_at)
        outcome = _unfit(trial, channels, end) or _measured(connection, trial, first)
        test, reason = (None, outcome) if isinstance(outcome, str) else (outcome, None)
        found.append(
            CampaignTrial(
                trial.campaign_id, trial.name, trial.channel, first, first + WINDOW - timedelta(days=1), test, reason,
                trial.campaign_id in kept_out,
            )
        )  # fmt: skip
    return found


def _unfit(trial: experiments.Trial, channels: Set[str], data_end: datetime) -> str | None:
    """Why a campaign cannot tell anything of a channel, by what is known without its customers' orders."""
    from analytics.uplift.effects import ratio_mismatch

    if trial.channel is None:
        return "its channel is not known"
    if trial.channel not in channels:
        return f"no spend on {trial.channel.replace('_', ' ')} is known, so the mix has no such channel"
    if trial.started_at + WINDOW > data_end:
        return f"its {WEEKS} weeks are not over yet"
    if min(trial.treated, trial.control) < SMALLEST_ARM:
        return f"each arm needs {SMALLEST_ARM} customers; there are {trial.treated} and {trial.control}"
    planned = trial.control_share
    if planned is not None and 0 < planned < 1 and ratio_mismatch(trial.treated, trial.control, planned) < SUSPECT:
        return "the sizes of its arms do not fit the planned split: something other than chance chose them"
    return None


def _measured(connection: Connection, trial: experiments.Trial, first: date) -> LiftTest | str:
    """Its extra sales a week for its cost a week, or why there is nothing to measure.

    The channel's spend of these weeks without the campaign is where its curve is measured from.
    """
    from analytics.mix.series import LiftTest
    from analytics.uplift.effects import difference_in_means

    assert trial.channel is not None  # noqa: S101 - _unfit looked
    until = first + WINDOW
    cost = campaign_lifts.cost(connection, trial.campaign_id, first, until)
    if not cost or cost <= 0:
        return "its cost is not known: import its days with their cost"
    start = trial.started_at
    rows = experiments.outcomes(
        connection, trial.campaign_id, before=start - BEFORE, start=start, end=start + WINDOW, sales_only=True
    )
    if (buyers := sum(row.bought for row in rows)) < FEWEST_BUYERS:
        return f"{buyers} of all its customers bought in its {WEEKS} weeks; {FEWEST_BUYERS} are needed"
    sales, treated = [row.revenue for row in rows], [row.treated for row in rows]
    effect = difference_in_means(sales, treated, before=[row.revenue_before for row in rows])
    if effect.standard_error <= 0:
        return "its customers all spent the same, so nobody knows how sure it is"
    base = max(mix.spent(connection, trial.channel, first, until) - cost, 0.0)
    scale = trial.treated / WEEKS
    name = f"campaign “{trial.name}”"
    lift, error = effect.difference * scale, effect.standard_error * scale
    return LiftTest(trial.channel, base / WEEKS, cost / WEEKS, lift, error, name)
