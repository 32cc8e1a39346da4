"""Measured lift of campaigns with a control group, to stand beside what they are credited with."""

from __future__ import annotations

from pydantic import BaseModel

from database.queries import experiments
from tools.context import Context
from tools.experiments.effect import ExperimentEffectArguments, experiment_effect
from tools.figures import figure

__all__ = ["MeasuredLift", "measured_lifts"]


class MeasuredLift(BaseModel):
    """What one campaign caused, by its control group."""

    campaign: str = figure("Campaign", "Its name.")
    channel: str | None = figure("Channel", "Its channel.")
    verdict: str = figure("Verdict", "Whether a lift was shown.")
    extra_buyers: float | None = figure("Caused buyers", "Lift on bought × customers treated.", unit="customers")
    low: float | None = figure("Low", "Lower end of the 95% interval.", unit="customers")
    high: float | None = figure("High", "Upper end of the 95% interval.", unit="customers")


def measured_lifts(context: Context) -> list[MeasuredLift]:
    """Campaigns whose lift could be measured, the latest first; none where no campaign had a control group."""
    with context.transaction() as connection:
        channels = {trial.campaign_id: trial.channel for trial in experiments.trials(connection)}
    found = experiment_effect.run(context, ExperimentEffectArguments()).campaigns
    lifts = []
    for one in found:
        bought = next((lift for lift in one.lifts if lift.outcome == "bought"), None)
        if bought is None:
            continue
        low, high = (None if end is None else round(end * one.treated, 1) for end in (bought.low, bought.high))
        lifts.append(
            MeasuredLift(
                campaign=one.name, channel=channels.get(one.campaign_id), verdict=one.verdict,
                extra_buyers=one.extra_buyers, low=low, high=high,
            )
        )  # fmt: skip
    return lifts
