"""A model's report in words and pictures."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.unit.offline_scene import CATALOGUE
from tools.models.report import ModelInfo, ModelReport, ModelReportArguments
from tools.outcome import Outcome
from tools.results import Evidence
from tools.views import Chart, Table, shown

AT = datetime(2011, 12, 10, tzinfo=UTC)


def report(**known: Any) -> Outcome[ModelReportArguments, ModelReport]:
    info = ModelInfo.model_validate(
        {"model": "vectors", "status": "ok", "champion": "temporal transformer", "reason": None, "as_of": AT,
         "rows": 70, "candidates": [{"name": "features", "auc": 0.71}, {"name": "vectors", "auc": 0.69}],
         "parameters": {}, "backtest": {"customers": 70}, "trained_at": AT} | known
    )  # fmt: skip
    result = ModelReport(
        report=info,
        verdict="The vectors did not beat the features.",
        used_for=[],
        evidence=Evidence(rows=3, as_of=AT),
    )
    return Outcome(ModelReportArguments(model="vectors"), result)


def test_a_model_report_names_champion_candidates_and_use() -> None:
    text = CATALOGUE.get("model_report").worded(report())
    assert "temporal transformer" in text
    assert "features: auc 0.710" in text
    assert "did not beat" in text
    assert "not used by other scores" in text


def test_predictions_stand_beside_what_was_seen_and_candidates_below_each_other() -> None:
    judged = [
        {"candidate": name, "horizon_days": days, "customers": 40, "predicted": 0.2, "observed": 0.3}
        for name in ("cox", "mean")
        for days in (30, 60)
    ]
    candidates = [{"candidate": "cox", "integrated_brier": 0.1, "slope": None}, {"candidate": "mean", "auc": 0.5}]
    outcome = report(model="churn", champion="cox", candidates=candidates, backtest={"calibration": judged})
    chart, table = shown(CATALOGUE.get("model_report"), outcome)
    assert isinstance(chart, Chart)
    assert chart.title == "Left within 60 days: predicted and seen"
    assert [(s.name, s.values) for s in chart.series] == [("Predicted", [0.2]), ("Seen", [0.3])]
    assert isinstance(table, Table)
    assert [column.title for column in table.columns] == ["Candidate", "Brier score (integrated)", "Auc"]
    assert table.rows == [["cox", 0.1, None], ["mean", None, 0.5]]
