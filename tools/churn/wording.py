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

SHOWN = 3
_FIRST = {
    "probability": "The likeliest to leave", "clv": "The most valuable of them",
    "value_at_risk": "The most is at stake with",
}  # fmt: skip
_MEANING = r"\b(?:mean|means|count as|counts as|defin\w+|what is churn|how do you|how is)\b"
_HAVE_LEFT = r"\b(?:have|did|do) we (?:already )?los[et]\b|\bleft us\b|\bhave (?:already )?left\b"


@answers(churn_summary)
def summary(outcome: Outcome[ChurnSummaryArguments, ChurnSummary]) -> str:
    """Expected leavers, value at risk, risk levels, what left means, how good the model is."""
    result, currency = outcome.result, outcome.currency
    days, leavers = result.horizon_days, f"{result.expected_leavers:,.0f}"
    if not result.scored:
        reason = (result.model and result.model.reason) or "no scores have been computed yet"
        return f"**There is no churn prediction**: {reason}. {result.definition}"
    meaning = f"\n\n{result.definition.rstrip('.')}." if outcome.asks(_MEANING) else ""
    end = f"{meaning}{model_words(outcome, result.model)}"
    if outcome.asks(_HAVE_LEFT):
        return (
            f"**{count(result.left)} customers count as having left**; {count(result.active)} are still active, of "
            f"whom about {leavers} are expected to leave within {days} days.\n\n{result.definition.rstrip('.')}.{end}"
        )
    if "churn_table" in outcome.tools:
        return (
            f"Over all {count(result.scored)} active customers about {leavers} are expected to leave within {days} "
            f"days: some of those who are less likely to go will, too.{end}"
        )
    high = next((group for group in result.by_risk if group.risk == "high"), None)
    most = (
        f" {count(high.customers)} are at high risk (over 70% within {days} days), and are worth "
        f"{money(high.clv_12m, currency)} over the next 12 months."
        if high
        else ""
    )
    return (
        f"**About {leavers} of your {count(result.scored)} active customers are expected to leave within {days} "
        f"days**, and {money(result.value_at_risk, currency)} of the next 12 months' value with them.{most} "
        f"{count(result.left)} others have left already.{end}"
    )


@answers(churn_table)
def table(outcome: Outcome[ChurnTableArguments, ChurnTable]) -> str:
    """Who, with the probability, the value and the drivers."""
    result, currency = outcome.result, outcome.currency
    if not result.total:
        return f"**No active customer** is at this risk for the next {result.horizon_days} days."
    first = "; ".join(_customer(row, currency) for row in result.rows[:SHOWN])
    return (
        f"**{count(result.total)} customers**{_level(outcome.arguments)} to leave within {result.horizon_days} days; "
        f"about {result.expected_leavers:,.0f} of them are expected to. Together they are worth "
        f"**{money(result.clv_total, currency)}** over the next 12 months, "
        f"{money(result.value_at_risk_total, currency)} of it at risk.\n\n"
        f"{_FIRST[outcome.arguments.order]}: {first}."
    )


def _customer(row: ChurnRow, currency: str) -> str:
    worth = money(row.clv_12m, currency)
    return f"**{row.name or row.customer}** ({percent(row.probability)} likely to leave, worth {worth})"


def _level(arguments: ChurnTableArguments) -> str:
    if arguments.risk:
        return f" are at {arguments.risk} risk"
    least = arguments.min_probability
    return f" are likely (a probability of at least {100 * least:.0f}%)" if least else " have a probability"


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
    first, hold = result.rows[0], "hold" if result.by == "rfm_segment" else "holds"
    of_all = f", {percent(first.share)}" if first.share is not None else ""
    following = "; ".join(_group(row, currency) for row in result.rows[1:SHOWN])
    then = f" Then {following}." if following else ""
    compared = result.compared_with
    trend = ""
    if compared and first.trend is not None:
        way = "up" if first.trend > 0 else "down"
        since = day(compared - timedelta(microseconds=1))  # the last day it covers
        trend = f" It is {way} {percent(abs(first.trend))} since {since}."
    return (
        f"**{first.name}** {hold} the most value at risk: **{money(first.value_at_risk, currency)}**{of_all} of "
        f"{money(result.value_at_risk, currency)} in all, within {result.horizon_days} days: "
        f"{count(first.customers)} active customers, {count(first.high_risk)} of them at high risk.{trend}{then}"
    )


def _group(row: AtRiskSegment, currency: str) -> str:
    return f"**{row.name}** with {money(row.value_at_risk, currency)} ({count(row.customers)} active customers)"
