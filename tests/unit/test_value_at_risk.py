"""Value at risk by group in words and pictures, and whom predictions of leaving speak of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.unit.offline_scene import CATALOGUE
from tools.churn.value_at_risk import AtRiskSegment, AtRiskSegments, AtRiskSegmentsArguments, at_risk_segments
from tools.outcome import Outcome
from tools.results import Evidence
from tools.views import Chart, Table, shown

AT = datetime(2011, 12, 10, tzinfo=UTC)
ASKED = AtRiskSegmentsArguments()


def at_risk() -> AtRiskSegments:
    rows = [
        AtRiskSegment(name=name, customers=9, high_risk=4, expected_leavers=3.5, average_probability=0.4, clv_12m=900.0,
                      value_at_risk=value, share=share, trend=trend,
                      rule={"field": "rfm_segment", "operator": "eq", "value": name})
        for name, value, share, trend in (("Champions", 300.0, 0.75, 0.1), ("Loyal", 100.0, 0.25, None))
    ]  # fmt: skip
    return AtRiskSegments(by="rfm_segment", horizon_days=90, groups=2, value_at_risk=400.0, compared_with=AT, rows=rows,
                          currency="GBP", evidence=Evidence(rows=3, as_of=AT))  # fmt: skip


def test_value_at_risk_is_bars_and_words_and_them_is_the_first_group() -> None:
    tool, outcome = CATALOGUE.get("at_risk_segments"), Outcome(ASKED, at_risk())
    chart, table = shown(tool, outcome)
    assert isinstance(chart, Chart)
    bars = (chart.shape, chart.x, chart.series[0].values, chart.unit)
    assert bars == ("bar", ["Champions", "Loyal"], [300, 100], "GBP")
    assert isinstance(table, Table)
    assert "rule" not in [column.name for column in table.columns]
    assert table.title == "Value at risk within 90 days by RFM segment"
    text = tool.worded(outcome)
    assert text.startswith("**Champions** hold the most value at risk: **£300.00**, 75.0% of £400.00 in all")
    assert "It is up 10.0% since 9 December 2011." in text, "the last day the earlier figures cover"
    assert at_risk_segments.audience is not None
    champions = {"field": "rfm_segment", "operator": "eq", "value": "Champions"}
    assert at_risk_segments.audience(ASKED, outcome.result) == champions
    assert at_risk_segments.audience(ASKED, None) is None


@pytest.mark.parametrize(
    ("tool", "arguments", "rule"),
    [
        ("churn_summary", {}, {"field": "churn_90", "operator": "ge", "value": 0.5}),
        ("churn_table", {"horizon_days": 90}, {"field": "churn_90", "operator": "ge", "value": 0.5}),
        ("churn_table", {"min_probability": 0.8}, {"field": "churn_90", "operator": "ge", "value": 0.8}),
        ("churn_table", {"risk": "high"}, {"field": "churn_risk", "operator": "eq", "value": "high"}),
        (
            "next_purchase",
            {"within_days": 30},
            {
                "all": [
                    {"field": "next_purchase_at", "operator": "between", "value": ["as_of-0d", "as_of+30d"]},
                    {"not": {"field": "churn_status", "operator": "eq", "value": "left"}},
                ]
            },
        ),
    ],
)
def test_whom_a_prediction_speaks_of_is_known_from_the_call(
    tool: str, arguments: dict[str, Any], rule: dict[str, Any]
) -> None:
    assert CATALOGUE.audience(tool, arguments) == rule
