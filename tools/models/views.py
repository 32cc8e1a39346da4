"""The race between a model's candidates, and what it predicted beside what was seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from language.format import capital, spaced
from tools.declaration import shows
from tools.figures import Column
from tools.models.report import ModelInfo, ModelReport, ModelReportArguments, model_report
from tools.outcome import Outcome
from tools.views import Chart, Series, Shown, Table

HORIZON = 60
_TITLES = {
    "integrated_brier": "Brier score (integrated)",
    "calibration_error_30d": "Calibration error, 30 days",
    "calibration_error_60d": "Calibration error, 60 days",
    "calibration_error_90d": "Calibration error, 90 days",
}


@shows(model_report)
def report(outcome: Outcome[ModelReportArguments, ModelReport]) -> Iterator[Shown]:
    """The champion's calibration as bars, the candidates as a table."""
    run = outcome.result.report
    yield from _calibration(run)
    yield from _candidates(run)


def _calibration(run: ModelInfo) -> Iterator[Shown]:
    wanted = (run.champion, HORIZON)
    judged = run.backtest.get("calibration") or []
    if groups := [group for group in judged if (group["candidate"], group["horizon_days"]) == wanted]:
        yield Chart(
            shape="bar", title=f"Left within {HORIZON} days: predicted and seen", unit="share",
            x=[f"{group['customers']:,.0f} customers" for group in groups], x_title="Groups by predicted risk",
            y_title="Left, on the later window",
            series=[
                Series(name=name, values=[group[field] for group in groups])
                for name, field in (("Predicted", "predicted"), ("Seen", "observed"))
            ],
        )  # fmt: skip


def _candidates(run: ModelInfo) -> Iterator[Shown]:
    """What is known of any candidate is a column."""
    names = dict.fromkeys(name for c in run.candidates for name, value in c.items() if value is not None)
    if names:
        yield Table(
            title=f"Candidates of the {run.model} model on the later window",
            columns=[Column(name=name, title=_TITLES.get(name) or capital(spaced(name))) for name in names],
            rows=[[_cell(candidate.get(name)) for name in names] for candidate in run.candidates],
            total_rows=len(run.candidates),
        )


def _cell(value: Any) -> Any:
    return "; ".join(map(str, value)) if isinstance(value, list) else value
