"""Words for customers alike, for how good a model is, and for what is being learnt anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agent.offline.rules import rule_words
from agent.offline.writing.told import Told, bullets, day, many, title

__all__ = [
    "lookalike_segment",
    "model_report",
    "refresh_recommendations",
    "similar_customers",
    "train_vectors",
    "value_posterior",
]

_SHOWN = 5
_FIGURES = 4  # of a candidate or a back-test, in words
_SMALL = 10.0  # correlations and errors; larger figures are counts and sums
_SIMILARITY = "Similarity is the cosine of two customers' behaviour as a learnt vector: 1 is the same, 0 unrelated."


def similar_customers(told: Told) -> str:
    """The nearest customers and what they share."""
    result = told.result
    if not result["rows"]:
        return f"**Nobody else has a behavioural vector** to be compared with customer {result['customer']}."
    lines = [
        f"**{r['customer']}**: similarity {r['similarity']:.2f}{_shares(r['shares'])}" for r in result["rows"][:_SHOWN]
    ]
    return (
        f"**Customer {result['rows'][0]['customer']}** behaves most like customer {result['customer']}, of "
        f"{many(result['compared'])} compared.\n\n{bullets(lines)}\n\n{_SIMILARITY}{_index(result)}"
    )


def _shares(words: Sequence[str]) -> str:
    return f" ({'; '.join(words[:3])})" if words else ""


def _index(result: Mapping[str, Any]) -> str:
    return " Found by an approximate index." if result["approximate"] else ""


def lookalike_segment(told: Told) -> str:
    """How many behave like the group, who first, and whether the group can be told by behaviour at all."""
    result, arguments = told.result, told.arguments
    group = arguments.get("segment") or rule_words(arguments.get("rule"))
    lines = [f"**{row[0]}**: similarity {row[1]:.2f}" for row in result["rows"][:_SHOWN] if row[1] is not None]
    return (
        f"**{many(result['lookalikes'])} customers outside of “{group}” behave like its members**: they are at least "
        f"as near to the mean of its {many(result['members'])} members as the median member.\n\n{bullets(lines)}\n\n"
        f"{_SIMILARITY}{_index(result)} {_recognised(result['recognisability'])}"
    )


def _recognised(value: float | None) -> str:
    if value is None:
        return "The group is too small to say whether behaviour tells it from the rest."
    word = "clearly" if value >= 0.75 else "somewhat" if value >= 0.6 else "hardly"
    return f"Behaviour {word} tells the group from the rest (recognisability {value:.2f}; 0.5 would be chance)."


def model_report(told: Told) -> str:
    """Champion, candidates, figures on a later window, and what it is used for."""
    report = told.result["report"]
    name = {"value": "lifetime value", "vectors": "behavioural vectors", "value_posterior": "customer value"}.get(
        report["model"], report["model"]
    )
    head = (
        f"**The model of {name}: {title(report['champion'] or report['status'])}**, fitted on {many(report['rows'])} "
        f"customers, {day(report['trained_at'])}."
    )
    lines = [line for line in map(_candidate, report["candidates"]) if line]
    tested = _numbers(report["backtest"])
    if tested:
        lines.append(f"on a later window: {tested}")
    verdict = f" {str(told.result['verdict']).rstrip('.')}." if told.result["verdict"] else ""
    used = told.result["used_for"]
    uses = f"It is used for: {', '.join(used)}." if used else "Its results are not used by other scores."
    return "\n\n".join(part for part in (f"{head}{verdict}", bullets(lines), uses) if part)


def _candidate(candidate: Mapping[str, Any]) -> str:
    name = next((str(candidate[key]) for key in ("candidate", "name", "model") if candidate.get(key)), "")
    figures = _numbers(candidate)
    return f"{title(name)}: {figures}" if name and figures else ""


def _numbers(figures: Mapping[str, Any]) -> str:
    told = [
        f"{title(key)} {value:.3f}"
        for key, value in figures.items()
        if isinstance(value, float) and abs(value) < _SMALL
    ]
    return ", ".join(told[:_FIGURES])


def train_vectors(told: Told) -> str:
    """The job that was started."""
    return "**Learning behavioural vectors anew.** It runs in the background for minutes; ask “how far is the job?”."


def value_posterior(told: Told) -> str:
    """The job that was started."""
    return (
        f"**Fitting the full posterior of customer value** on up to {many(told.arguments.get('customers', 4_000))} "
        "customers drawn at random. It runs in the background for minutes; ask “how far is the job?”, then “show me "
        "the posterior of customer value”. Lifetime values themselves stay those of the fast fit."
    )


def refresh_recommendations(told: Told) -> str:
    """The job that was started."""
    return (
        "**Learning anew who responds to what and which products come next.** It runs in the background; ask “how far "
        "is the job?”."
    )
