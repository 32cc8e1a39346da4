"""What campaigns with a control group changed, measured."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from core.errors import NotFound
from core.identity import READ
from database.queries import experiments
from tools.audience.facts import Facts
from tools.context import Context
from tools.declaration import Effect, tool
from tools.experiments.journeys import MeasuredJourney, measured_journeys
from tools.experiments.measure import (
    SUSPECT_SPLIT,
    Lift,
    Verdict,
    effects_of,
    lift_of,
    split_of,
    suspect,
    too_few,
    verdict_of,
)
from tools.experiments.questions import EFFECT
from tools.figures import figure, money, share
from tools.results import Arguments, ToolResult

BEFORE = timedelta(days=365)
WORDS = [
    "lift: mean of the customers drawn to be treated minus mean of the control group, whether or not the message "
    "reached them (intention to treat); intervals 95%, Welch's t.",
    "bought: share of customers with at least one order in the window. revenue: net of refunds, per customer, "
    "adjusted by the revenue of the year before (CUPED).",
    "journey: those let in against those kept out at random, each from what let them in (or would have) for so many "
    "days; who has not had these days yet is left out.",
]


class ExperimentEffectArguments(Arguments):
    """Which campaign, which window."""

    campaign_id: str | None = Field(default=None, description="Campaign or journey; absent: all with a control group.")
    window_days: int = Field(default=30, ge=1, le=365, description="Days from the start in which orders count.")


class CampaignEffect(BaseModel):
    """One campaign with a control group."""

    campaign_id: str = Field(description="Campaign id.")
    name: str = figure("Name", "Campaign name.")
    kind: str | None = figure("Kind", "Goal of the campaign; journey for a journey.")
    started_at: datetime = figure("Started at", "When it started.")
    measured_until: datetime = figure("Measured until", "End of the orders counted, exclusive.")
    complete: bool = figure("Complete", "False: the window is still open, the figures are of its first days.")
    treated: int = figure("Treated", "Customers drawn to be treated.", unit="customers")
    control: int = figure("Control", "Customers kept back.", unit="customers")
    split_p_value: float | None = figure(
        "P value of the split",
        "p value of the arms' sizes under the planned split; below 0.001 it is suspect; null: unknown.",
    )
    verdict: Verdict = figure("Verdict", "On bought: whether the interval lies above 0, below 0, or holds 0.")
    reason: str = figure("Reason", "The verdict in words.")
    lifts: list[Lift] = Field(description="bought and revenue; empty: not enough data.")
    extra_buyers: float | None = figure("Extra buyers", "Lift on bought × treated customers.", unit="customers")
    extra_revenue: float | None = figure("Extra revenue", "Lift on revenue × treated customers.", unit="money")


class ExperimentEffect(ToolResult):
    """Measured lift of campaigns."""

    campaigns: list[CampaignEffect] = Field(description="Campaigns with a control group, the latest first.")
    window_days: int = figure("Window", "Days from the start in which orders count.", unit="days")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="what campaigns really changed",
    agents=("analytics", "optimiser", "reporting"),
    examples=({}, {"campaign_id": "CMP-WINBACK"}),
    questions=(EFFECT,),
    next=("What should I do for the high risk customers?", "How is the campaign doing?"),
)
def experiment_effect(context: Context, arguments: ExperimentEffectArguments) -> ExperimentEffect:
    """Measured lift of campaigns and journeys that kept a control group: bought and revenue with intervals, or not
    enough data.
    """
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        window = timedelta(days=arguments.window_days)
        found = experiments.trials(connection, arguments.campaign_id)
        journeys = measured_journeys(connection, window, facts.data_as_of, arguments.campaign_id)
        if not found and not journeys and arguments.campaign_id is not None:
            raise NotFound(
                f"No campaign '{arguments.campaign_id}' with a treated and a control group is known.",
                field="campaign_id",
                valid=[trial.campaign_id for trial in experiments.trials(connection)],
            )
        campaigns = [_measured(connection, trial, window, facts.data_as_of) for trial in found]
        campaigns += [_journey(one, window, facts.data_as_of) for one in journeys]
        campaigns.sort(key=lambda one: one.started_at, reverse=True)
    return ExperimentEffect(
        campaigns=campaigns,
        window_days=arguments.window_days,
        currency=facts.profile.currency,
        evidence=facts.evidence(
            sum(c.treated + c.control for c in campaigns),
            ["assignments", "campaigns", "journey_people", "orders"],
            WORDS,
        ),
    )


def _measured(
    connection: Connection, trial: experiments.Trial, window: timedelta, data_end: datetime
) -> CampaignEffect:
    end = min(trial.started_at + window, max(data_end, trial.started_at))
    start = trial.started_at
    rows = experiments.outcomes(connection, trial.campaign_id, before=start - BEFORE, start=start, end=end)
    why = _too_little(trial, rows, end)
    effects = {} if why else effects_of(rows)
    verdict, reason = verdict_of(effects.get("bought"), why, "The campaign", "buy")
    split = split_of(trial.treated, trial.control, trial.control_share)
    if suspect(split):
        reason += f" {SUSPECT_SPLIT}"
    return CampaignEffect(
        campaign_id=trial.campaign_id,
        name=trial.name,
        kind=trial.kind,
        started_at=start,
        measured_until=end,
        complete=start + window <= data_end,
        treated=trial.treated,
        control=trial.control,
        split_p_value=share(split),
        verdict=verdict,
        reason=reason,
        lifts=lift_of(effects),
        extra_buyers=money(effects["bought"].difference * trial.treated) if effects else None,
        extra_revenue=money(effects["revenue"].difference * trial.treated) if effects else None,
    )


def _journey(one: MeasuredJourney, window: timedelta, data_end: datetime) -> CampaignEffect:
    """A journey beside campaigns: its window is everybody's own, from what let them in or would have."""
    trial, effects = one.trial, one.effects
    waiting = f" For {trial.waiting:,} more the {window.days} days are not over." if trial.waiting else ""
    return CampaignEffect(
        campaign_id=str(trial.journey_id),
        name=trial.name,
        kind="journey",
        started_at=trial.started_at,
        measured_until=data_end,
        complete=True,  # only of those whose days are over
        treated=trial.let_in,
        control=trial.kept_out,
        split_p_value=share(one.split),
        verdict=one.verdict,
        reason=one.reason + waiting,
        lifts=lift_of(effects),
        extra_buyers=money(effects["bought"].difference * trial.let_in) if effects else None,
        extra_revenue=money(effects["revenue"].difference * trial.let_in) if effects else None,
    )


def _too_little(trial: experiments.Trial, rows: list[experiments.Outcome], end: datetime) -> str | None:
    """Why nothing can be measured yet."""
    if end <= trial.started_at:
        return "the data end before it started"
    return too_few(trial.treated, trial.control, sum(row.bought for row in rows))
