"""How long customers stay: survival curves of everybody and of groups."""

from __future__ import annotations

from itertools import groupby

from pydantic import BaseModel, Field

from core.errors import NoSuchData
from core.identity import READ
from database.queries import scores, survival
from tools.audience.facts import Facts
from tools.churn.questions import SURVIVAL
from tools.churn.value_at_risk import Dimension
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, share
from tools.results import Arguments, ToolResult

SAMPLE = 50_000
"""Customers whose curves are averaged at most: a mean of so many is within half a percentage point."""


class SurvivalCurvesArguments(Arguments):
    """How to group."""

    by: Dimension = Field(default="rfm_segment", description="What to group customers by.")
    limit: int = Field(default=8, ge=1, le=30, description="Groups at most, the largest first.")


class CurvePoint(BaseModel):
    """The curve at one time."""

    days: float = figure("Days", "Days from the scores' instant.", unit="days")
    probability: float = figure("Still a customer", "Mean probability of still being a customer.", unit="share")


class Curve(BaseModel):
    """The mean curve of a group of active customers."""

    name: str | None = figure("Name", "Group; null: everybody.")
    customers: int = figure("Customers", "Customers the mean is over.", unit="customers")
    points: list[CurvePoint] = Field(description="Oldest first.")


class SurvivalCurves(ToolResult):
    """Everybody first, then groups by size."""

    by: str = figure("By", "What customers are grouped by.")
    curves: list[Curve] = Field(description="Mean survival curves.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="how long customers stay",
    agents=("analytics",),
    basis="prediction",
    examples=({}, {"by": "country"}),
    questions=(SURVIVAL,),
    next=("Which segments hold the most value at risk?", "How good is the churn model?"),
)
def survival_curves(context: Context, arguments: SurvivalCurvesArguments) -> SurvivalCurves:
    """Survival curves: the share of active customers expected to be still there after so many days, by group."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        facts.require(["churn_60", arguments.by])
        active = scores.churn_states(connection).get("active", 0)
        every = max(1, active // SAMPLE)
        rows = survival.mean_curves(connection, arguments.by, every=every)
    if not rows:
        raise NoSuchData("No active customer has a survival curve: the churn model has not been fitted.")
    curves = [
        Curve(
            name=name,
            customers=max(row["customers"] for row in points),
            points=[CurvePoint(days=row["days"], probability=share(row["survival"]) or 0.0) for row in points],
        )
        for name, found in groupby(rows, key=lambda row: row["name"])
        if (points := list(found))
    ]
    everybody, *groups = curves
    groups.sort(key=lambda curve: -curve.customers)
    return SurvivalCurves(
        by=arguments.by,
        curves=[everybody, *groups[: arguments.limit]],
        evidence=facts.evidence(everybody.customers, ["churn_scores", "customer_facts"], _words(every)),
    )


def _words(every: int) -> list[str]:
    said = ["A curve is the mean of its customers' predicted curves; who has left already is in none."]
    return said + ([f"Of one customer in {every}, chosen by number."] if every > 1 else [])
