"""Churn in words: who is likely to leave, how long customers stay, where value is at risk. Predictions stay so."""

from __future__ import annotations

from datetime import timedelta

from language.format import bullets, count, day, money, percent
from tools.churn.outlook import (
    ChurnRow,
    ChurnSummary,
    ChurnSummaryArguments,
    ChurnTable,
    ChurnTableArguments,
    churn_summary,
    churn_table,
)
from tools.churn.survival import SurvivalCurves, SurvivalCurvesArguments, survival_curves
from tools.churn.value_at_risk import AtRiskSegment, AtRiskSegments, AtRiskSegmentsArguments, at_risk_segments
from tools.declaration import answers
from tools.models.wording import model_words
from tools.outcome import Outcome

SHOWN = 5
_ORDER = {"probability": "probability", "clv": "predicted value", "value_at_risk": "value at risk"}
_HAVE_LEFT = r"\b(?:have|did|do) we (?:already )?los[et]\b|\bleft us\b|\bhave (?:already )?left\b"


@answers(churn_summary)
def summary(outcome: Outcome[ChurnSummaryArguments, ChurnSummary]) -> str:
    """Expected leavers, value at risk, risk levels, what left means, how good the model is."""
    result, currency = outcome.result, outcome.currency
    days, leavers = result.horizon_days, f"{result.expected_leavers:,.0f}"
    if not result.scored:
        reason = (result.model and result.model.reason) or "no scores have been computed yet"
        return f"**There is no churn prediction**: {reason}. {result.definition}"
    end = f"{result.definition.rstrip('.')}.{model_words(outcome, result.model)}"
    if outcome.asks(_HAVE_LEFT):
        return (
            f"**{count(result.left)} customers count as having left**; {count(result.active)} are still active, of "
            f"whom {leavers} are expected to leave within {days} days.\n\n{end}"
        )
    levels = [
        f"{group.risk} risk: {count(group.customers)} customers, predicted value {money(group.clv_12m, currency)}"
        for group in result.by_risk
    ]
    return (
        f"**{leavers} of {count(result.scored)} active customers** are expected to leave within {days} days (the sum "
        f"of their probabilities), with {money(result.value_at_risk, currency)} of the next 12 months' value at risk; "
        f"{count(result.left)} have left already.\n\n{bullets(levels)}\n\n{end}"
    )


@answers(churn_table)
def table(outcome: Outcome[ChurnTableArguments, ChurnTable]) -> str:
    """Who, with the probability, the value and the drivers."""
    result, currency = outcome.result, outcome.currency
    if not result.total:
        return f"**No active customer** is at this risk for the next {result.horizon_days} days."
    lines = [_customer(row, currency) for row in result.rows[:SHOWN]]
    return (
        f"**{count(result.total)} customers**{_level(outcome.arguments)} to leave within {result.horizon_days} days; "
        f"by the sum of their probabilities {result.expected_leavers:,.0f} of them will. Together they are worth "
        f"**{money(result.clv_total, currency)}** over the next 12 months (predicted), "
        f"{money(result.value_at_risk_total, currency)} of it at risk.\n\n"
        f"The first by {_ORDER[outcome.arguments.order]}:\n\n{bullets(lines)}"
    )


def _customer(row: ChurnRow, currency: str) -> str:
    driver = f"; {row.drivers[0]}" if row.drivers else ""
    worth = money(row.clv_12m, currency)
    return f"**{row.customer}**: {percent(row.probability)} likely, predicted value {worth}{driver}"


def _level(arguments: ChurnTableArguments) -> str:
    if arguments.risk:
        return f" are at {arguments.risk} risk"
    least = arguments.min_probability
    return f" are likely (a probability of at least {100 * least:.0f} %)" if least else " have a probability"


@answers(survival_curves)
def survival(outcome: Outcome[SurvivalCurvesArguments, SurvivalCurves]) -> str:
    """What share is left at the end of each curve."""
    everybody, *groups = outcome.result.curves
    last = everybody.points[-1]
    lines = [
        f"{group.name}: {percent(group.points[-1].probability)} of {count(group.customers)} customers"
        for group in groups
    ]
    return (
        f"**Of today's active customers {percent(last.probability)} are expected to be still there after "
        f"{count(last.days)} days**, judged from {count(everybody.customers)} customers.\n\n{bullets(lines)}"
    )


@answers(at_risk_segments)
def at_risk(outcome: Outcome[AtRiskSegmentsArguments, AtRiskSegments]) -> str:
    """The groups that hold the most value at risk, and how it moved."""
    result, currency = outcome.result, outcome.currency
    first = result.rows[0]
    of_all = f", {percent(first.share)}" if first.share is not None else ""
    compared = result.compared_with
    trend = "There is no earlier figure to compare with yet."
    if compared:
        trend = f"Trends are against {day(compared - timedelta(microseconds=1))}."  # the last day it covers
    return (
        f"**{first.name}** hold the most value at risk: **{money(first.value_at_risk, currency)}**{of_all} of "
        f"{money(result.value_at_risk, currency)} in all, within {result.horizon_days} days. Value at risk is the "
        "probability to leave times the predicted value of the next 12 months, summed over active customers."
        f"\n\n{bullets([_group(row, currency) for row in result.rows[:SHOWN]])}\n\n"
        f"{trend} Next: ask what to do for {first.name}."
    )


def _group(row: AtRiskSegment, currency: str) -> str:
    trend = "" if row.trend is None else f", {100 * row.trend:+.1f} % against before"
    return (
        f"**{row.name}**: {money(row.value_at_risk, currency)} at risk{trend}; {count(row.customers)} active "
        f"customers, {count(row.high_risk)} of them at high risk, {percent(row.average_probability)} likely to leave "
        "on average"
    )
