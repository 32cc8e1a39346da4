"""What a treatment changed, told by those it was kept from at random: one statistics for campaigns and journeys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel

from tools.figures import figure, money, share

if TYPE_CHECKING:
    from analytics.uplift.effects import ArmEffect
    from database.queries.experiments import Outcome

__all__ = [
    "FEWEST_BUYERS", "SMALLEST_ARM", "SUSPECT", "SUSPECT_SPLIT", "Lift", "Verdict", "effects_of", "lift_of",
    "split_of", "suspect", "too_few", "verdict_of",
]  # fmt: skip

SMALLEST_ARM = 30
FEWEST_BUYERS = 5
SUSPECT = 0.001
SUSPECT_SPLIT = "The sizes of its arms do not fit the planned split: something other than chance chose them."

Verdict = Literal["lift shown", "loss shown", "no lift shown", "not enough data"]


class Lift(BaseModel):
    """One outcome: treated against control."""

    outcome: str = figure("Outcome", "bought or reached (share of customers, 0-1) or revenue (money per customer).")
    treated_mean: float | None = figure("Treated", "Mean of the treated, as it happened.")
    control_mean: float | None = figure("Control group", "Mean of the control group, as it happened.")
    lift: float | None = figure("Lift", "Difference in the outcome's unit.")
    low: float | None = figure("Low", "Lower end of its 95% interval.")
    high: float | None = figure("High", "Upper end of its 95% interval.")
    relative: float | None = figure("Relative", "Lift over the control's mean; null where that is 0.", unit="share")
    p_value: float | None = figure("P value", "Two-sided p value, 0-1.")


def too_few(treated: int, control: int, did: int, what: str = "bought so far") -> str | None:
    """Why arms of these sizes, of whom so many did it, are not enough to measure anything; None where they are."""
    if min(treated, control) < SMALLEST_ARM:
        return f"each arm needs {SMALLEST_ARM} customers; there are {treated} and {control}"
    return f"{did} of all its customers {what}; {FEWEST_BUYERS} are needed" if did < FEWEST_BUYERS else None


def effects_of(rows: Sequence[Outcome]) -> dict[str, ArmEffect]:
    """Effects on buying and on revenue, the latter adjusted by what was spent before."""
    from analytics.uplift.effects import difference_in_means

    treated = [row.treated for row in rows]
    before = [row.revenue_before for row in rows]
    return {
        "bought": difference_in_means([float(row.bought) for row in rows], treated),
        "revenue": difference_in_means([row.revenue for row in rows], treated, before=before),
    }


def verdict_of(effect: ArmEffect | None, why: str | None, what: str, does: str) -> tuple[Verdict, str]:
    """The verdict on an effect on a share of customers, in words: `what` (“The campaign”) caused more to do it."""
    if effect is None:
        return "not enough data", f"Not enough data: {why}."
    interval = f"{effect.difference:+.1%} of the customers (95% interval {effect.low:+.1%} to {effect.high:+.1%})"
    if effect.low > 0:
        return "lift shown", f"{what} caused more customers to {does}: {interval}."
    if effect.high < 0:
        return "loss shown", f"{what} caused fewer customers to {does}: {interval}."
    return "no lift shown", f"A lift is not shown; the difference is {interval}."


def split_of(treated: int, control: int, planned: float | None) -> float | None:
    """p value of the arms' sizes under the planned split; None where that is not known."""
    from analytics.uplift.effects import ratio_mismatch

    return ratio_mismatch(treated, control, planned) if planned is not None and 0 < planned < 1 else None


def suspect(split: float | None) -> bool:
    """Whether something other than chance chose the arms."""
    return split is not None and split < SUSPECT


def lift_of(effects: Mapping[str, ArmEffect]) -> list[Lift]:
    """Effects as they are told."""
    return [_lift(name, effect) for name, effect in effects.items()]


def _lift(name: str, effect: ArmEffect) -> Lift:
    rounded = money if name == "revenue" else share
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
