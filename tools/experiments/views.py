"""Measured effects: buyers of both arms as bars, the campaigns as a table."""

from __future__ import annotations

from collections.abc import Iterator

from tools.declaration import shows
from tools.experiments.effect import ExperimentEffect, ExperimentEffectArguments, experiment_effect
from tools.outcome import Outcome
from tools.views import Chart, Series, Shown, table


@shows(experiment_effect)
def buyers(outcome: Outcome[ExperimentEffectArguments, ExperimentEffect]) -> Iterator[Shown]:
    """The share that bought, treated beside control, of each campaign that could be measured."""
    result = outcome.result
    bought = [(c.name, lift) for c in result.campaigns for lift in c.lifts if lift.outcome == "bought"]
    if bought:
        yield Chart(
            shape="bar", title=f"Share that bought within {result.window_days} days", unit="share",
            x=[name for name, _ in bought], x_title="Campaign", y_title="Bought",
            series=[
                Series(name="Treated", values=[lift.treated_mean for _, lift in bought]),
                Series(name="Control group", values=[lift.control_mean for _, lift in bought]),
            ],
        )  # fmt: skip


shows(experiment_effect)(
    table(
        "campaigns",
        title="Campaigns with a control group",
        columns=("name", "verdict", "treated", "control", "extra_buyers", "extra_revenue", "started_at"),
    )
)
