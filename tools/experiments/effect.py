"""What campaigns with a control group changed, measured."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from core.errors import NotFound
from core.identity import READ
from database.queries import experiments
from tools.audience.facts import Facts
from tools.context import Context
from tools.declaration import Effect, tool
from tools.experiments.questions import EFFECT
from tools.figures import figure, money, share
from tools.results import Arguments, ToolResult

if TYPE_CHECKING:
    from analytics.uplift.effects import ArmEffect

SMALLEST_ARM = 30
FEWEST_BUYERS = 5
SUSPECT = 0.001
BEFORE = timedelta(days=365)
WORDS = [
    "lift: mean of the customers drawn to be treated minus mean of the control group, whether or not the message "
    "reached them (intention to treat); intervals 95%, Welch's t.",
    "bought: share of customers with at least one order in the window. revenue: net of refunds, per customer, "
    "adjusted by the revenue of the year before (CUPED).",
]

Verdict = Literal["lift shown", "loss shown", "no lift shown", "not enough data"]


class ExperimentEffectArguments(Arguments):
    """Which campaign, which window."""

    campaign_id: str | None = Field(default=None, description="Campaign; absent: all with a control group.")
    window_days: int = Field(default=30, ge=1, le=365, description="Days from the start in which orders count.")


class Lift(BaseModel):
    """One outcome: treated against control."""

    outcome: str = figure("Outcome", "bought (share of customers, 0-1) or revenue (money per customer).")
    treated_mean: float | None = figure("Treated", "Mean of the treated, as it happened.")
    control_mean: float | None = figure("Control group", "Mean of the control group, as it happened.")
    lift: float | None = figure("Lift", "Difference in the outcome's unit.")
    low: float | None = figure("Low", "Lower end of its 95% interval.")
    high: float | None = figure("High", "Upper end of its 95% interval.")
    relative: float | None = figure("Relative", "Lift over the control's mean; null where that is 0.", unit="share")
    p_value: float | None = figure("P value", "Two-sided p value, 0-1.")


class CampaignEffect(BaseModel):
    """One campaign with a control group."""

    campaign_id: str = Field(description="Campaign id.")
    name: str = figure("Name", "Campaign name.")
    kind: str | None = figure("Kind", "Goal of the campaign.")
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
    """Measured lift of a campaign with a control group: bought and revenue with intervals, or not enough data."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        found = experiments.trials(connection, arguments.campaign_id)
        if not found and arguments.campaign_id is not None:
            raise NotFound(
                f"No campaign '{arguments.campaign_id}' with a treated and a control group is known.",
                field="campaign_id",
                valid=[trial.campaign_id for trial in experiments.trials(connection)],
            )
        window = timedelta(days=arguments.window_days)
        campaigns = [_measured(connection, trial, window, facts.data_as_of) for trial in found]
    return ExperimentEffect(
        campaigns=campaigns,
        window_days=arguments.window_days,
        currency=facts.profile.currency,
        evidence=facts.evidence(
            sum(c.treated + c.control for c in campaigns), ["assignments", "campaigns", "orders"], WORDS
        ),
    )


def _measured(
    connection: Connection, trial: experiments.Trial, window: timedelta, data_end: datetime
) -> CampaignEffect:
    end = min(trial.started_at + window, max(data_end, trial.started_at))
    start = trial.started_at
    rows = experiments.outcomes(connection, trial.campaign_id, before=start - BEFORE, start=start, end=end)
    effects, why = _effects(trial, rows, end)
    verdict, reason = _verdict(effects, why)
    split = _split(trial)
    if split is not None and split < SUSPECT:
        reason += " The sizes of its arms do not fit the planned split: something other than chance chose them."
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
        lifts=[_lift(name, effect) for name, effect in effects.items()],
        extra_buyers=money(effects["bought"].difference * trial.treated) if effects else None,
        extra_revenue=money(effects["revenue"].difference * trial.treated) if effects else None,
    )


def _split(trial: experiments.Trial) -> float | None:
    from analytics.uplift.effects import ratio_mismatch

    planned = trial.control_share
    return ratio_mismatch(trial.treated, trial.control, planned) if planned is not None and 0 < planned < 1 else None


def _effects(
    trial: experiments.Trial, rows: list[experiments.Outcome], end: datetime
) -> tuple[dict[str, ArmEffect], str | None]:
    """Effects on both outcomes, or none and why."""
    from analytics.uplift.effects import difference_in_means

    if end <= trial.started_at:
        return {}, "the data end before it started"
    if min(trial.treated, trial.control) < SMALLEST_ARM:
        return {}, f"each arm needs {SMALLEST_ARM} customers; there are {trial.treated} and {trial.control}"
    buyers = sum(row.bought for row in rows)
    if buyers < FEWEST_BUYERS:
        return {}, f"{buyers} of all its customers bought so far; {FEWEST_BUYERS} are needed"
    treated = [row.treated for row in rows]
    bought = difference_in_means([float(row.bought) for row in rows], treated)
    before = [row.revenue_before for row in rows]
    return {"bought": bought, "revenue": difference_in_means([r.revenue for r in rows], treated, before=before)}, None


def _verdict(effects: dict[str, ArmEffect], why: str | None) -> tuple[Verdict, str]:
    if not effects:
        return "not enough data", f"Not enough data: {why}."
    bought = effects["bought"]
    interval = f"{bought.difference:+.1%} of the customers (95% interval {bought.low:+.1%} to {bought.high:+.1%})"
    if bought.low > 0:
        return "lift shown", f"The campaign caused more customers to buy: {interval}."
    if bought.high < 0:
        return "loss shown", f"The campaign caused fewer customers to buy: {interval}."
    return "no lift shown", f"A lift is not shown; the difference is {interval}."


def _lift(name: str, effect: ArmEffect) -> Lift:
    rounded = share if name == "bought" else money
    return Lift(
        outcome=name,
        treated_mean=rounded(effect.treated_mean),
        control_mean=rounded(effect.control_mean),
        lift=rounded(effect.difference),
        low=rounded(effect.low),
        high=rounded(effect.high),
        relative=share(effect.relative),
        p_value=share(effect.p_value),
    )
