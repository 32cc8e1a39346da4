"""Answers and pictures of customers alike, value at risk and measured effects, from results of the tools' shapes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from agent.display import shown
from agent.events import Chart, Table
from agent.offline.writing import _WRITERS
from agent.offline.writing.likeness import lookalike_segment, model_report, similar_customers
from agent.offline.writing.response import at_risk_segments
from agent.offline.writing.told import Told
from agent.subagents import TOOLS
from agent.suggestions import suggestions
from language.rules import previous_rule
from language.scene import PastCall, Scene
from tests.unit.test_display import finding
from tools.catalogue import catalogue
from tools.churn.outlook import ModelInfo
from tools.churn.value_at_risk import AtRiskSegment, AtRiskSegments
from tools.declaration import Effect
from tools.figures import Column
from tools.models.report import ModelReport
from tools.results import Evidence
from tools.vectors.likeness import LookalikeSegment, SimilarCustomer, SimilarCustomers

AT = datetime(2011, 12, 10, tzinfo=UTC)
EVIDENCE = Evidence(rows=3, as_of=AT)


def told(result: Any, **arguments: Any) -> Told:
    return Told("what?", arguments, result.model_dump(mode="json"))


def alike() -> LookalikeSegment:
    return LookalikeSegment(
        members=40, lookalikes=12, recognisability=0.81, approximate=False, currency="GBP", evidence=EVIDENCE,
        columns=[Column(name="customer_id", unit="text"), Column(name="similarity", unit="cosine")],
        rows=[["A1", 0.91], ["B2", 0.88]],
    )  # fmt: skip


def at_risk() -> AtRiskSegments:
    rows = [
        AtRiskSegment(name=name, customers=9, high_risk=4, expected_leavers=3.5, average_probability=0.4, clv_12m=900.0,
                      value_at_risk=value, share=share, trend=trend,
                      rule={"field": "rfm_segment", "op": "eq", "value": name})
        for name, value, share, trend in (("Champions", 300.0, 0.75, 0.1), ("Loyal", 100.0, 0.25, None))
    ]  # fmt: skip
    return AtRiskSegments(by="rfm_segment", horizon_days=90, groups=2, value_at_risk=400.0, compared_with=AT, rows=rows,
                          currency="GBP", evidence=EVIDENCE)  # fmt: skip


def test_customers_alike_come_first_with_what_they_share() -> None:
    rows = [SimilarCustomer(customer="B2", name=None, similarity=0.93, shares=["both from France"])]
    result = SimilarCustomers(
        customer="A1", compared=70, rows=rows, approximate=True, currency="GBP", evidence=EVIDENCE
    )
    text = similar_customers(told(result, customer="A1"))
    assert text.startswith("**Customer B2** behaves most like customer A1, of 70 compared.")
    assert "similarity 0.93 (both from France)" in text
    assert "approximate" in text


def test_a_group_that_behaviour_cannot_tell_is_said_to_be_one() -> None:
    assert "Behaviour clearly tells the group" in lookalike_segment(told(alike(), segment="VIP"))
    blurred = alike().model_copy(update={"recognisability": 0.52})
    assert "Behaviour hardly tells the group" in lookalike_segment(told(blurred, segment="VIP"))


def test_lookalikes_are_a_table_and_them_means_those_listed() -> None:
    result = alike().model_dump(mode="json")
    (table,) = shown([finding("lookalike_segment", result, segment="VIP")])
    assert isinstance(table, Table)
    assert (table.rows[0], table.total_rows) == (["A1", 0.91], 12)
    scene = Scene(past=[PastCall("lookalike_segment", {"segment": "VIP"}, result)])
    assert previous_rule(scene) == {"field": "customer_id", "op": "in", "value": ["A1", "B2"]}


def test_value_at_risk_is_bars_and_words_and_them_is_the_first_group() -> None:
    result = at_risk().model_dump(mode="json")
    chart, table = shown([finding("at_risk_segments", result)])
    assert isinstance(chart, Chart)
    assert (chart.shape, chart.x, chart.series[0].values, chart.unit) == (
        "bar",
        ["Champions", "Loyal"],
        [300, 100],
        "GBP",
    )
    assert isinstance(table, Table)
    assert "rule" not in [column.name for column in table.columns]
    text = at_risk_segments(told(at_risk()))
    assert text.startswith("**Champions** hold the most value at risk: **£300.00**, 75.0 % of £400.00 in all")
    assert "+10.0 % against before" in text
    scene = Scene(past=[PastCall("at_risk_segments", {}, result)])
    assert previous_rule(scene) == {"field": "rfm_segment", "op": "eq", "value": "Champions"}


def test_a_model_report_names_champion_candidates_and_use() -> None:
    info = ModelInfo(
        model="vectors", status="ok", champion="temporal transformer", reason=None, as_of=AT, rows=70,
        candidates=[{"name": "features", "auc": 0.71}, {"name": "vectors", "auc": 0.69}], parameters={},
        backtest={"customers": 70}, trained_at=AT,
    )  # fmt: skip
    report = ModelReport(report=info, verdict="The vectors did not beat the features.", used_for=[], evidence=EVIDENCE)
    text = model_report(told(report, model="vectors"))
    assert "temporal transformer" in text
    assert "features: auc 0.710" in text
    assert "did not beat" in text
    assert "not used by other scores" in text


def test_every_tool_an_agent_may_call_has_its_sub_agent_its_words_and_its_follow_ups() -> None:
    callable_by_agents = {t.name for t in catalogue().tools.values() if t.effect is not Effect.OPERATE}
    assert callable_by_agents <= {name for tools in TOOLS.values() for name in tools}
    assert callable_by_agents <= set(_WRITERS)
    for name in callable_by_agents - {"mailbox"}:
        assert suggestions([finding(name, {"rows": []})]), name
