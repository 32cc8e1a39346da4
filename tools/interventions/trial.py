"""The randomised trial that would replace a rule of the playbook by a measurement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel

from tools.figures import figure, share

if TYPE_CHECKING:
    import polars as pl

__all__ = ["ProposedExperiment", "proposed_experiments"]


class ProposedExperiment(BaseModel):
    """A randomised trial that would replace a rule by a measurement."""

    intervention: str = figure("Intervention", "What to try.")
    arms: list[str] = figure("Arms", "Arms of equal size, drawn at random.")
    baseline: float = figure("Baseline", "Expected share that buys anyway within the window.", unit="share")
    lift: float = figure("Lift", "Added probability to buy it is made to show: a fifth of the baseline.", unit="share")
    customers: int = figure("Customers", "Customers needed in all.", unit="customers")
    per_arm: int = figure("Per arm", "Customers needed per arm.", unit="customers")
    available: int = figure("Available", "Customers for whom it comes first.", unit="customers")
    feasible: bool = figure("Feasible", "Whether enough customers are there.")
    detectable_lift: float | None = figure(
        "Detectable lift", "Smallest lift those who are there can show; null: none.", unit="share"
    )
    days: int = figure("Days", "Days in which purchases count.", unit="days")
    words: str = figure("Words", "The proposal in a sentence.")


def proposed_experiments(first: pl.DataFrame) -> list[ProposedExperiment]:
    """A trial for each intervention that is somebody's first choice by rule, the most customers first."""
    import polars as pl

    by_rule = first.filter(pl.col("basis") == "rule").group_by("intervention")
    counted = by_rule.agg(available=pl.len(), baseline=pl.col("chance").mean())
    ordered = counted.sort(["available", "intervention"], descending=[True, False])
    return [_experiment(**row) for row in ordered.iter_rows(named=True)]


def _experiment(intervention: str, available: int, baseline: float | None) -> ProposedExperiment:
    from analytics.interventions import INTERVENTIONS, plan_experiment

    rate = baseline or 0.0
    plan = plan_experiment(rate, available, lift=max(rate, 0.005) / 5)
    title = next(entry.title for entry in INTERVENTIONS if entry.kind == intervention)
    few = f"but only {available:,} are there"
    outcome = (
        f"to show a lift of {plan.lift:.1%} on the {plan.baseline:.1%} expected to buy anyway"
        if plan.feasible
        else f"{few}: they can show a lift of {plan.detectable:.1%} of the customers at the least"
        if plan.detectable is not None
        else f"{few}: too few to show any lift"
    )
    return ProposedExperiment(
        intervention=intervention,
        arms=[title, "control (nothing)"],
        baseline=share(plan.baseline) or 0.0,
        lift=share(plan.lift) or 0.0,
        customers=plan.customers,
        per_arm=plan.per_arm,
        available=available,
        feasible=plan.feasible,
        detectable_lift=share(plan.detectable),
        days=plan.days,
        words=f"{title} to a random half, nothing to the other, {plan.days} days; {plan.customers:,} customers "
        f"are needed, {outcome} (power {plan.power:.0%}, level {plan.level:.0%}).",
    )
