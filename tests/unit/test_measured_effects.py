"""Measured effects and interventions in words and pictures: a rule of the playbook is never called a measurement."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tools.catalogue import catalogue
from tools.experiments.effect import CampaignEffect, ExperimentEffect, ExperimentEffectArguments
from tools.experiments.measure import Lift
from tools.interventions.interventions import (
    InterventionTotal,
    RecommendInterventions,
    RecommendInterventionsArguments,
)
from tools.outcome import Outcome
from tools.results import Arguments, Evidence, ToolResult
from tools.views import Chart, shown

TOOLS = catalogue().tools
AT = datetime(2011, 12, 10, tzinfo=UTC)
EVIDENCE = Evidence(rows=3, as_of=AT)


def said(tool: str, arguments: Arguments, result: ToolResult) -> str:
    return TOOLS[tool].worded(Outcome(arguments, result))


def effect(verdict: Any, low: float, *, complete: bool = True) -> ExperimentEffect:
    lift = Lift(outcome="bought", treated_mean=0.13, control_mean=0.07, lift=0.06, low=low, high=0.1, relative=0.9,
                p_value=0.01)  # fmt: skip
    campaign = CampaignEffect(
        campaign_id="C1", name="Spring", kind=None, started_at=AT, measured_until=AT, complete=complete, treated=400,
        control=390, split_p_value=0.5, verdict=verdict, reason="Measured.", lifts=[lift], extra_buyers=24.2,
        extra_revenue=500.0,
    )  # fmt: skip
    return ExperimentEffect(campaigns=[campaign], window_days=30, currency="GBP", evidence=EVIDENCE)


def test_additional_buyers_are_told_only_of_a_lift_that_is_shown() -> None:
    asked = ExperimentEffectArguments()
    assert "24.2 additional buyers" in said("experiment_effect", asked, effect("lift shown", 0.02))
    unclear = said("experiment_effect", asked, effect("no lift shown", -0.02))
    assert "additional" not in unclear
    assert "-2.0 percentage points" in unclear


def test_treated_and_control_stand_side_by_side() -> None:
    outcome = Outcome(ExperimentEffectArguments(), effect("lift shown", 0.02))
    (chart, table) = shown(TOOLS["experiment_effect"], outcome)
    assert isinstance(chart, Chart)
    assert [series.values for series in chart.series] == [[0.13], [0.07]]
    units = {column.title: column.unit for column in table.columns if column.unit}  # type: ignore[union-attr]
    assert units == {
        "Treated": "customers", "Control": "customers", "Extra buyers": "customers", "Extra revenue": "GBP",
    }  # fmt: skip


def test_figures_of_an_open_window_end_with_the_day_before_their_exclusive_end() -> None:
    text = said("experiment_effect", ExperimentEffectArguments(), effect("lift shown", 0.02, complete=False))
    assert "the figures reach 9 December 2011 only" in text


def test_a_rule_of_the_playbook_is_never_called_a_gain() -> None:
    total = InterventionTotal(
        intervention="win_back", title="Win-back discount", basis="rule", customers=5, average_uplift=None, cost=0.05,
        gain=None, evidence="A rule of the playbook.",
    )  # fmt: skip
    result = RecommendInterventions(
        customers=5, interventions=[total], rows=[], experiments=[], currency="GBP", evidence=EVIDENCE
    )
    text = said("recommend_interventions", RecommendInterventionsArguments(), result).lower()
    assert "win-back discount comes first for 5 of 5 customers" in text
    assert not any(word in text for word in ("gain", "lift", "caused"))
