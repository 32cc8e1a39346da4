"""Models in words: which one won, and how good it was on a later window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from language.format import bullets, count, day, spaced
from tools.declaration import answers
from tools.models.report import ModelInfo, ModelReport, ModelReportArguments, model_report
from tools.outcome import Outcome

FIGURES = 4  # of a candidate or a back-test, in words
SMALL = 10.0  # correlations and errors; larger figures are counts and sums
_NAMES = {
    "value": "lifetime value",
    "vectors": "behavioural vectors",
    "value_posterior": "customer value",
    "mix": "the marketing mix",
}
_ROWS = {"mix": "weeks"}
_QUALITY = {
    "concordance": "concordance",
    "integrated_brier": "integrated Brier score",
    "calibration_error_60d": "calibration error",
}
_TESTED = {
    "correlation": "correlation of predicted and actual orders",
    "orders_error": "relative error of orders",
    "value_correlation": "correlation of predicted and actual value",
    "value_error": "relative error of value",
}


@answers(model_report)
def report(outcome: Outcome[ModelReportArguments, ModelReport]) -> str:
    """Champion, candidates, figures on a later window, and what it is used for."""
    run, result = outcome.result.report, outcome.result
    head = (
        f"**The model of {_NAMES.get(run.model, run.model)}: {spaced(run.champion or run.status)}**, fitted on "
        f"{count(run.rows)} {_ROWS.get(run.model, 'customers')}, {day(run.trained_at)}."
    )
    lines = [line for line in map(_candidate, run.candidates) if line]
    if tested := _numbers(run.backtest):
        lines.append(f"on a later window: {tested}")
    verdict = f" {result.verdict.rstrip('.')}." if result.verdict else ""
    used = ", ".join(result.used_for)
    uses = f"It is used for: {used}." if used else "Its results are not used by other scores."
    return "\n\n".join(part for part in (f"{head}{verdict}", bullets(lines), uses) if part)


def _candidate(candidate: Mapping[str, Any]) -> str:
    name = next((str(candidate[key]) for key in ("candidate", "name", "model") if candidate.get(key)), "")
    figures = _numbers(candidate)
    return f"{spaced(name)}: {figures}" if name and figures else ""


def _numbers(figures: Mapping[str, Any]) -> str:
    small = {name: value for name, value in figures.items() if isinstance(value, float) and abs(value) < SMALL}
    return ", ".join(_said(small, {name: spaced(name) for name in small})[:FIGURES])


def model_words(outcome: Outcome[Any, Any], model: ModelInfo | None) -> str:
    """The model behind scores, after an answer with them; with its back-test where the question asks how good it is."""
    if model is None:
        return ""
    if not outcome.asks(r"model|accura|good|trust|reliab|quality|calibrat|why"):
        return ""  # which one it is stands in the notes
    tested = bullets(
        [line for line in (*_qualities(model.candidates), ", ".join(_said(model.backtest, _TESTED))) if line]
    )
    reason = f" {model.reason.rstrip('.')}." if model.reason else ""
    head = f"**Model: {spaced(model.champion or 'none')}**, fitted on {count(model.rows)} customers.{reason}"
    return f"\n\n{head} Judged on a later time window:\n\n{tested}" if tested else f"\n\n{head}"


def _qualities(candidates: Iterable[Any]) -> list[str]:
    named = [c for c in candidates if isinstance(c, dict) and c.get("candidate")]
    said = [(spaced(str(c["candidate"])), ", ".join(_said(c, _QUALITY))) for c in named]
    return [f"{name}: {figures}" for name, figures in said if figures]


def _said(figures: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
    return [f"{said} {figures[name]:.3f}" for name, said in words.items() if isinstance(figures.get(name), float)]
