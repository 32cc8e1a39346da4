"""First choices for a group: how many customers each comes first for, and the customers."""

from __future__ import annotations

from collections.abc import Iterator

from tools.declaration import shows
from tools.interventions.interventions import (
    RecommendInterventions,
    RecommendInterventionsArguments,
    recommend_interventions,
)
from tools.outcome import Outcome
from tools.views import Chart, Series, Shown, table


@shows(recommend_interventions)
def first_choices(outcome: Outcome[RecommendInterventionsArguments, RecommendInterventions]) -> Iterator[Shown]:
    """Bars where there are several kinds, each named with what it rests on."""
    totals = outcome.result.interventions
    if len(totals) > 1:
        yield Chart(
            shape="bar", title="Customers by first choice", x=[f"{total.title} ({total.basis})" for total in totals],
            x_title="Intervention", y_title="Customers", unit="customers",
            series=[Series(name="Customers", values=[float(total.customers) for total in totals])],
        )  # fmt: skip


shows(recommend_interventions)(table("rows", title="First choice by customer", total="customers"))
