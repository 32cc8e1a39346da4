"""What a journey changed, as its card, its page and its answer tell it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from database.queries import coverage
from tools.context import Context
from tools.experiments.journeys import MeasuredJourney, measured_journey
from tools.experiments.measure import Lift, Verdict, lift_of
from tools.figures import figure, money, share
from tools.journeys.definition import Journey

__all__ = ["DAYS", "JourneyLift", "journey_lift", "verdict_words"]

DAYS = 30
"""As campaigns are measured."""


class JourneyLift(BaseModel):
    """Those let in against those kept out at random: who did what the journey is for within so many days."""

    days: int = figure("Within", "Days after what let them in.", unit="days")
    goal: str = figure("Counted", "What is counted: order, or the event that the journey is for.", unit="verbatim")
    let_in: int = figure("Let in", "First entries that have had these days.", unit="customers")
    let_in_reached: int = figure("Of them did it", "Who did it.", unit="customers")
    kept_out: int = figure("Kept out", "Kept out at random, and have had these days.", unit="customers")
    kept_out_reached: int = figure("Of them did it", "Who did it.", unit="customers")
    waiting: int = figure("Not yet", "Drawn, and have not had these days yet.", unit="customers")
    split_p_value: float | None = figure(
        "P value of the split", "Of the arms' sizes under the planned split; below 0.001 nothing is told."
    )
    verdict: Verdict = figure("Verdict", "Whether the interval lies above 0, below 0, or holds 0.")
    reason: str = figure("Reason", "The verdict in words.")
    lifts: list[Lift] = Field(description="reached (the goal), bought and revenue; empty: not enough data.")
    extra: float | None = figure("Extra customers", "Lift × those let in: who did it because of it.", unit="customers")
    extra_revenue: float | None = figure("Extra revenue", "Lift on revenue × those let in.", unit="money")


def journey_lift(connection: Connection, context: Context, journey_id: UUID, journey: Journey) -> JourneyLift | None:
    """What it changed; None where nobody was ever drawn, for no share is kept out."""
    until = coverage.reference_instant(connection, context.now)
    goal = journey.goal.event if journey.goal else "order"
    found = measured_journey(connection, journey_id, timedelta(days=DAYS), until, goal)
    return None if found is None else _told(found, goal)


def verdict_words(verdict: Verdict) -> str:
    """The verdict as people say it."""
    return "no evidence yet" if verdict == "not enough data" else verdict


def _told(found: MeasuredJourney, goal: str) -> JourneyLift:
    trial, effects = found.trial, found.effects
    return JourneyLift(
        days=DAYS,
        goal=goal,
        let_in=trial.let_in,
        let_in_reached=found.did[0],
        kept_out=trial.kept_out,
        kept_out_reached=found.did[1],
        waiting=trial.waiting,
        split_p_value=share(found.split),
        verdict=found.verdict,
        reason=found.reason,
        lifts=lift_of(effects),
        extra=round(effects[found.main].difference * trial.let_in, 1) if effects else None,
        extra_revenue=money(effects["revenue"].difference * trial.let_in) if effects else None,
    )
