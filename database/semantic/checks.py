"""What goes together in a question, and what is refused with the reason."""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import FixArguments
from database.semantic.columns import columns
from database.semantic.filters import COMPARISONS
from database.semantic.metrics import METRICS
from database.semantic.model import Metric
from database.semantic.question import GRAINS, Question

__all__ = ["check"]


def check(question: Question) -> None:
    """FixArguments says which part of the question cannot be, and what could."""
    _share(question)
    _per(question)
    _cumulative(question)
    _steps(question)
    _ratio(question)
    _best(question)
    _having(question)
    names = [*question.keys, *(column.name for column in columns(question))]
    if question.order_by is not None and question.order_by not in names:
        raise FixArguments(f"Cannot order by '{question.order_by}'.", field="order_by", valid=names)


def _share(question: Question) -> None:
    if unshared := [m.name for m in _metrics(question) if not m.is_count] if question.share else []:
        raise FixArguments(
            f"{unshared[0]} is a rate or an average: there is no share of it. Compare it across rows instead.",
            field="share",
            valid=[m.name for m in METRICS.values() if m.is_count],
        )
    if question.share_span is not None and (not question.share or question.grain != "none" or question.before):
        raise FixArguments(
            "whole_start and whole_end are of a share, without a grain and without a comparison.", field="whole_start"
        )
    whole_is_said = question.of_customers or question.share_span is not None
    if question.share and not question.keys and not question.filters and not whole_is_said:
        raise FixArguments("A share needs dimensions, filters or a rule: of what is it a part?", field="share")
    filtered = list(dict.fromkeys(f.dimension for f in question.filters))
    if lost := [name for name in question.share_within if name not in filtered]:
        raise FixArguments(f"No filter is on '{lost[0]}'.", field="share_within", valid=filtered)


def _per(question: Question) -> None:
    if question.per == "none":
        return
    if question.grain != "none" and GRAINS.index(question.per) >= GRAINS.index(question.grain):
        finer = list(GRAINS[1 : GRAINS.index(question.grain)])
        raise FixArguments(f"per has to be finer than the grain ({question.grain}).", field="per", valid=finer)


def _cumulative(question: Question) -> None:
    if not question.cumulative:
        return
    if question.grain == "none":
        raise FixArguments("A running total needs a grain.", field="cumulative", valid=list(GRAINS[1:]))
    if apart := [m.name for m in _metrics(question) if not (m.is_count and m.adds_over_time)]:
        raise FixArguments(
            f"{apart[0]} does not add up over time: there is no running total of it.",
            field="cumulative",
            valid=[m.name for m in METRICS.values() if m.is_count and m.adds_over_time],
        )


def _steps(question: Question) -> None:
    if question.steps and (question.grain == "none" or question.before is not None):
        raise FixArguments(
            "steps are from one time bucket to the next: they need a grain, and no period to compare with.",
            field="steps",
        )


def _ratio(question: Question) -> None:
    if question.ratio and len(question.metrics) != 2:
        raise FixArguments("ratio takes exactly two metrics, the first over the second.", field="metrics")


def _best(question: Question) -> None:
    if question.best_per is None:
        return
    if question.best_per not in question.keys:
        raise FixArguments("best_per is one of the dimensions, or time.", field="best_per", valid=question.keys)
    if len(question.keys) < 2:
        raise FixArguments("best_per needs another dimension, or a grain: the best what?", field="dimensions")


def _having(question: Question) -> None:
    names = [*(column.name for column in columns(question)), *METRICS]
    for condition in question.having:
        if condition.metric not in names:
            raise FixArguments(f"having: no figure is called '{condition.metric}'.", field="having", valid=names)
        if condition.operator not in COMPARISONS:
            raise FixArguments(f"having: no '{condition.operator}'.", field="having", valid=list(COMPARISONS))
    if question.having and not question.keys:
        raise FixArguments("having chooses among rows: it needs dimensions or a grain.", field="having")


def _metrics(question: Question) -> Sequence[Metric]:
    return [METRICS[name] for name in question.metrics]
