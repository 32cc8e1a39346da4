"""What campaigns changed, in words. Words of cause stand only where a randomised comparison backs them."""

from __future__ import annotations

from datetime import datetime

from language.format import bullets, count, day, money, percent, points
from tools.declaration import answers
from tools.experiments.effect import CampaignEffect, ExperimentEffect, ExperimentEffectArguments, experiment_effect
from tools.experiments.measure import Lift
from tools.experiments.response import (
    RefreshRecommendations,
    RefreshRecommendationsArguments,
    refresh_recommendations,
)
from tools.outcome import Outcome

SHOWN = 5


@answers(experiment_effect)
def effect(outcome: Outcome[ExperimentEffectArguments, ExperimentEffect]) -> str:
    """What each campaign with a control group changed, or that too little is known."""
    result = outcome.result
    if not result.campaigns:
        return (
            "**No campaign or journey with a control group is known**, so no effect can be measured. A campaign "
            "proposed here keeps a random part of its audience back unless you say otherwise."
        )
    meaning = (
        f"Counted are orders within {result.window_days} days of the start; lift is the difference between customers "
        "drawn to be treated and the control group, with a 95% interval."
    )
    return "\n\n".join([*(_campaign(c, outcome.currency) for c in result.campaigns[:SHOWN]), meaning])


@answers(refresh_recommendations)
def refresh(_outcome: Outcome[RefreshRecommendationsArguments, RefreshRecommendations]) -> str:
    """The job that was started."""
    return (
        "**Learning anew who responds to what and which products come next.** It runs in the background; ask “how far "
        "is the job?”."
    )


def _campaign(campaign: CampaignEffect, currency: str) -> str:
    until = day(campaign.measured_until - datetime.resolution)  # the end is exclusive
    still_open = "" if campaign.complete else f" The window is still open: the figures reach {until} only."
    arms = f"{count(campaign.treated)} treated, {count(campaign.control)} kept back"
    head = f"**“{campaign.name}”: {campaign.verdict}.** {campaign.reason} ({arms}, from {day(campaign.started_at)}.)"
    said = f"{head}{_gained(campaign, currency)}{still_open}"
    return "\n\n".join([said, bullets([_lift(lift, currency) for lift in campaign.lifts])]).rstrip()


def _gained(campaign: CampaignEffect, currency: str) -> str:
    """Additional buyers and revenue, of a lift that is shown."""
    if campaign.verdict != "lift shown" or campaign.extra_buyers is None:
        return ""
    buyers = f" That makes {count(campaign.extra_buyers)} additional buyers."
    if not any(lift.outcome == "revenue" and lift.low is not None and lift.low > 0 for lift in campaign.lifts):
        return buyers
    return f"{buyers} The lift in revenue is {money(campaign.extra_revenue, currency)} in all."


def _lift(lift: Lift, currency: str) -> str:
    if lift.outcome == "bought":
        name, means = "bought", [percent(mean) for mean in (lift.treated_mean, lift.control_mean)]
        change, low, high = (points(share) for share in (lift.lift, lift.low, lift.high))
    else:
        name, means = "revenue per customer", [money(m, currency) for m in (lift.treated_mean, lift.control_mean)]
        change, low, high = (money(amount, currency) for amount in (lift.lift, lift.low, lift.high))
    return f"{name}: {means[0]} treated, {means[1]} control; difference {change} ({low} to {high})"
