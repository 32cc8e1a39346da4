"""A change taken apart, in words."""

from __future__ import annotations

from language.format import amount, bullets, count, percent, period
from tools.declaration import answers
from tools.metrics.change import (
    Contribution,
    DimensionChange,
    ExplainChange,
    ExplainChangeArguments,
    OrdersAndSize,
    explain_change,
)
from tools.metrics.definitions import CUT
from tools.metrics.shape import called, filtered, lower
from tools.outcome import Outcome

Explained = Outcome[ExplainChangeArguments, ExplainChange]
NO_CAUSE = "This is what moved together, not why: that takes an experiment with a control group."


@answers(explain_change)
def change(outcome: Explained) -> str:
    """The change, what each value adds to it, and number against size of orders."""
    result = outcome.result
    lines = [_dimension(outcome, found) for found in result.dimensions]
    if result.split is not None:
        lines.append(_split(outcome, result.split))
    notes = [outcome.said("The periods differ").strip(), outcome.said(CUT).strip(), NO_CAUSE]
    return "\n\n".join([_whole(outcome), *([bullets(lines)] if lines else []), *(note for note in notes if note)])


def _whole(outcome: Explained) -> str:
    result = outcome.result
    name = f"{result.title}{filtered(outcome.arguments.filters)}"
    now, before = _amount(outcome, result.now), _amount(outcome, result.before)
    figures = f"{now} against {before} {period(result.compare_start, result.compare_end)}"
    when = period(result.start, result.end)
    if not result.change:
        return f"{name} did not change {when}: {figures}."
    way = "grew" if result.change > 0 else "fell"
    by = percent(abs(result.growth)) if result.growth is not None else _amount(outcome, abs(result.change))
    return f"{name} {way} by **{by}** {when}: {figures}, a change of **{_signed(outcome, result.change)}**."


def _dimension(outcome: Explained, found: DimensionChange) -> str:
    told = ", ".join(_contribution(outcome, found.dimension, one) for one in found.contributions)
    if found.rest_values:
        other = "the other" if found.rest_values == 1 else f"the other {count(found.rest_values)} together"
        told += f"; {other} {_signed(outcome, found.rest)}"
    elif found.rest:
        told += f"; in none of them {_signed(outcome, found.rest)}"
    return f"By {lower(found.title)}: {told}"


def _contribution(outcome: Explained, dimension: str, one: Contribution) -> str:
    return f"{called(dimension, one.value)} **{_signed(outcome, one.change)}**"


def _split(outcome: Explained, split: OrdersAndSize) -> str:
    now, before = _amount(outcome, split.average_now), _amount(outcome, split.average_before)
    return (
        f"By orders: their number ({count(split.orders_now)} against {count(split.orders_before)}) "
        f"**{_signed(outcome, split.from_orders)}**, their average ({now} against {before}) "
        f"**{_signed(outcome, split.from_average)}**"
    )


def _amount(outcome: Explained, value: float) -> str:
    return amount(value, outcome.result.unit, outcome.currency, cents=True)


def _signed(outcome: Explained, value: float) -> str:
    return f"+{_amount(outcome, value)}" if value > 0 else _amount(outcome, value)
